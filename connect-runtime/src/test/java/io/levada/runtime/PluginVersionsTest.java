/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ReportedState;
import io.levada.runtime.plugins.PluginJar;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of the same plugins, each in its folder, on a running worker (KIP-891), and what they measure (KIP-877). */
final class PluginVersionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    RunningWorker worker;

    @BeforeEach
    void start() {
        for (String version : List.of("1.0.0", "2.0.0")) {
            PluginJar jar = new PluginJar();
            VersionedPlugins.sources(version).forEach(jar::withClass);
            jar.writeTo(folder.resolve("plugins/acme-" + version + "/acme.jar"));
        }
        worker = new RunningWorker(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                Map.of("plugin.path", folder.resolve("plugins").toString(), "errors.restart.max", "0"));
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    private static Map<String, String> tellme(String topic, String... more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "acme.Tellme",
                "topic", topic,
                "key.converter", "acme.Stamp",
                "value.converter", "acme.Stamp",
                "header.converter", "acme.HeaderStamp",
                "transforms", "mark",
                "transforms.mark.type", "acme.Mark",
                "transforms.mark.predicate", "always",
                "predicates", "always",
                "predicates.always.type", "acme.Always"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    /** What connector, task, predicate, transform and value converter said of themselves, each with its context class loader. */
    private String told(String name, Map<String, String> config) {
        worker.create(name, config);
        return worker.values(String.valueOf(config.get("topic")), 1).get(0);
    }

    @Test
    void everyPieceIsTheNewestByDefault() {
        assertThat(told("newest", tellme("newest")))
                .isEqualTo("connector 2.0.0, task 2.0.0 own, predicate 2.0.0 own, mark 2.0.0 own, value 2.0.0 own");
    }

    @Test
    void theVersionOfTheConnectorIsThatOfItsTaskAndOfWhatLiesBesideIt() {
        String told = told("old", tellme("old", "connector.plugin.version", "[1.0.0]"));

        assertThat(told)
                .isEqualTo("connector 1.0.0, task 1.0.0 own, predicate 1.0.0 own, mark 1.0.0 own, value 1.0.0 own");
        ReportedState task = worker.awaitTask("old", 0, "RUNNING");
        assertThat(task.version()).isEqualTo("1.0.0");
        assertThat(Objects.requireNonNull(worker.status("old")).connector().version())
                .isEqualTo("1.0.0");
    }

    @Test
    void everyPieceCanHaveAVersionOfItsOwn() {
        assertThat(told(
                        "mixed",
                        tellme(
                                "mixed",
                                "connector.plugin.version",
                                "1.0.0",
                                "transforms.mark.plugin.version",
                                "[2.0,3.0)",
                                "value.converter.plugin.version",
                                "2.0.0")))
                .isEqualTo("connector 1.0.0, task 1.0.0 own, predicate 1.0.0 own, mark 2.0.0 own, value 2.0.0 own");
        assertThat(told(
                        "mixed2",
                        tellme(
                                "mixed2",
                                "predicates.always.plugin.version",
                                "[1.0.0]",
                                "value.converter.plugin.version",
                                "(,2.0.0)")))
                .isEqualTo("connector 2.0.0, task 2.0.0 own, predicate 1.0.0 own, mark 2.0.0 own, value 1.0.0 own");
    }

    @Test
    void aVersionThatIsNotInstalledIsRefusedWithThoseThatAre() {
        for (String key : List.of(
                "connector.plugin.version",
                "transforms.mark.plugin.version",
                "predicates.always.plugin.version",
                "key.converter.plugin.version",
                "value.converter.plugin.version",
                "header.converter.plugin.version")) {
            assertThatThrownBy(() -> worker.create("none", tellme("none", key, "[3.0,)")))
                    .as(key)
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("matches [3.0,); installed: [1.0.0, 2.0.0]")
                    .hasMessageContaining("2 error(s)");
        }
    }

    @Test
    void everyPieceHasMetricsWhileItRunsAndNoLonger() {
        String name = "a=b,c\"*?\\:d e/f";
        worker.create(name, tellme("measured"));
        String owner = "connector=" + ObjectName.quote(name);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metricsOf(owner))
                        .containsExactly(
                                "connector=" + ObjectName.quote(name),
                                "connector=" + ObjectName.quote(name) + ",task=0",
                                "connector=" + ObjectName.quote(name) + ",task=0,converter=header",
                                "connector=" + ObjectName.quote(name) + ",task=0,converter=key",
                                "connector=" + ObjectName.quote(name) + ",task=0,converter=value",
                                "connector=" + ObjectName.quote(name) + ",task=0,predicate=always",
                                "connector=" + ObjectName.quote(name) + ",task=0,transformation=mark"));

        RunningWorker.get(worker.herder().delete(new ConnectorName(name)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metricsOf(owner)).isEmpty());
    }

    @Test
    void aTaskThatCannotBeMadeLeavesNoMetricsBehind() {
        worker.create("failing", tellme("failing", "value.converter.fail", "true"));
        worker.awaitTask("failing", 0, "FAILED");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metricsOf("connector=failing")).containsExactly("connector=failing"));
    }

    private static List<String> metricsOf(String owner) throws Exception {
        return new ArrayList<>(new TreeSet<>(
                ManagementFactory.getPlatformMBeanServer()
                        .queryNames(new ObjectName("kafka.connect:type=plugins,*"), null)
                        .stream()
                        .map(bean -> bean.getKeyPropertyListString().replace("type=plugins,", ""))
                        .filter(tags -> tags.equals(owner) || tags.startsWith(owner + ","))
                        .toList()));
    }
}
