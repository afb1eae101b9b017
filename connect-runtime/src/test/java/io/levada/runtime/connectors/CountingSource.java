/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Counts from zero to {@code count}, one record per number, and goes on where it was. */
public final class CountingSource extends SourceConnector {
    /** How often each connector's tasks have been started. */
    public static final Map<String, AtomicInteger> STARTS = new ConcurrentHashMap<>();

    /** Connectors whose poll throws while they are in here. */
    public static final Map<String, String> BROKEN = new ConcurrentHashMap<>();

    /** Connectors whose start throws while they are in here. */
    public static final Set<String> BROKEN_STARTS = ConcurrentHashMap.newKeySet();

    private Map<String, String> config = Map.of();

    /** How often tasks of a connector have been started. */
    public static int starts(String connector) {
        return STARTS.getOrDefault(connector, new AtomicInteger()).get();
    }

    @Override
    public void start(Map<String, String> props) {
        config = props;
        if (props.containsKey("fail.start") || BROKEN_STARTS.contains(props.getOrDefault("name", ""))) {
            throw new ConnectException("told to fail at start: " + props.get("fail.start"));
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return CountingTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> tasks = new ArrayList<>();
        for (int task = 0; task < maxTasks; task++) {
            Map<String, String> one = new HashMap<>(config);
            one.put("number", String.valueOf(task));
            tasks.add(one);
        }
        return tasks;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("topic", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "Where to write.")
                .define("count", ConfigDef.Type.INT, ConfigDef.Importance.HIGH, "How many records.")
                .define("secret", ConfigDef.Type.PASSWORD, "", ConfigDef.Importance.LOW, "Kept in a provider.")
                .define("fail.start", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Fails.")
                .define("hang.stop", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Hangs.");
    }

    @Override
    public boolean alterOffsets(Map<String, String> props, Map<Map<String, ?>, Map<String, ?>> offsets) {
        return true;
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    /** Writes its number as key, what it counts as value. */
    public static final class CountingTask extends SourceTask {
        /** Secrets that tasks have seen, by connector. */
        public static final Map<String, String> SECRETS = new ConcurrentHashMap<>();

        private Map<String, String> config = Map.of();
        private Map<String, Object> partition = Map.of();
        private final CountDownLatch stopping = new CountDownLatch(1);
        private long next;

        @Override
        public void start(Map<String, String> props) {
            config = props;
            STARTS.computeIfAbsent(name(), first -> new AtomicInteger()).incrementAndGet();
            SECRETS.put(name(), props.getOrDefault("secret", ""));
            partition = Map.of("task", Integer.parseInt(config.getOrDefault("number", "0")));
            Map<String, Object> stored = context.offsetStorageReader().offset(partition);
            next = stored == null ? 0 : Long.parseLong(String.valueOf(stored.get("n"))) + 1;
        }

        private String name() {
            return config.getOrDefault("name", "");
        }

        @Override
        public @Nullable List<SourceRecord> poll() throws InterruptedException {
            String broken = BROKEN.get(name());
            if (broken != null) {
                throw new ConnectException(broken);
            }
            long end = Long.parseLong(config.getOrDefault("count", "0"));
            if (next >= end) {
                boolean unused = stopping.await(20, TimeUnit.MILLISECONDS);
                return null;
            }
            List<SourceRecord> records = new ArrayList<>();
            for (; next < end && records.size() < 50; next++) {
                records.add(new SourceRecord(
                        partition,
                        Map.of("n", next),
                        config.get("topic"),
                        null,
                        Schema.STRING_SCHEMA,
                        config.get("number"),
                        Schema.STRING_SCHEMA,
                        String.valueOf(next)));
            }
            return records;
        }

        @Override
        public void stop() {
            if (config.containsKey("hang.stop")) {
                LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(60));
            }
            stopping.countDown();
        }

        @Override
        public String version() {
            return "1.2.3";
        }
    }
}
