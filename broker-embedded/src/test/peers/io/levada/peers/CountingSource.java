/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Task n counts from its stored offset, without end, into partition n of a topic. */
public final class CountingSource extends SourceConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void start(Map<String, String> given) {
        properties = given;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("topic", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "where the numbers go");
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> config) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return Counter.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        List<Map<String, String>> configs = new ArrayList<>();
        for (int task = 0; task < tasksMax; task++) {
            Map<String, String> config = new HashMap<>(properties);
            config.put("partition", Integer.toString(task));
            configs.add(config);
        }
        return configs;
    }

    /** One task. */
    public static final class Counter extends SourceTask {
        private static final int A_POLL = 5;
        private String topic = "";
        private int partition;
        private long next;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            topic = config.get("topic");
            partition = Integer.parseInt(config.get("partition"));
            Map<String, Object> stored = context.offsetStorageReader().offset(source());
            next = stored == null ? 0 : (Long) stored.get("next");
        }

        @Override
        public List<SourceRecord> poll() throws InterruptedException {
            Thread.sleep(5);
            List<SourceRecord> records = new ArrayList<>();
            for (int i = 0; i < A_POLL; i++) {
                String number = Long.toString(next++);
                records.add(new SourceRecord(
                        source(), Map.of("next", next), topic, partition, null, null, Schema.STRING_SCHEMA, number));
            }
            return records;
        }

        @Override
        public void stop() {}

        private Map<String, Integer> source() {
            return Map.of("partition", partition);
        }
    }
}
