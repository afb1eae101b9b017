/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kafka Connect 4.3 was seen to answer, key by key. */
class ValidationServiceTest {
    private static final String CONNECTOR = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.*;
            import org.apache.kafka.connect.connector.Task;
            public class %s extends org.apache.kafka.connect.%s {
                public String version() { return "7.0"; }
                public void start(Map<String, String> props) {}
                public Class<? extends Task> taskClass() { return null; }
                public List<Map<String, String>> taskConfigs(int max) { return List.of(); }
                public void stop() {}
                public ConfigDef config() {
                    return new ConfigDef()
                            .define("mode", ConfigDef.Type.STRING, "plain", ConfigDef.ValidString.in("plain", "fancy"),
                                    ConfigDef.Importance.LOW, "How.")
                            .define("secret", ConfigDef.Type.PASSWORD, null, ConfigDef.Importance.LOW, "Secret.")
                            .define("labels", ConfigDef.Type.LIST, "a,b", ConfigDef.Importance.LOW, "Labels.");
                }
                public Config validate(Map<String, String> props) {
                    if ("throw".equals(props.get("how"))) throw new IllegalStateException("it broke");
                    if ("hunter2".equals(props.get("how"))) throw new IllegalStateException("cannot use hunter2");
                    if ("hang".equals(props.get("how"))) {
                        try { Thread.sleep(60_000); } catch (InterruptedException e) { throw new RuntimeException(e); }
                    }
                    return super.validate(props);
                }
            }
            """;
    private static final String STAGE = """
            package my;
            import java.util.Map;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.ConnectRecord;
            public class %s<R extends ConnectRecord<R>> implements org.apache.kafka.connect.%s<R> {
                %s
                public ConfigDef config() {
                    return new ConfigDef()
                            .define("suffix", ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, ConfigDef.Importance.HIGH, "What.")
                            .define("times", ConfigDef.Type.INT, 1, ConfigDef.Importance.LOW, "How often.");
                }
                public void close() {}
                public void configure(Map<String, ?> configs) {}
            }
            """;

    @TempDir
    static Path folder;

    static Plugins plugins;

    @BeforeAll
    static void install() {
        new PluginJar()
                .withClass("my.Source", CONNECTOR.formatted("Source", "source.SourceConnector"))
                .withClass("my.Sink", CONNECTOR.formatted("Sink", "sink.SinkConnector"))
                .withClass(
                        "my.Suffix",
                        STAGE.formatted("Suffix", "transforms.Transformation", "public R apply(R r) { return r; }"))
                .withClass(
                        "my.Odd",
                        STAGE.formatted(
                                "Odd", "transforms.predicates.Predicate", "public boolean test(R r) { return true; }"))
                .writeTo(folder.resolve("my.jar"));
        plugins = Plugins.discover(PluginSearch.of(folder.toString(), null, "only_scan"));
    }

    @AfterAll
    static void close() {
        plugins.close();
    }

    @Test
    void aSourcesKeysComeInKafkaConnectsOrder() {
        ConfigInfos infos = validate("connector.class=my.Source;name=s");

        assertThat(infos.errorCount()).isZero();
        assertThat(infos.groups())
                .containsExactly(
                        "Common",
                        "Transforms",
                        "Predicates",
                        "Error Handling",
                        "Topic Creation",
                        "Exactly Once Support",
                        "offsets.topic");
        assertThat(names(infos))
                .startsWith(
                        "name",
                        "connector.class",
                        "connector.plugin.version",
                        "tasks.max",
                        "tasks.max.enforce",
                        "key.converter",
                        "key.converter.plugin.version",
                        "value.converter")
                .endsWith("transaction.boundary.interval.ms", "offsets.storage.topic", "mode", "secret", "labels");
        assertThat(definition(infos, "connector.plugin.version").defaultValue()).isEqualTo("7.0");
        assertThat(definition(infos, "key.converter").type()).isEqualTo("CLASS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connector.class=my.Source | 1 | name",
                "connector.class=my.Source;name=s;tasks.max=0 | 1 | tasks.max",
                "connector.class=my.Source;name=s;tasks.max=x | 2 | tasks.max",
                "connector.class=my.Source;name=s;mode=odd | 1 | mode",
                "connector.class=my.Source;name=s;key.converter=no.such.C | 1 | key.converter",
                "connector.class=my.Source;name=s;key.converter=java.lang.String | 1 | key.converter",
                "connector.class=my.Source;name=s;connector.plugin.version=1.0 | 2 | connector.plugin.version",
                "connector.class=my.Source;name=s;transforms=a,a;transforms.a.type=my.Suffix;transforms.a.suffix=x | 1 | transforms",
                "connector.class=my.Source;name=s;transforms=a | 1 | transforms.a.type",
                "connector.class=my.Source;name=s;transforms=a;transforms.a.type=my.Suffix | 1 | transforms.a.suffix",
                "connector.class=my.Source;name=s;transforms=a;transforms.a.type=my.Suffix;transforms.a.suffix=x;transforms.a.negate=y | 2"
                        + " | transforms.a.type",
                "connector.class=my.Source;name=s;predicates=p;predicates.p.type=my.Suffix | 1 | predicates.p.type",
                "connector.class=my.Source;name=s;predicates=p;predicates.p.type=my.Odd | 1 | predicates.p.suffix",
                "connector.class=my.Source;name=s;exactly.once.support=required | 1 | exactly.once.support",
                "connector.class=my.Source;name=s;transaction.boundary=connector | 1 | transaction.boundary",
                "connector.class=my.Source;name=s;producer.override.interceptor.classes=x.Y | 1 | producer.override.interceptor.classes",
                "connector.class=my.Sink;name=s | 2 | topics",
                "connector.class=my.Sink;name=s;topics=a;topics.regex=b | 2 | topics.regex",
                "connector.class=my.Sink;name=s;topics=a,a | 1 | topics",
                "connector.class=my.Sink;name=s;topics.regex=* | 1 | topics.regex",
                "connector.class=my.Sink;name=s;topics=a;errors.deadletterqueue.topic.name=a | 1 | topics",
                "connector.class=my.Sink;name=s;topics.regex=d.*;errors.deadletterqueue.topic.name=dlq | 1 | topics.regex",
            })
    void refuses(String config, int errors, String key) {
        ConfigInfos infos = validate(config);

        assertThat(infos.errorCount()).as(infos.errors().toString()).isEqualTo(errors);
        assertThat(value(infos, key).errors()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connector.class=Source;name=s;unknown.key=1",
                "connector.class=my.Source;name=s;connector.plugin.version=[7,8)",
                "connector.class=my.Source;name=s;transforms=a;transforms.a.type=Suffix;transforms.a.suffix=x;transforms.a.predicate=p;"
                        + "predicates=p;predicates.p.type=Odd;predicates.p.suffix=x",
                "connector.class=my.Source;name=s;producer.override.linger.ms=5;consumer.override.max.poll.records=x",
                "connector.class=my.Sink;name=s;topics=a;topics.regex=",
            })
    void accepts(String config) {
        assertThat(validate(config).errors()).isEmpty();
    }

    @Test
    void aTransformsKeysAreShownWithItsGroupAndTheFullClassName() {
        ConfigInfos infos = validate(
                "connector.class=my.Source;name=s;transforms=a;transforms.a.type=Suffix;transforms.a.suffix=x");

        assertThat(names(infos))
                .containsSequence(
                        "transforms.a.type",
                        "transforms.a.plugin.version",
                        "transforms.a.suffix",
                        "transforms.a.negate",
                        "transforms.a.predicate",
                        "transforms.a.times");
        assertThat(value(infos, "transforms.a.type").value()).isEqualTo("my.Suffix");
        assertThat(definition(infos, "transforms.a.type").group()).isEqualTo("Transforms: a");
        assertThat(value(infos, "transforms.a.type").recommendedValues()).contains("my.Suffix");
    }

    @Test
    void aConvertersOwnKeysAreValidated() {
        ConfigInfos infos = validate(
                "connector.class=my.Source;name=s;value.converter=StringConverter;value.converter.converter.encoding=x");

        assertThat(names(infos)).contains("value.converter.converter.type", "value.converter.converter.encoding");
        assertThat(value(infos, "value.converter").value())
                .isEqualTo("org.apache.kafka.connect.storage.StringConverter");
    }

    @Test
    void aNullIsRefusedUnlessTheConnectorKnowsTheKey() {
        Map<String, @Nullable String> config = new HashMap<>(config("connector.class=my.Source;name=s"));
        config.put("labels", null);
        assertThat(validate(config).errors()).isEmpty();
        config.put("unknown", null);
        assertThat(validate(config).errors())
                .containsExactly("Null value can not be supplied as the configuration value.");
    }

    @Test
    void secretsAreHiddenAndReferencesStayReferences() {
        UnaryOperator<Map<String, @Nullable String>> resolver = given -> {
            Map<String, @Nullable String> resolved = new HashMap<>(given);
            resolved.replaceAll((key, value) -> value == null ? null : value.replace("${file:f:k}", "hunter2"));
            return resolved;
        };
        try (ValidationService service = service(resolver, Duration.ofMinutes(2))) {
            ConfigInfos infos = service.validate(
                            config("connector.class=my.Source;name=s;secret=open;mode=${file:f:k};labels=${file:f:k}"))
                    .toCompletableFuture()
                    .join();

            assertThat(value(infos, "secret").value()).isEqualTo("[hidden]");
            assertThat(value(infos, "labels").value()).isEqualTo("${file:f:k}");
            assertThat(infos.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void aSecretInsideAnExceptionIsReplacedByItsReference() {
        UnaryOperator<Map<String, @Nullable String>> resolver = given -> {
            Map<String, @Nullable String> resolved = new HashMap<>(given);
            resolved.put("how", "hunter2");
            return resolved;
        };
        try (ValidationService service = service(resolver, Duration.ofMinutes(2))) {
            assertThatThrownBy(() -> service.validate(config("connector.class=my.Source;name=s;how=${file:f:k}"))
                            .toCompletableFuture()
                            .join())
                    .hasMessageContaining("cannot use ${file:f:k}")
                    .hasStackTraceContaining("ConnectException")
                    .satisfies(thrown ->
                            assertThat(String.valueOf(thrown.getCause())).doesNotContain("hunter2"));
        }
    }

    @Test
    void whatAConnectorThrowsIsTheAnswer() {
        assertThatThrownBy(() -> validate("connector.class=my.Source;name=s;how=throw"))
                .hasRootCauseMessage("it broke");
    }

    @Test
    void aReferenceThatCannotBeResolvedIsAnErrorOfTheConfig() {
        UnaryOperator<Map<String, @Nullable String>> resolver = given -> {
            throw new ConnectException("A config provider failed: no file /gone");
        };
        try (ValidationService service = service(resolver, Duration.ofMinutes(2))) {
            assertThatThrownBy(() -> service.check(config("connector.class=my.Source;name=s;secret=${file:/gone:k}"))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(BadRequestException.class)
                    .hasMessageContaining("no file /gone");
        }
    }

    @Test
    void aConnectorThatHangsIsNotWaitedForLongerThanTheLimit() {
        try (ValidationService service = service(UnaryOperator.identity(), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> service.validate(config("connector.class=my.Source;name=s;how=hang"))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aCheckFailsWithAllErrorsInKafkaConnectsWords() {
        try (ValidationService service = service(UnaryOperator.identity(), Duration.ofMinutes(2))) {
            assertThatThrownBy(() -> service.check(config("connector.class=my.Sink;name=s;tasks.max=0"))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(BadRequestException.class)
                    .hasMessageContaining("contains the following 3 error(s):\n")
                    .hasMessageContaining("`/connector-plugins/{connectorType}/config/validate`");
            assertThatThrownBy(() -> service.check(config("name=s"))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(BadRequestException.class)
                    .hasMessageContaining("contains no connector type");
        }
    }

    private static ConfigInfos validate(String config) {
        return validate(config(config));
    }

    private static ConfigInfos validate(Map<String, @Nullable String> config) {
        try (ValidationService service = service(UnaryOperator.identity(), Duration.ofMinutes(2))) {
            return service.validate(config).toCompletableFuture().join();
        }
    }

    private static ValidationService service(UnaryOperator<Map<String, @Nullable String>> resolver, Duration limit) {
        return new ValidationService(
                plugins,
                new ValidationSettings(
                        "org.apache.kafka.connect.storage.StringConverter",
                        "org.apache.kafka.connect.storage.StringConverter",
                        "org.apache.kafka.connect.storage.SimpleHeaderConverter",
                        false,
                        new OverridePolicy.Allowlist(Set.copyOf(OverridePolicy.HARMLESS)),
                        resolver,
                        limit));
    }

    private static Map<String, @Nullable String> config(String text) {
        Map<String, @Nullable String> config = new HashMap<>();
        for (String entry : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            config.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return config;
    }

    private static List<String> names(ConfigInfos infos) {
        return infos.configs().stream()
                .map(info -> info.value() == null ? "" : info.value().name())
                .toList();
    }

    private static ConfigInfo.Value value(ConfigInfos infos, String key) {
        return infos.configs().stream()
                .map(ConfigInfo::value)
                .filter(value -> value != null && value.name().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static ConfigInfo.Definition definition(ConfigInfos infos, String key) {
        return infos.configs().stream()
                .map(ConfigInfo::definition)
                .filter(definition -> definition != null && definition.name().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
