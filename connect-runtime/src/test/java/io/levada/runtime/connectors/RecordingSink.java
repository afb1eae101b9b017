/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** Keeps the records it is given. */
public final class RecordingSink extends SinkConnector {
    /** By connector, in the order of put. */
    private static final Map<String, Queue<SinkRecord>> RECORDS = new ConcurrentHashMap<>();

    /** How many more times put of a connector is to refuse with a retriable exception. */
    public static final Map<String, AtomicInteger> REFUSALS = new ConcurrentHashMap<>();

    /** Connectors whose put throws while they are in here. */
    public static final Set<String> BROKEN = ConcurrentHashMap.newKeySet();

    private Map<String, String> config = Map.of();

    /** What a connector was given so far. */
    public static List<SinkRecord> records(String connector) {
        return List.copyOf(RECORDS.getOrDefault(connector, new ConcurrentLinkedQueue<>()));
    }

    /** The values of that. */
    public static List<String> values(String connector) {
        return records(connector).stream()
                .map(record -> String.valueOf(record.value()))
                .toList();
    }

    @Override
    public void start(Map<String, String> props) {
        config = props;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return RecordingTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> tasks = new ArrayList<>();
        for (int task = 0; task < maxTasks; task++) {
            tasks.add(new HashMap<>(config));
        }
        return tasks;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("bad.value", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "put fails on it.")
                .define(
                        "breaks",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        ConfigDef.Importance.LOW,
                        "start and stop of tasks fail.")
                .define("report.value", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "put gives it back.");
    }

    @Override
    public String version() {
        return "4.5.6";
    }

    /** Its task. */
    public static final class RecordingTask extends SinkTask {
        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = props;
            if (breaks()) {
                throw new ConnectException("broken on purpose");
            }
        }

        private boolean breaks() {
            return Boolean.parseBoolean(config.get("breaks"));
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            String name = config.getOrDefault("name", "");
            AtomicInteger refusals = REFUSALS.get(name);
            if (!records.isEmpty() && refusals != null && refusals.getAndDecrement() > 0) {
                throw new RetriableException("not now");
            }
            if (!records.isEmpty() && BROKEN.contains(name)) {
                throw new ConnectException("no bucket");
            }
            for (SinkRecord record : records) {
                String value = String.valueOf(record.value());
                if (value.equals(config.get("bad.value"))) {
                    throw new DataException("bad value");
                }
                if (value.equals(config.get("report.value"))) {
                    report(record);
                } else {
                    RECORDS.computeIfAbsent(name, first -> new ConcurrentLinkedQueue<>())
                            .add(record);
                }
            }
        }

        private void report(SinkRecord record) {
            ErrantRecordReporter reporter = context.errantRecordReporter();
            if (reporter == null) {
                throw new DataException("nobody to report to");
            }
            var unused = reporter.report(record, new DataException("given back"));
        }

        @Override
        public void stop() {
            if (breaks()) {
                throw new Error("broken on purpose, too");
            }
        }

        @Override
        public String version() {
            return "4.5.6";
        }
    }
}
