/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Counts up by one at each poll, and goes on after the stored offset. */
public final class CountingSource extends SourceConnector {
    private Map<String, String> config = Map.of();

    @Override
    public void start(Map<String, String> config) {
        this.config = config;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return Counter.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        return List.of(config);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("topic", ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, ConfigDef.Importance.HIGH, "");
    }

    @Override
    public String version() {
        return "1";
    }

    /** The task. */
    public static final class Counter extends SourceTask {
        private String topic = "";
        private long next;

        @Override
        public void start(Map<String, String> config) {
            topic = config.getOrDefault("topic", "");
            Map<String, Object> offset = context.offsetStorageReader().offset(Map.of("counter", "a"));
            next = offset == null ? 0 : (long) offset.getOrDefault("last", -1L) + 1;
        }

        @Override
        public List<SourceRecord> poll() {
            Map<String, Integer> offset = Map.of("last", (int) next);
            return List.of(new SourceRecord(Map.of("counter", "a"), offset, topic, Schema.INT64_SCHEMA, next++));
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
    }
}
