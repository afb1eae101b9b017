/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

/** Sources of small plugins for tests. */
public final class TestPlugins {
    private TestPlugins() {}

    /** A sink connector that says {@code version} is an expression's value. */
    public static String sink(String packageName, String simpleName, String versionExpression) {
        return """
            package %s;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.Task;
            public class %s extends org.apache.kafka.connect.sink.SinkConnector {
                public String version() { return %s; }
                public void start(Map<String, String> props) {}
                public Class<? extends Task> taskClass() { return null; }
                public List<Map<String, String>> taskConfigs(int max) { return List.of(); }
                public void stop() {}
                public ConfigDef config() { return new ConfigDef(); }
            }
            """.formatted(packageName, simpleName, versionExpression);
    }

    /** A converter that turns everything into nothing. */
    public static String converter(String packageName, String simpleName) {
        return """
            package %s;
            import java.util.Map;
            import org.apache.kafka.connect.data.*;
            public class %s implements org.apache.kafka.connect.storage.Converter {
                public Map<String, ?> configs;
                public void configure(Map<String, ?> configs, boolean isKey) { this.configs = configs; }
                public byte[] fromConnectData(String topic, Schema schema, Object value) { return configs.toString().getBytes(); }
                public SchemaAndValue toConnectData(String topic, byte[] value) { return SchemaAndValue.NULL; }
            }
            """.formatted(packageName, simpleName);
    }
}
