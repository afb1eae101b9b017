/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Apache's own connect-file plugin, as published, from the folder that the module test-peers fills. */
class ApachePluginTest {
    private static final Path FOLDER =
            Path.of("../test-peers/target/plugins").toAbsolutePath().normalize();

    private Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());

    @BeforeEach
    void discover() {
        assertThat(FOLDER.resolve("connect-file"))
                .as("made by: mvn -pl test-peers generate-test-resources")
                .isDirectory();
        plugins = Plugins.discover(PluginSearch.of(FOLDER.toString(), null, "hybrid_warn"));
    }

    @AfterEach
    void close() {
        plugins.close();
    }

    @ParameterizedTest
    @EnumSource(DiscoveryMode.class)
    void isFoundHoweverItIsLookedFor(DiscoveryMode mode) {
        try (Plugins found = Plugins.discover(PluginSearch.of(FOLDER.toString(), null, mode.toString()))) {
            assertThat(found.names(PluginType.SOURCE))
                    .contains("org.apache.kafka.connect.file.FileStreamSourceConnector");
            assertThat(found.names(PluginType.SINK)).contains("org.apache.kafka.connect.file.FileStreamSinkConnector");
        }
    }

    @Test
    void isLoadedByItsOwnLoaderAndSaysItsVersion() {
        Connector connector = plugins.newConnector("FileStreamSource");

        assertThat(connector.getClass().getClassLoader()).isInstanceOf(PluginClassLoader.class);
        assertThat(connector.version()).matches("\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void validatesItsConfig() {
        Config config = plugins.newConnector("FileStreamSink").validate(Map.of("file", "x.txt"));

        assertThat(config.configValues()).extracting(ConfigValue::errorMessages).containsOnly(List.of());
    }

    @Test
    void makesItsTasks() {
        Connector connector = plugins.newConnector("FileStreamSource");
        connector.start(Map.of("file", "x.txt", "topic", "t"));

        assertThat(plugins.of(PluginChoice.of("FileStreamSource"))
                        .newTask(connector.taskClass())
                        .version())
                .isEqualTo(connector.version());
    }
}
