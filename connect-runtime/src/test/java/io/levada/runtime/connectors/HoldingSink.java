/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * Buffers what it is given, writes it in preCommit and drops what is left in stop. In one of its methods it can be held, deaf
 * to interrupts: the first life of a connector's task waits there for its test.
 */
public final class HoldingSink extends SinkConnector {
    /** By connector. */
    public static final Map<String, Held> HELD = new ConcurrentHashMap<>();

    private Map<String, String> config = Map.of();

    /** What one connector's tasks did, and where the first one is held. */
    public static final class Held {
        public final CountDownLatch entered = new CountDownLatch(1);
        public final CountDownLatch released = new CountDownLatch(1);
        /** Calls in their order, with the thread if it is not the task's; put and preCommit only if there were records. */
        public final Queue<String> calls = new ConcurrentLinkedQueue<>();

        public final Queue<String> written = new ConcurrentLinkedQueue<>();
        private final String method;

        private Held(String method) {
            this.method = method;
        }

        private void in(String called) {
            if (called.equals(method) && released.getCount() > 0) {
                entered.countDown();
                boolean interrupted = false;
                while (released.getCount() > 0) {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** The first task of a connector will be held in a method. */
    public static Held holding(String connector, String method) {
        Held held = new Held(method);
        HELD.put(connector, held);
        return held;
    }

    @Override
    public void start(Map<String, String> props) {
        config = props;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HoldingTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(new HashMap<>(config));
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public String version() {
        return "1";
    }

    /** Its task. */
    public static final class HoldingTask extends SinkTask {
        private final List<String> buffer = new ArrayList<>();
        private Held held = new Held("");
        private Thread own = Thread.currentThread();

        @Override
        public void start(Map<String, String> props) {
            held = HELD.getOrDefault(props.getOrDefault("name", ""), held);
            own = Thread.currentThread();
            called("start");
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            records.forEach(record -> buffer.add(String.valueOf(record.value())));
            if (!records.isEmpty()) {
                called("put");
            }
        }

        @Override
        public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (!buffer.isEmpty()) {
                called("preCommit");
            }
            held.written.addAll(buffer);
            buffer.clear();
            return offsets;
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            called("close");
        }

        @Override
        public void stop() {
            called("stop");
            buffer.clear();
        }

        private void called(String method) {
            Thread caller = Thread.currentThread();
            held.calls.add(caller.equals(own) ? method : method + " on " + caller.getName());
            held.in(method);
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
