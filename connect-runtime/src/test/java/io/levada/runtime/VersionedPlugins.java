/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sources of plugins that tell their version, and whether they run with their own loader as context class loader. */
final class VersionedPlugins {
    private static final String SAYS = """
            package acme;
            import org.apache.kafka.common.metrics.*;
            public class Says {
                static final String VERSION = "%s";
                static String who(String what, Class<?> type) {
                    boolean own = Thread.currentThread().getContextClassLoader() == type.getClassLoader();
                    return what + " " + VERSION + (own ? " own" : " foreign");
                }
                static void measure(PluginMetrics metrics) {
                    metrics.addMetric(
                            metrics.metricName("version", "", new java.util.LinkedHashMap<>()),
                            (Gauge<String>) (config, now) -> VERSION);
                }
            }
            """;
    private static final String CONNECTOR = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            public class Tellme extends org.apache.kafka.connect.source.SourceConnector {
                private Map<String, String> props = Map.of();
                public String version() { return Says.VERSION; }
                public void start(Map<String, String> props) {
                    this.props = props;
                    Says.measure(context().pluginMetrics());
                }
                public Class<? extends org.apache.kafka.connect.connector.Task> taskClass() { return TellmeTask.class; }
                public List<Map<String, String>> taskConfigs(int max) {
                    return List.of(Map.of("topic", props.get("topic"), "connector", Says.VERSION));
                }
                public void stop() {}
                public ConfigDef config() { return new ConfigDef(); }
            }
            """;
    private static final String TASK = """
            package acme;
            import java.util.*;
            import org.apache.kafka.connect.data.Schema;
            import org.apache.kafka.connect.source.*;
            public class TellmeTask extends SourceTask {
                private Map<String, String> props = Map.of();
                private boolean told;
                public String version() { return Says.VERSION; }
                public void start(Map<String, String> props) {
                    this.props = props;
                    Says.measure(context.pluginMetrics());
                }
                public List<SourceRecord> poll() {
                    if (told) {
                        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                        return null;
                    }
                    told = true;
                    String text = "connector " + props.get("connector") + ", " + Says.who("task", getClass());
                    return List.of(new SourceRecord(
                            Map.of("a", "b"), Map.of("c", 1), props.get("topic"), null, Schema.STRING_SCHEMA, text));
                }
                public void stop() {}
            }
            """;
    private static final String TRANSFORM = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.common.metrics.*;
            import org.apache.kafka.connect.source.SourceRecord;
            public class Mark implements org.apache.kafka.connect.transforms.Transformation<SourceRecord>,
                    org.apache.kafka.connect.components.Versioned, Monitorable {
                public String version() { return Says.VERSION; }
                public void configure(Map<String, ?> configs) {}
                public void withPluginMetrics(PluginMetrics metrics) { Says.measure(metrics); }
                public SourceRecord apply(SourceRecord r) {
                    return r.newRecord(r.topic(), null, null, null, r.valueSchema(),
                            r.value() + ", " + r.headers().lastWithName("predicate").value() + ", " + Says.who("mark", getClass()), null);
                }
                public ConfigDef config() { return new ConfigDef(); }
                public void close() {}
            }
            """;
    private static final String PREDICATE = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.common.metrics.*;
            import org.apache.kafka.connect.source.SourceRecord;
            public class Always implements org.apache.kafka.connect.transforms.predicates.Predicate<SourceRecord>,
                    org.apache.kafka.connect.components.Versioned, Monitorable {
                public String version() { return Says.VERSION; }
                public void configure(Map<String, ?> configs) {}
                public void withPluginMetrics(PluginMetrics metrics) { Says.measure(metrics); }
                public boolean test(SourceRecord r) {
                    r.headers().addString("predicate", Says.who("predicate", getClass()));
                    return true;
                }
                public ConfigDef config() { return new ConfigDef(); }
                public void close() {}
            }
            """;
    private static final String CONVERTER = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.common.metrics.*;
            import org.apache.kafka.connect.data.*;
            public class Stamp implements org.apache.kafka.connect.storage.Converter,
                    org.apache.kafka.connect.components.Versioned, Monitorable {
                public String version() { return Says.VERSION; }
                public void configure(Map<String, ?> configs, boolean isKey) {
                    if (configs.containsKey("fail")) throw new IllegalStateException("told to fail");
                }
                public void withPluginMetrics(PluginMetrics metrics) { Says.measure(metrics); }
                public byte[] fromConnectData(String topic, Schema schema, Object value) {
                    return value == null ? null : (value + ", " + Says.who("value", getClass())).getBytes();
                }
                public SchemaAndValue toConnectData(String topic, byte[] value) { return SchemaAndValue.NULL; }
                public ConfigDef config() { return new ConfigDef(); }
            }
            """;
    private static final String HEADER_CONVERTER = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.common.metrics.*;
            import org.apache.kafka.connect.data.*;
            public class HeaderStamp implements org.apache.kafka.connect.storage.HeaderConverter,
                    org.apache.kafka.connect.components.Versioned, Monitorable {
                public String version() { return Says.VERSION; }
                public void configure(Map<String, ?> configs) {}
                public void withPluginMetrics(PluginMetrics metrics) { Says.measure(metrics); }
                public byte[] fromConnectHeader(String topic, String key, Schema schema, Object value) { return new byte[0]; }
                public SchemaAndValue toConnectHeader(String topic, String key, byte[] value) { return SchemaAndValue.NULL; }
                public ConfigDef config() { return new ConfigDef(); }
                public void close() {}
            }
            """;

    private VersionedPlugins() {}

    /** By class name. */
    static Map<String, String> sources(String version) {
        Map<String, String> sources = new LinkedHashMap<>();
        sources.put("acme.Says", SAYS.formatted(version));
        sources.put("acme.Tellme", CONNECTOR);
        sources.put("acme.TellmeTask", TASK);
        sources.put("acme.Mark", TRANSFORM);
        sources.put("acme.Always", PREDICATE);
        sources.put("acme.Stamp", CONVERTER);
        sources.put("acme.HeaderStamp", HEADER_CONVERTER);
        return sources;
    }
}
