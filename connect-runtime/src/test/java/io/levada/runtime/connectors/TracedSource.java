/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Writes one record after the other, and remembers for whom the threads that call it say they work. */
public final class TracedSource extends SourceConnector {
    /** What {@code connector.context} was, by the call. */
    public static final Map<String, Set<String>> CONTEXTS = new ConcurrentHashMap<>();

    private Map<String, String> config = Map.of();

    private static void trace(String call) {
        CONTEXTS.computeIfAbsent(call, first -> ConcurrentHashMap.newKeySet())
                .add(String.valueOf(MDC.get("connector.context")));
    }

    @Override
    public void start(Map<String, String> props) {
        trace("connector.start");
        config = props;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return TracedTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        trace("connector.taskConfigs");
        return List.of(config);
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        trace("connector.validate");
        return super.validate(connectorConfigs);
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        trace("connector.alterOffsets");
        return true;
    }

    @Override
    public void stop() {
        trace("connector.stop");
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public String version() {
        return "1.0.0";
    }

    /** Its task. */
    public static final class TracedTask extends SourceTask {
        private String topic = "";
        private long next;

        @Override
        public void start(Map<String, String> props) {
            trace("task.start");
            topic = props.getOrDefault("topic", "");
        }

        @Override
        public @Nullable List<SourceRecord> poll() {
            trace("task.poll");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            next++;
            return List.of(new SourceRecord(
                    Map.of("p", "1"), Map.of("n", next), topic, null, null, null, Schema.INT64_SCHEMA, next));
        }

        @Override
        public void commit() {
            trace("task.commit");
        }

        @Override
        public void commitRecord(SourceRecord record, RecordMetadata metadata) {
            trace("task.commitRecord");
        }

        @Override
        public void stop() {
            trace("task.stop");
        }

        @Override
        public String version() {
            return "1.0.0";
        }
    }
}
