/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertersTest {
    private static final String STRING = "org.apache.kafka.connect.storage.StringConverter";

    private static Converters converters(Map<String, String> workers, Map<String, @Nullable String> connectors) {
        Map<String, String> properties = new HashMap<>(Map.of("key.converter", STRING, "value.converter", STRING));
        properties.putAll(workers);
        Map<String, @Nullable String> config = new HashMap<>(Map.of("connector.class", RecordingSink.class.getName()));
        config.putAll(connectors);
        TaskId id = new ConnectorName("c").task(0);
        try (Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
                WorkerMeters meters = WorkerMeters.overJmx("converters-test:0");
                TaskPlugins made =
                        TaskPlugins.of(id, config, plugins, meters.plugins(), meters.begin(id, ConnectorType.SINK))) {
            return Converters.open(made, WorkerConfig.from(properties), config);
        }
    }

    @Test
    void blanksAroundClassAndVersionAreNotPartOfThem() {
        Converters converters = converters(
                Map.of("header.converter", " " + STRING + "\n", "header.converter.plugin.version", " "),
                Map.of("value.converter", " " + STRING + " ", "value.converter.plugin.version", " latest "));

        assertThat(converters.value().className()).endsWith("StringConverter");
        assertThat(converters.header().className()).endsWith("StringConverter");
    }

    /** There is no version 0.0.1 of it. */
    @ParameterizedTest
    @ValueSource(strings = {"key.converter", "value.converter", "header.converter"})
    void theVersionThatTheWorkerAsksForIsTheOneThatATaskGets(String key) {
        Map<String, String> worker = Map.of(key, STRING, key + ".plugin.version", "[0.0.1]");

        assertThatThrownBy(() -> converters(worker, Map.of())).hasMessageContaining("0.0.1");
        assertThat(converters(worker, Map.of(key, STRING)).key().className()).endsWith("StringConverter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.converter", "value.converter", "header.converter"})
    void aWorkersConverterThatIsNotInstalledIsNamedWithItsKey(String key) {
        String string = "org.apache.kafka.connect.storage.StringConverter";
        Map<String, String> properties = new HashMap<>(Map.of("key.converter", string, "value.converter", string));
        properties.put(key, "no.such.Converter");
        WorkerConfig worker = WorkerConfig.from(properties);
        try (Plugins plugins = Plugins.discover(PluginSearch.classPathOnly())) {
            assertThatThrownBy(() -> Converters.check(plugins, worker))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(key + "=no.such.Converter");
        }
    }

    private static final String ASKED = """
            package my;
            import org.apache.kafka.common.config.ConfigDef;
            public class %s extends org.apache.kafka.connect.storage.StringConverter {
                public ConfigDef config() { %s }
                public void close() { System.setProperty("asked.closed.%s", "yes"); }
            }
            """;

    private static Plugins asked(Path folder) {
        new PluginJar()
                .withClass("my.Strict", ASKED.formatted("Strict", """
                        return new ConfigDef()
                            .define("times", ConfigDef.Type.INT, 1, ConfigDef.Importance.LOW, "How often.")
                            .define("needed", ConfigDef.Type.STRING, ConfigDef.Importance.LOW, "Of each connector.")
                            .define("secret", ConfigDef.Type.PASSWORD, null, (key, value) -> {
                                if (value != null) throw new org.apache.kafka.common.config.ConfigException("bad secret "
                                        + ((org.apache.kafka.common.config.types.Password) value).value());
                            }, ConfigDef.Importance.LOW, "Secret.");
                        """, "Strict"))
                .withClass("my.Throws", ASKED.formatted("Throws", "throw new IllegalStateException();", "Throws"))
                .withClass("my.Nothing", ASKED.formatted("Nothing", "return null;", "Nothing"))
                .declaring(PluginType.CONVERTER, "my.Strict\nmy.Throws\nmy.Nothing")
                .declaring(PluginType.HEADER_CONVERTER, "my.Strict")
                .writeTo(folder.resolve("asked.jar"));
        return Plugins.discover(PluginSearch.of(folder.toString(), null, "service_load"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "value", "header"})
    void whatAWorkersConverterDoesNotTakeIsToldWithKeyValueAndWayOut(String part, @TempDir Path folder) {
        Map<String, String> properties = new HashMap<>(Map.of("key.converter", STRING, "value.converter", STRING));
        properties.putAll(Map.of(part + ".converter", "my.Strict", part + ".converter.times", "many"));
        WorkerConfig worker = WorkerConfig.from(properties);
        try (Plugins plugins = asked(folder)) {
            assertThatThrownBy(() -> Converters.check(plugins, worker))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("The worker's " + part + ".converter.times cannot be used.")
                    .hasMessageContaining("Invalid value many")
                    .hasMessageContaining("leave it out")
                    .hasMessageNotContaining("needed");
        }
    }

    @Test
    void secretsOfAWorkersConverterAreNotTold(@TempDir Path folder) {
        WorkerConfig worker = WorkerConfig.from(
                Map.of("key.converter", STRING, "value.converter", "my.Strict", "value.converter.secret", "hunter2"));
        try (Plugins plugins = asked(folder)) {
            assertThatThrownBy(() -> Converters.check(plugins, worker))
                    .hasMessageContaining("value.converter.secret")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void aConverterThatCannotBeAskedIsLeftToTheTasks(@TempDir Path folder) {
        System.clearProperty("asked.closed.Throws");
        WorkerConfig worker = WorkerConfig.from(Map.of(
                "key.converter", "my.Throws",
                "key.converter.any", "thing",
                "value.converter", "my.Nothing",
                "value.converter.any", "thing"));
        try (Plugins plugins = asked(folder);
                LoggedLines log = LoggedLines.warningsOf("io.levada.runtime.plugins.SettingsCheck")) {
            Converters.check(plugins, worker);

            assertThat(log.texts()).singleElement().asString().contains("my.Throws", "not checked");
            assertThat(System.getProperty("asked.closed.Throws")).isEqualTo("yes");
        }
    }
}
