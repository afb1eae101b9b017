/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plugins that the worker itself uses, from {@code plugin.path}. */
class WorkerPluginsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    Path events;

    @BeforeEach
    void install() {
        events = folder.resolve("events");
        new PluginJar()
                .withClass("acme.Log", LOG)
                .withClass("acme.VaultConfigProvider", PROVIDER)
                .withClass("acme.OnlyClientId", POLICY)
                .withClass("acme.Reporter", REPORTER)
                .declaring(PluginType.CONFIG_PROVIDER, "acme.VaultConfigProvider")
                .declaring(PluginType.CLIENT_OVERRIDE_POLICY, "acme.OnlyClientId")
                .writeTo(folder.resolve("plugins/acme/acme.jar"));
    }

    private Map<String, String> properties(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "listeners", "http://localhost:0",
                "broker.listeners", "PLAINTEXT://localhost:0",
                "data.dir", folder.resolve("data").toString(),
                "plugin.path", folder.resolve("plugins").toString(),
                "plugin.discovery", "service_load",
                "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                "acme.events", events.toString(),
                "errors.restart.delay.ms", "200"));
        properties.putAll(more);
        return properties;
    }

    private Map<String, String> withProvider(Map<String, String> more) {
        Map<String, String> properties = properties(Map.of(
                "config.providers", "vault",
                "config.providers.vault.class", "acme.VaultConfigProvider",
                "config.providers.vault.param.events", events.toString(),
                "config.providers.vault.param.greeting", "hello"));
        properties.putAll(more);
        return properties;
    }

    private static Map<String, String> counting(Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", CountingSource.class.getName(), "tasks.max", "1", "topic", "out", "count", "3"));
        config.putAll(more);
        return config;
    }

    private List<String> events() {
        try {
            return Files.exists(events) ? Files.readAllLines(events) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Worker start(Map<String, String> properties) {
        return Worker.start(properties, Installed.NOTHING);
    }

    @Test
    void aProviderOfPluginPathServesTheWorkersOwnPropertiesAndIsClosed() {
        try (Worker worker =
                start(withProvider(Map.of("group.id", "${vault:static:group}", "my.pw", "x${vault:static:pw}y")))) {
            assertThat(worker.config().groupId()).isEqualTo("hello-group");
            assertThat(worker.config().properties()).containsEntry("my.pw", "xhello-pwy");
            assertThat(events()).containsExactly("provider configured by plugin folder");
        }
        assertThat(events()).endsWith("provider closed");
    }

    @Test
    void aValueThatLivesForATimeRestartsItsConnector() {
        try (Worker worker = start(withProvider(Map.of()))) {
            get(worker.herder()
                    .createConnector(
                            new ConnectorName("short"),
                            Map.copyOf(counting(Map.of("name", "short", "x", "${vault:brief:value}"))),
                            null));
            get(worker.herder()
                    .createConnector(
                            new ConnectorName("kept"),
                            Map.copyOf(counting(Map.of(
                                    "name", "kept", "x", "${vault:kept:value}", "config.action.reload", "none"))),
                            null));

            await().atMost(PATIENCE).until(() -> count("read brief") >= 6);
            assertThat(worker.herder().clusterId()).isNotEmpty();
            long kept = count("read kept");
            long brief = count("read brief");
            await().atMost(PATIENCE).until(() -> count("read brief") > brief + 2);
            assertThat(count("read kept")).as("config.action.reload=none").isEqualTo(kept);
        }
    }

    @Test
    void aConnectorThatWaitsForItsRestartIsNotStartedEarlierForExpiredValues() {
        ConnectorName name = new ConnectorName("waits");
        CountingSource.BROKEN_STARTS.add("waits");
        try (Worker worker = start(withProvider(Map.of()))) {
            get(worker.herder()
                    .createConnector(
                            name, Map.copyOf(counting(Map.of("name", "waits", "x", "${vault:brief:value}"))), null));

            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(ConnectorNotFoundException.class) // nothing is said of it yet
                    .until(() -> get(worker.herder().diagnosis(name)).connector().stream()
                            .anyMatch(failure -> failure.attempt() >= 6));
        } finally {
            CountingSource.BROKEN_STARTS.remove("waits");
        }
    }

    private long count(String event) {
        return events().stream().filter(event::equals).count();
    }

    @Test
    void aProviderThatFailsIsToldWithProviderPathAndKeys() {
        assertThatThrownBy(() -> start(withProvider(Map.of("group.id", "${vault:locked:group}"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("group.id refers to key 'group' of 'locked' by config provider 'vault'")
                .hasMessageContaining("sealed");
        assertThatThrownBy(() -> start(withProvider(Map.of("group.id", "${vault:static:absent}"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("group.id")
                .hasMessageContaining("key 'absent' of 'static' by config provider 'vault'");
        assertThatThrownBy(() -> start(withProvider(Map.of("config.providers.vault.param.fail", "yes"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.providers.vault.class=acme.VaultConfigProvider")
                .hasMessageContaining("will not");
    }

    @Test
    void aMissingPluginIsToldWithKeyClassNearestNamesAndWhereItWasSearched() {
        assertThatThrownBy(() -> start(withProvider(Map.of("config.providers.vault.class", "acme.VaultConfigProvidr"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.providers.vault.class=acme.VaultConfigProvidr")
                .hasMessageContaining("acme.VaultConfigProvider")
                .hasMessageContaining(folder.resolve("plugins").toString());
        assertThatThrownBy(() ->
                        start(properties(Map.of("connector.client.config.override.policy", "acme.OnlyClientIdd"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("connector.client.config.override.policy=acme.OnlyClientIdd")
                .hasMessageContaining("acme.OnlyClientId")
                .hasMessageContaining(folder.resolve("plugins").toString());
        assertThatThrownBy(() -> start(properties(Map.of("connector.client.config.override.policy", "Foo"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "connector.client.config.override.policy=Foo cannot be used. Possible are All, None, Principal, Allowlist,"
                                + " and policies that are plugins. ")
                .hasMessageNotContaining("None is installed");
        assertThatThrownBy(() -> start(properties(Map.of("metric.reporters", "acme.Reporterr"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("metric.reporters=acme.Reporterr")
                .hasMessageContaining(folder.resolve("plugins").toString());
        assertThatThrownBy(() -> start(properties(Map.of("metric.reporters", "acme.OnlyClientId"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("metric.reporters=acme.OnlyClientId")
                .hasMessageContaining("MetricsReporter");
        assertThatThrownBy(() -> start(properties(Map.of("config.providers", "vault"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.providers.vault.class is missing");
    }

    @Test
    void whatCanBeKnownToBeMissingIsToldBeforeAnythingIsOpened() {
        Path nowhere = folder.resolve("nowhere");

        assertThatThrownBy(() -> start(properties(Map.of("plugin.path", nowhere.toString()))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plugin.path names " + nowhere + ", which does not exist");
        assertThatThrownBy(() -> start(withProvider(Map.of("value.converter", "acme.NoConverter"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("value.converter=acme.NoConverter is not there");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "metric.reporters, acme.Reporterr",
        "metric.reporters, acme.OnlyClientId",
        "rest.extension.classes, acme.NoExtension",
        "connector.client.config.override.policy, acme.OnlyClientIdd",
        "status.storage.topic, connect-configs"
    })
    void whatTheWorkerItselfLacksIsToldBeforeAnythingIsOpened(String key, String value) {
        assertThatThrownBy(() -> start(properties(Map.of(key, value))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void whatClientsAndConvertersDoNotTakeIsToldBeforeAnythingIsOpenedAndWithoutSecrets() {
        assertThatThrownBy(() -> start(withProvider(Map.of("producer.linger.ms", "${vault:static:pw}"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Invalid value ${vault:static:pw} for configuration producer.linger.ms");
        assertThat(folder.resolve("data")).doesNotExist();
        new PluginJar()
                .withClass("acme.Strict", STRICT)
                .declaring(PluginType.CONVERTER, "acme.Strict")
                .writeTo(folder.resolve("plugins/strict.jar"));
        assertThatThrownBy(() -> start(withProvider(
                        Map.of("value.converter", "acme.Strict", "value.converter.mode", "${vault:static:pw}"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("value.converter.mode")
                .hasMessageContaining("${vault:static:pw}")
                .hasMessageNotContaining("hello-pw");
    }

    @Test
    void aPolicyOfPluginPathIsAskedWithEverythingAndItsWordsAreTheErrors() {
        try (Worker worker = start(properties(Map.of("connector.client.config.override.policy", "OnlyClientId")))) {
            Map<String, String> refused = counting(
                    Map.of("name", "no", "producer.override.linger.ms", "5", "producer.override.client.id", "me"));

            assertThatThrownBy(() ->
                            get(worker.herder().createConnector(new ConnectorName("no"), Map.copyOf(refused), null)))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("linger.ms is not for no PRODUCER source CountingSource");
            refused.remove("producer.override.linger.ms");
            get(worker.herder().createConnector(new ConnectorName("no"), Map.copyOf(refused), null));
            await().atMost(PATIENCE)
                    .until(() ->
                            get(worker.herder().tasks(new ConnectorName("no"))).size() == 1);
        }
        assertThat(events()).contains("policy configured by plugin folder").endsWith("policy closed");
    }

    @Test
    void aPolicyMayKeepMetricsOfItsOwn() throws Exception {
        ObjectName bean = new ObjectName(
                "kafka.connect:type=plugins,config=connector.client.config.override.policy,class=OnlyClientId");
        MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
        try (Worker worker = start(properties(Map.of("connector.client.config.override.policy", "OnlyClientId")))) {
            assertThat(worker.restPort()).isPositive();
            assertThat(jmx.getAttribute(bean, "requests")).isEqualTo(0.0);
        }
        assertThat(jmx.isRegistered(bean)).isFalse();
    }

    @Test
    void aReporterOfPluginPathIsToldTheClusterTheGroupAndTheMetrics() {
        try (Worker worker = start(properties(
                Map.of("metric.reporters", "acme.Reporter", "group.id", "crew", "metrics.context.stage", "test")))) {
            assertThat(events())
                    .contains(
                            "reporter configured by plugin folder",
                            "context kafka.connect crew " + worker.herder().clusterId() + " test");
            await().atMost(PATIENCE).until(() -> events().contains("metric count"));
        }
        assertThat(events()).endsWith("reporter closed");
    }

    @Test
    void aReporterThatDoesNotCloseHidesNeitherWhyTheStartFailedNorOtherReporters() {
        new PluginJar()
                .withClass("acme.Stuck", """
                        package acme;
                        public class Stuck extends Reporter {
                            public void close() { throw new IllegalStateException("stuck"); }
                        }
                        """)
                .withClass("acme.Broken", """
                        package acme;
                        public class Broken extends Reporter {
                            public void configure(java.util.Map<String, ?> configs) { throw new IllegalStateException("broken"); }
                        }
                        """)
                .withClass("acme.Log", LOG)
                .withClass("acme.Reporter", REPORTER)
                .writeTo(folder.resolve("plugins/acme/acme.jar"));

        assertThatThrownBy(() -> start(properties(Map.of("metric.reporters", "acme.Stuck,acme.Reporter,acme.Broken"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("metric.reporters=acme.Broken")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(more -> assertThat(more).hasMessageContaining("stuck")));
        assertThat(events()).endsWith("reporter closed");
    }

    @Test
    void aCopyOfAReporterOfKafkasInAPluginsFolderIsNotTheWorkers() {
        new PluginJar()
                .withClass("org.apache.kafka.common.metrics.JmxReporter", """
                        package org.apache.kafka.common.metrics;
                        public class JmxReporter {
                            public JmxReporter() { throw new IllegalStateException("of the plugin's kafka-clients"); }
                        }
                        """)
                .writeTo(folder.resolve("plugins/acme/kafka-clients.jar"));

        try (Worker worker = start(properties(Map.of()))) {
            assertThat(worker.restPort()).isPositive();
        }
    }

    private static final String LOG = """
            package acme;
            import java.nio.file.*;
            class Log {
                static void to(Object file, String event) {
                    try {
                        Files.writeString(Path.of(String.valueOf(file)), event + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
                static String loader() {
                    boolean own = Thread.currentThread().getContextClassLoader() == Log.class.getClassLoader();
                    return own && Log.class.getClassLoader().getName().contains("acme") ? "plugin folder" : "somebody else";
                }
            }
            """;

    private static final String PROVIDER = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.*;
            public class VaultConfigProvider implements org.apache.kafka.common.config.provider.ConfigProvider {
                private Map<String, ?> config;
                public void configure(Map<String, ?> config) {
                    this.config = config;
                    if (config.containsKey("fail")) throw new IllegalStateException("will not");
                    Log.to(config.get("events"), "provider configured by " + Log.loader());
                }
                public ConfigData get(String path) { return get(path, Set.of()); }
                public ConfigData get(String path, Set<String> keys) {
                    if (path.equals("locked")) throw new IllegalStateException("sealed");
                    Map<String, String> found = new HashMap<>();
                    for (String key : keys) if (!key.equals("absent")) found.put(key, config.get("greeting") + "-" + key);
                    if (path.equals("static")) return new ConfigData(found);
                    Log.to(config.get("events"), "read " + path);
                    return new ConfigData(found, 1L);
                }
                public void close() { Log.to(config.get("events"), "provider closed"); }
            }
            """;

    private static final String STRICT = """
            package acme;
            import org.apache.kafka.common.config.ConfigDef;
            public class Strict extends org.apache.kafka.connect.storage.StringConverter {
                public ConfigDef config() {
                    return new ConfigDef().define("mode", ConfigDef.Type.STRING, "plain", ConfigDef.ValidString.in("plain"),
                            ConfigDef.Importance.LOW, "How.");
                }
            }
            """;

    private static final String POLICY = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigValue;
            import org.apache.kafka.connect.connector.policy.*;
            public class OnlyClientId implements ConnectorClientConfigOverridePolicy, org.apache.kafka.common.metrics.Monitorable {
                private Object events;
                public void withPluginMetrics(org.apache.kafka.common.metrics.PluginMetrics metrics) {
                    metrics.addMetric(
                            metrics.metricName("requests", "Requests judged.", new LinkedHashMap<>()),
                            (org.apache.kafka.common.metrics.Measurable) (config, now) -> 0);
                }
                public void configure(Map<String, ?> config) {
                    events = config.get("acme.events");
                    Log.to(events, "policy configured by " + Log.loader());
                }
                public List<ConfigValue> validate(ConnectorClientConfigRequest request) {
                    List<ConfigValue> judged = new ArrayList<>();
                    request.clientProps().forEach((name, value) -> {
                        ConfigValue judgement = new ConfigValue(name, value, new ArrayList<>(), new ArrayList<>());
                        if (!name.equals("client.id")) {
                            judgement.addErrorMessage(name + " is not for " + request.connectorName() + " "
                                    + request.clientType() + " " + request.connectorType() + " "
                                    + request.connectorClass().getSimpleName());
                        }
                        judged.add(judgement);
                    });
                    return judged;
                }
                public void close() { Log.to(events, "policy closed"); }
            }
            """;

    private static final String REPORTER = """
            package acme;
            import java.util.*;
            import org.apache.kafka.common.metrics.*;
            public class Reporter implements MetricsReporter {
                private Object events;
                public void configure(Map<String, ?> config) {
                    events = config.get("acme.events");
                    Log.to(events, "reporter configured by " + Log.loader());
                }
                public void contextChange(MetricsContext context) {
                    Map<String, String> labels = context.contextLabels();
                    Log.to(events, "context " + labels.get(MetricsContext.NAMESPACE) + " " + labels.get("connect.group.id") + " "
                            + labels.get("connect.kafka.cluster.id") + " " + labels.get("stage"));
                }
                public void init(List<KafkaMetric> metrics) { metrics.forEach(this::metricChange); }
                public void metricChange(KafkaMetric metric) { Log.to(events, "metric " + metric.metricName().name()); }
                public void metricRemoval(KafkaMetric metric) {}
                public void close() { Log.to(events, "reporter closed"); }
            }
            """;
}
