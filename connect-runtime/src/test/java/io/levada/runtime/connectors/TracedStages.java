/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.slf4j.MDC;

/** A sink, a converter and a transform that remember for whom the threads that call them say they work. */
public final class TracedStages {
    /** What {@code connector.context} was, by the call. */
    public static final Map<String, Set<String>> CONTEXTS = new ConcurrentHashMap<>();

    private TracedStages() {}

    private static void trace(String call) {
        CONTEXTS.computeIfAbsent(call, first -> ConcurrentHashMap.newKeySet())
                .add(String.valueOf(MDC.get("connector.context")));
    }

    /** The sink. */
    public static final class Sink extends SinkConnector {
        private Map<String, String> config = Map.of();

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
            return List.of(config);
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
    }

    /** Its task. */
    public static final class TracedTask extends SinkTask {
        @Override
        public void start(Map<String, String> props) {
            trace("task.start");
        }

        @Override
        public void open(Collection<TopicPartition> partitions) {
            trace("task.open");
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            trace("task.put");
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            trace("task.close");
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

    /** The converter. */
    public static final class Converter extends StringConverter {
        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            trace("converter.configure");
            super.configure(configs, isKey);
        }

        @Override
        public byte[] fromConnectData(String topic, Schema schema, Object value) {
            trace("converter.fromConnectData");
            return super.fromConnectData(topic, schema, value);
        }

        @Override
        public SchemaAndValue toConnectData(String topic, byte[] value) {
            trace("converter.toConnectData");
            return super.toConnectData(topic, value);
        }
    }

    /**
     * The transform.
     *
     * @param <R> of sources and sinks
     */
    public static final class Transform<R extends ConnectRecord<R>> implements Transformation<R> {
        @Override
        public void configure(Map<String, ?> configs) {
            trace("transform.configure");
        }

        @Override
        public R apply(R record) {
            trace("transform.apply");
            return record;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public void close() {
            trace("transform.close");
        }
    }
}
