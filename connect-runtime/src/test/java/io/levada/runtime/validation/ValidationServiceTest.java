/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.WrongConfig;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.plugins.TestPlugins;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.validation.advice.Advice;
import io.levada.runtime.validation.advice.Surroundings;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                            .define("labels", ConfigDef.Type.LIST, "a,b", ConfigDef.Importance.LOW, "Labels.")%s;
                }
                public Config validate(Map<String, String> props) {
                    if ("link".equals(props.get("how"))) throw new NoClassDefFoundError("lib/Gone");
                    if ("throw".equals(props.get("how"))) throw new IllegalStateException("it broke");
                    if ("hunter2".equals(props.get("how"))) throw new IllegalStateException("cannot use hunter2");
                    if ("hang".equals(props.get("how"))) {
                        try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { throw new RuntimeException(e); }
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

    /** Has the key of JsonConverter by which records get schemas. */
    private static final String JSON = """
            package my;
            import java.util.Map;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.data.*;
            public class Json implements org.apache.kafka.connect.storage.Converter {
                public ConfigDef config() {
                    return new ConfigDef()
                            .define("schemas.enable", ConfigDef.Type.BOOLEAN, true, ConfigDef.Importance.HIGH, "Schemas.");
                }
                public void configure(Map<String, ?> configs, boolean isKey) {}
                public byte[] fromConnectData(String topic, Schema schema, Object value) { return null; }
                public SchemaAndValue toConnectData(String topic, byte[] value) { return SchemaAndValue.NULL; }
            }
            """;

    @TempDir
    static Path folder;

    static Plugins plugins;

    @BeforeAll
    static void install() {
        Path gone = new PluginJar()
                .withClass("lib.Gone", "package lib; public class Gone { public static void go() {} }")
                .writeTo(folder.resolve("not-on-the-path/lib/gone.txt"));
        new PluginJar()
                .withClass(
                        "my.Unlinked",
                        STAGE.formatted("Unlinked", "transforms.Transformation", "public R apply(R r) { return r; }")
                                .replace("public ConfigDef", "{ lib.Gone.go(); } public ConfigDef"))
                .withClass(
                        "my.UnlinkedConverter",
                        TestPlugins.converter("my", "UnlinkedConverter")
                                .replace("public Map", "{ lib.Gone.go(); } public Map"))
                .withClass(
                        "my.UnlinkedSink",
                        TestPlugins.sink("my", "UnlinkedSink", "\"1\"")
                                .replace("public void stop", "{ lib.Gone.go(); } public void stop"))
                .compiledWith(gone)
                .writeTo(folder.resolve("unlinked.jar"));
        new PluginJar()
                .withClass("my.Source", CONNECTOR.formatted("Source", "source.SourceConnector", ""))
                .withClass("my.Sink", CONNECTOR.formatted("Sink", "sink.SinkConnector", ""))
                .withClass(
                        "my.Strict",
                        CONNECTOR.formatted(
                                "Strict",
                                "source.SourceConnector",
                                ".define(\"topic.prefix\", ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE,"
                                        + " ConfigDef.Importance.HIGH, \"Prefix.\")"))
                .withClass(
                        "my.Suffix",
                        STAGE.formatted("Suffix", "transforms.Transformation", "public R apply(R r) { return r; }"))
                .withClass(
                        "my.Odd",
                        STAGE.formatted(
                                "Odd", "transforms.predicates.Predicate", "public boolean test(R r) { return true; }"))
                .withClass("my.Json", JSON)
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
                "connector.class=my.Source;name=s;producer.override.linger.ms=abc | 1 | producer.override.linger.ms",
                "connector.class=my.Source;name=s;producer.override.batch.size=-7 | 1 | producer.override.batch.size",
                "connector.class=my.Sink;name=s;topics=a;consumer.override.max.poll.records=x | 1 | consumer.override.max.poll.records",
                "connector.class=my.Source;name=s;producer.override.enable.idempotence=true;producer.override.acks=1 | 2"
                        + " | producer.override.acks",
                "connector.class=my.Source;name=s;producer.override.enable.idempotence=TRUE;producer.override.retries=0 | 2"
                        + " | producer.override.enable.idempotence",
                "connector.class=my.Source;name=s;producer.override.enable.idempotence=true;producer.override.acks=0;"
                        + "producer.override.retries=0 | 3 | producer.override.retries",
                "connector.class=my.Sink;name=s;topics=a;errors.deadletterqueue.topic.name=d;producer.override.acks=1;"
                        + "producer.override.enable.idempotence=true | 2 | producer.override.acks",
                "connector.class=my.Source;name=s;offsets.storage.topic=o;consumer.override.max.poll.records=x | 1"
                        + " | consumer.override.max.poll.records",
                "connector.class=my.Source;name=s;offsets.storage.topic=o;consumer.override.interceptor.classes=x.Y | 1"
                        + " | consumer.override.interceptor.classes",
                "connector.class=my.Source;name=s;offsets.storage.topic=o;admin.override.retries=x | 1 | admin.override.retries",
                "connector.class=my.Source;name=s;offsets.storage.topic=o;admin.override.metric.reporters=x.Y | 1"
                        + " | admin.override.metric.reporters",
                "connector.class=my.Source;name=s;topic.creation.default.partitions=1;topic.creation.default.replication.factor=1;"
                        + "admin.override.retries=x | 1 | admin.override.retries",
                "connector.class=my.Sink;name=s;topics=a;admin.override.retries=x | 1 | admin.override.retries",
                "connector.class=my.Sink;name=s;topics=a;admin.override.metric.reporters=x.Y | 1 | admin.override.metric.reporters",
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
                "connector.class=my.Source;name=s;producer.override.enable.idempotence=true;"
                        + "producer.override.max.in.flight.requests.per.connection=9",
                "connector.class=my.Source;name=s;producer.override.enable.idempotence=false;producer.override.acks=1",
                "connector.class=my.Sink;name=s;topics=a;producer.override.enable.idempotence=true;producer.override.acks=1",
                "connector.class=my.Sink;name=s;topics=a;topics.regex=",
            })
    void accepts(String config) {
        assertThat(validate(config).errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "enable.idempotence, true, acks, 1, acks",
        "acks, 1, enable.idempotence, true, enable.idempotence",
        "retries, 0, enable.idempotence, true, enable.idempotence",
        "enable.idempotence, true, retries, 0, retries",
    })
    void whatContradictsTheWorkersProducersIsAnErrorOfTheConnectorsKeyThatNamesBoth(
            String workers, String workersValue, String connectors, String connectorsValue, String key) {
        ConfigInfos infos = validateOn(
                false,
                Map.of(workers, workersValue),
                "connector.class=my.Source;name=s;producer.override." + connectors + "=" + connectorsValue);

        assertThat(infos.errorCount()).isEqualTo(1);
        assertThat(value(infos, "producer.override." + key).errors())
                .singleElement()
                .asString()
                .contains("producer." + workers, "producer.override." + connectors, "leave one of the two out");
    }

    @Test
    void aWorkerWhoseProducersContradictThemselvesTakesNoSourceThatDoesNotSetThemRight() {
        Map<String, String> worker = Map.of("enable.idempotence", "true", "acks", "1");

        assertThat(value(validateOn(false, worker, "connector.class=my.Source;name=s"), "producer.override.acks")
                        .errors())
                .singleElement()
                .asString()
                .contains("producer.acks", "producer.enable.idempotence=true");
        assertThat(validateOn(false, worker, "connector.class=my.Source;name=s;producer.override.acks=all")
                        .errors())
                .isEmpty();
        assertThat(validateOn(false, worker, "connector.class=my.Sink;name=s;topics=a")
                        .errors())
                .isEmpty();
    }

    @Test
    void transactionsTakeWhatTheyNeedSoThatNothingContradictsThem() {
        String contradicting = "producer.override.enable.idempotence=true;producer.override.acks=1";

        assertThat(validateOn(true, Map.of(), "connector.class=my.Source;name=s;" + contradicting)
                        .errors())
                .isEmpty();
        assertThat(validateOn(
                                true,
                                Map.of(),
                                "connector.class=my.Sink;name=s;topics=a;errors.deadletterqueue.topic.name=d;"
                                        + contradicting)
                        .errorCount())
                .isEqualTo(2);
    }

    /** With its consumer such a worker reads offsets where the source writes, and with its admin client it fences tasks. */
    @Test
    void aWorkerWithTransactionsChecksTheClientsThatTheseNeed() {
        String elsewhere = "producer.override.bootstrap.servers";
        String source =
                "connector.class=my.Source;name=s;consumer.override.max.poll.records=x;admin.override.retries=x";

        assertThat(refused(validateOn(true, Map.of(), source))).containsExactly("admin.override.retries");
        assertThat(refused(validateOn(true, Map.of("bootstrap.servers", "far:1"), source)))
                .containsExactlyInAnyOrder("admin.override.retries", "consumer.override.max.poll.records");
        assertThat(refused(validateOn(true, Map.of(), source + ";" + elsewhere + "=far:1")))
                .as("the policy of these tests does not let connectors choose their brokers")
                .containsExactlyInAnyOrder("admin.override.retries", "consumer.override.max.poll.records", elsewhere);
        assertThat(refused(validateOn(false, Map.of("bootstrap.servers", "far:1"), source)))
                .isEmpty();
    }

    private static List<String> refused(ConfigInfos infos) {
        return infos.configs().stream()
                .map(ConfigInfo::value)
                .filter(value -> value != null && !value.errors().isEmpty())
                .map(ConfigInfo.Value::name)
                .toList();
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
    void blanksAroundTheNameOfAPluginAreNotPartOfIt() {
        ConfigInfos infos = validate("connector.class= my.Source\t;name=s;connector.plugin.version= 7.0 ;transforms=a;"
                + "transforms.a.type= my.Suffix ;value.converter= StringConverter ;"
                + "value.converter.converter.encoding=x");

        assertThat(names(infos)).contains("mode", "transforms.a.suffix", "value.converter.converter.encoding");
        assertThat(infos.errors())
                .isEqualTo(validate("connector.class=my.Source;name=s;connector.plugin.version=7.0;"
                                + "transforms=a;transforms.a.type=my.Suffix;"
                                + "value.converter=StringConverter;value.converter.converter.encoding=x")
                        .errors());
    }

    /** As in Kafka Connect, whose clients show the keys that were given. */
    @ParameterizedTest
    @ValueSource(strings = {"key", "value", "header"})
    void theVersionOfAConverterThatIsNotThereIsShown(String what) {
        String key = what + ".converter";

        ConfigInfos infos =
                validate("connector.class=my.Source;name=s;" + key + "=no.such.C;" + key + ".plugin.version=1.0");

        assertThat(value(infos, key).errors()).isNotEmpty();
        assertThat(value(infos, key + ".plugin.version").value()).isEqualTo("1.0");
        assertThat(definition(infos, key + ".plugin.version").type()).isEqualTo("STRING");
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
    void noWarningAndNoAdviceQuotesWhatAReferenceStandsFor() {
        UnaryOperator<Map<String, @Nullable String>> resolver = given -> {
            Map<String, @Nullable String> resolved = new HashMap<>(given);
            resolved.replaceAll((key, value) -> value == null
                    ? null
                    : value.replace("${file:f:a}", "hunter2").replace("${file:f:b}", "swordfish"));
            return resolved;
        };
        Surroundings surroundings = new Surroundings(() -> Optional.of(Set.of("other")), Map.of());
        try (ValidationService service =
                new ValidationService(plugins, settings(resolver, Duration.ofMinutes(2)), surroundings)) {
            ConfigInfos infos = service.validate(
                            config("connector.class=my.Sink;name=s;topics=${file:f:a},x-${file:f:b}-y;"
                                    + "transforms=${file:f:b};transforms.t.z=1"))
                    .toCompletableFuture()
                    .join();

            assertThat(infos.warnings())
                    .anyMatch(warning -> warning.contains("There is no topic ${file:f:a};"))
                    .anyMatch(warning -> warning.contains("There is no topic x-${file:f:b}-y;"))
                    .anyMatch(warning -> warning.contains("transforms=${file:f:b} does not list t"));
            assertThat(infos.warnings().toString()).doesNotContain("hunter2", "swordfish");
            assertThat(infos.configs().stream()
                            .filter(info -> info.definition() != null
                                    && "Unknown keys".equals(info.definition().group()))
                            .toList()
                            .toString())
                    .contains("does not list t")
                    .doesNotContain("hunter2", "swordfish");
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
    void pluginsThatHangForEverHoldUpNobodyElse() {
        CountDownLatch end = new CountDownLatch(1);
        UnaryOperator<Map<String, @Nullable String>> resolver = config -> {
            while (config.containsKey("hang") && end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException ignored) {
                    // As a plugin that cannot be interrupted.
                }
            }
            return config;
        };
        try (ValidationService service = service(resolver, Duration.ofSeconds(1))) {
            for (int round = 0; round < 3; round++) {
                List<CompletableFuture<ConfigInfos>> hanging = Stream.generate(
                                () -> service.validate(config("connector.class=my.Source;name=s;hang=yes"))
                                        .toCompletableFuture())
                        .limit(4)
                        .toList();
                hanging.forEach(one -> assertThatThrownBy(one::join).hasCauseInstanceOf(TimeoutException.class));
            }

            assertThat(service.run("another", () -> "answered")
                            .toCompletableFuture()
                            .join())
                    .isEqualTo("answered");
        } finally {
            end.countDown();
        }
    }

    /** Or whoever uses several has several parts of the threads. */
    @Test
    void aPluginIsTheSameUnderEachOfItsNames() {
        CountDownLatch end = new CountDownLatch(1);
        UnaryOperator<Map<String, @Nullable String>> resolver = config -> {
            try {
                end.await();
            } catch (InterruptedException ignored) {
                // The service closes.
            }
            return config;
        };
        List<String> names = List.of("my.Source", "Source", " my.Source ");
        try (ValidationService service = service(resolver, Duration.ofMinutes(2))) {
            // More than run and wait for one plugin; for each of the names they would be less.
            for (int i = 0; i < 130; i++) {
                var unused = service.validate(config("name=s;connector.class=" + names.get(i % names.size())));
            }

            for (String name : names) {
                assertThat(service.validate(config("name=s;connector.class=" + name))
                                .toCompletableFuture())
                        .failsWithin(Duration.ZERO)
                        .withThrowableThat()
                        .withCauseInstanceOf(TooManyValidationsException.class);
            }
            assertThat(service.configOf("Source", null).toCompletableFuture())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(TooManyValidationsException.class);
            assertThat(service.validate(config("name=s;connector.class=my.Sink"))
                            .toCompletableFuture())
                    .isNotCompletedExceptionally();
        } finally {
            end.countDown();
        }
    }

    @Test
    void noPartOfASecretIsToldThoughAnotherBeginsTheSameOrItStandsWithinAValue() {
        UnaryOperator<Map<String, @Nullable String>> resolver = config -> {
            Map<String, @Nullable String> resolved = new HashMap<>(config);
            resolved.replaceAll((key, value) ->
                    value == null ? null : value.replace("${p:short}", "horse").replace("${p:long}", "horse-staple"));
            return resolved;
        };
        try (ValidationService service = service(resolver, Duration.ofMinutes(2))) {
            assertThat(Unresolved.between(
                                    config("a=${p:short};b=${p:long};url=db://${p:user}:${p:pw}@host"),
                                    config("a=horse;b=horse-staple;url=db://scott:tiger@host"))
                            .shown(new IllegalStateException("cannot use horse-staple, horse, nor scott with tiger"))
                            .getMessage())
                    .contains("cannot use ${p:long}, ${p:short}, nor ${p:user} with ${p:pw}");
            assertThat(value(
                                    service.validate(
                                                    config(
                                                            "connector.class=my.Source;name=s;mode=at ${p:long};secret=${p:short}"))
                                            .toCompletableFuture()
                                            .join(),
                                    "mode")
                            .errors())
                    .singleElement()
                    .asString()
                    .doesNotContain("staple", "horse");
        }
    }

    @Test
    void aConfigThatIsRefusedForWhatAProviderGaveIsRefusedAndTheValueNotTold() {
        UnaryOperator<Map<String, @Nullable String>> resolver = config -> {
            Map<String, @Nullable String> resolved = new HashMap<>(config);
            resolved.put("connector.class", "my.hunter2");
            return resolved;
        };
        try (ValidationService service = service(resolver, Duration.ofMinutes(2))) {
            assertThatThrownBy(() -> service.validate(config("connector.class=${p:class};name=s"))
                            .toCompletableFuture()
                            .join())
                    .hasMessageContaining("${p:class}")
                    .hasMessageNotContaining("hunter2")
                    .cause()
                    .matches(WrongConfig::isCauseOf);
        }
    }

    @Test
    void aConfigOfTenThousandUnknownKeysIsJudgedAtOnce() {
        Map<String, @Nullable String> config = config("connector.class=my.Source;name=s");
        for (int i = 0; i < 10_000; i++) {
            config.put("unknown.key.that.resembles.nothing." + i, "");
        }

        ConfigInfos infos = validate(config);

        assertThat(infos.warnings()).hasSize(201);
        assertThat(infos.warnings().get(200)).startsWith("9800 more keys");
    }

    @Test
    void aTransformOrConverterThatLacksAClassIsAnErrorOfItsKeyThatNamesTheClass() {
        ConfigInfos infos = validate("connector.class=my.Source;name=s;transforms=t;transforms.t.type=my.Unlinked;"
                + "value.converter=my.UnlinkedConverter");

        for (String key : List.of("transforms.t.type", "value.converter")) {
            assertThat(value(infos, key).errors())
                    .as(key)
                    .singleElement()
                    .asString()
                    .contains("my.Unlinked", "unlinked.jar", "the class lib.Gone is missing", "Add the jar")
                    .doesNotContain("does not implement");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"connector.class=my.UnlinkedSink;name=s;topics=t", "connector.class=my.Source;name=s;how=link"})
    void aConnectorThatLacksAClassIsRefusedWithTheClass(String config) {
        assertThatThrownBy(() -> validate(config))
                .hasCauseInstanceOf(PluginLoadException.class)
                .hasMessageContaining("the class lib.Gone is missing")
                .hasMessageContaining("The plugin my.");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connector.class=my.Source;name=s;mod=fancy | mod | mode",
                "connector.class=my.Source;name=s;task.max=2 | task.max | tasks.max",
                "connector.class=my.Source;name=s;errors.restart.dealy.ms=2 | errors.restart.dealy.ms | errors.restart.delay.ms",
                "connector.class=my.Source;name=s;transforms=a;transforms.a.type=my.Suffix;transforms.a.suffix=x;transforms.a.tims=2"
                        + " | transforms.a.tims | transforms.a.times",
                "connector.class=my.Source;name=s;transforms=id;transforms.id.type=my.Suffix;transforms.id.suffix=x;transforms.key.suffix=2"
                        + " | transforms.key.suffix | ",
                "connector.class=my.Source;name=s;transforms.key.type=my.Suffix | transforms.key.type | ",
                "connector.class=my.Source;name=s;transforms=mask;transforms.mask.type=my.Suffix;transforms.mask.suffix=x;transforms.maks.times=2"
                        + " | transforms.maks.times | transforms.mask.times",
                "connector.class=my.Source;name=s;producer.override.lingr.ms=5 | producer.override.lingr.ms |",
                "connector.class=my.Source;name=s;producer.overide.linger.ms=5 | producer.overide.linger.ms | producer.override.linger.ms",
                "connector.class=my.Source;name=s;topic.creation.default.partition=5 | topic.creation.default.partition"
                        + " | topic.creation.default.partitions",
                "connector.class=my.Source;name=s;topic.creation.big.partitions=5 | topic.creation.big.partitions | ",
                "connector.class=my.Source;name=s;value.converter.schemas.enable=false | value.converter.schemas.enable | ",
                "connector.class=my.Source;name=s;value.converter=StringConverter;value.converter.converter.encodng=x"
                        + " | value.converter.converter.encodng | value.converter.converter.encoding",
                "connector.class=my.Source;name=s;entirely.else=1 | entirely.else | ",
            })
    void anUnknownKeyIsToldWithTheNearestThatIsKnown(String config, String key, @Nullable String nearest) {
        ConfigInfos infos = validate(config);

        assertThat(infos.warnings()).hasSize(1).first().asString().contains("The key " + key + " ");
        assertThat(infos.groups()).doesNotContain(Advice.GROUP);
        assertThat(infos.warnings().get(0).contains("Did you mean"))
                .isEqualTo(nearest != null || key.contains("override."));
        if (!key.startsWith("producer.override.")) { // those have an entry of Kafka Connect's, without a definition
            assertThat(definition(infos, key).group()).isEqualTo(Advice.GROUP);
            assertThat(definition(infos, key).documentation())
                    .isEqualTo(infos.warnings().get(0));
            assertThat(value(infos, key).recommendedValues()).isEqualTo(nearest == null ? List.of() : List.of(nearest));
            assertThat(value(infos, key).errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connector.class=my.Source;name=s;producer.override.linger.ms=5;producer.override.my.interceptor.key=x",
                "connector.class=my.Source;name=s;value.converter=StringConverter;value.converter.my.own=x",
                "connector.class=my.Source;name=s;topic.creation.groups=big;topic.creation.big.include=b.*;"
                        + "topic.creation.big.partitions=5;topic.creation.default.replication.factor=1;topic.creation.big.retention.ms=1",
                "connector.class=my.Source;name=s;errors.restart.max=1;config.action.reload=none",
                "connector.class=my.Source;name=s;transforms=a.b;transforms.a.b.type=my.Suffix;transforms.a.b.suffix=x",
                "connector.class=my.Source;name=s;transforms=a;transforms.a.type=no.Such;transforms.a.what=x",
            })
    void keysThatSomebodyReadsAreNotTold(String config) {
        assertThat(validate(config).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mod=fancy | mod | fancy",
                "secrt=hunter2 | secrt |",
                "connection.pasword=hunter2 | connection.pasword |",
                "mode.token=hunter2 | mode.token |",
                "entirely.else=hunter2 | entirely.else |",
            })
    void theValueOfAnUnknownKeyThatMayBeASecretIsNotShown(String entry, String key, @Nullable String shown) {
        ConfigInfos infos = validate("connector.class=my.Source;name=s;" + entry);

        assertThat(value(infos, key).value()).isEqualTo(shown);
        assertThat(infos.toString()).doesNotContain("hunter2");
    }

    @Test
    void aRequiredKeyThatIsMissingNamesTheOneThatWasWritten() {
        ConfigInfos infos = validate("connector.class=my.Strict;name=s;topics.prefix=p-");

        assertThat(infos.errorCount()).isEqualTo(1);
        assertThat(value(infos, "topic.prefix").errors())
                .singleElement()
                .asString()
                .contains("The config has topics.prefix, which nobody reads. Did you mean topic.prefix?");
    }

    @Test
    void aMistypedChoiceNamesTheNearest() {
        assertThat(value(validate("connector.class=my.Source;name=s;mode=fanzy"), "mode")
                        .errors())
                .singleElement()
                .asString()
                .endsWith("plain, fancy. Did you mean fancy?");
        assertThat(value(validate("connector.class=my.Source;name=s;errors.tolerance=nome"), "errors.tolerance")
                        .errors())
                .singleElement()
                .asString()
                .endsWith("Did you mean none?");
        assertThat(value(validate("connector.class=my.Source;name=s;mode=qqqqq"), "mode")
                        .errors())
                .singleElement()
                .asString()
                .doesNotContain("Did you mean");
    }

    @Test
    void aTopicThatDoesNotExistIsToldWithTheNearest() {
        try (ValidationService service = in(Set.of("shop.orders", "other"), Map.of())) {
            assertThat(warnings(service, "connector.class=my.Sink;name=s;topics=shop.order,other"))
                    .singleElement()
                    .asString()
                    .contains("There is no topic shop.order;")
                    .endsWith("Did you mean shop.orders?");
            assertThat(warnings(service, "connector.class=my.Sink;name=s;topics.regex=shap[.].*"))
                    .singleElement()
                    .asString()
                    .contains("No topic matches topics.regex=shap[.].*");
            assertThat(warnings(service, "connector.class=my.Sink;name=s;topics.regex=shop[.].*"))
                    .isEmpty();
            assertThat(warnings(service, "connector.class=my.Sink;name=s;topics=other"))
                    .isEmpty();
        }
    }

    @Test
    void topicsThatCannotBeListedAreNotJudged() {
        assertThat(validate("connector.class=my.Sink;name=s;topics=none").warnings())
                .isEmpty();
    }

    @Test
    void aSinkThatNeedsSchemasAndGetsNoneIsTold() {
        String config = "connector.class=my.Sink;name=s;topics=t;auto.create=true";
        String json = ";value.converter=my.Json";
        try (ValidationService service = in(Set.of("t"), Map.of())) {
            assertThat(warnings(service, config + json + ";value.converter.schemas.enable=false"))
                    .anyMatch(text -> text.contains("auto.create=true needs records with schemas"));
            assertThat(warnings(service, config + json)).noneMatch(text -> text.contains("needs records with schemas"));
            assertThat(warnings(service, config)).noneMatch(text -> text.contains("needs records with schemas"));
        }
    }

    @Test
    void anUnresolvedReferenceIsAnErrorOfItsKeyAndTheConnectorIsNotAsked() {
        UnaryOperator<Map<String, @Nullable String>> resolver = given -> {
            try (Secrets none = Secrets.open(Map.of(), plugins)) {
                return none.resolve(given);
            }
        };
        Map<String, @Nullable String> config = config(
                "connector.class=my.Source;name=s;secret=${file:/etc/s:pw};how=throw;transforms=x;transforms.x.type=my.Suffix");
        try (ValidationService service = service(resolver, Duration.ofSeconds(20))) {
            ConfigInfos infos = service.validate(config).toCompletableFuture().join();

            assertThat(infos.errorCount()).isEqualTo(1);
            assertThat(value(infos, "secret").errors())
                    .singleElement()
                    .asString()
                    .contains(
                            "secret refers to key 'pw' of '/etc/s' by config provider 'file', which this worker does not have");
            assertThat(names(infos)).contains("mode", "tasks.max", "transforms.x.suffix");
            assertThatThrownBy(() -> service.check(config).toCompletableFuture().join())
                    .hasCauseInstanceOf(BadRequestException.class)
                    .hasMessageContaining("config provider 'file'");
        }
    }

    @Test
    void aCheckTellsItsErrorsWithTheirKeysAndItsWarningsBesides() {
        try (ValidationService service = service(UnaryOperator.identity(), Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> service.check(config("connector.class=my.Source;name=s;transforms=a,a;mod=x"
                                    + ";transforms.a.type=my.Suffix;transforms.a.suffix=x"))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(BadRequestException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            BadRequestException.class,
                            refused -> assertThat(refused.warnings()).hasSize(1))
                    .hasMessageContaining("transforms");
            assertThat(service.check(config("connector.class=my.Source;name=s;mod=x"))
                            .toCompletableFuture()
                            .join())
                    .hasSize(1);
        }
    }

    private static ValidationService in(Set<String> topics, Map<String, String> valueConverter) {
        return new ValidationService(
                plugins,
                settings(UnaryOperator.identity(), Duration.ofSeconds(20)),
                new Surroundings(() -> Optional.of(topics), valueConverter));
    }

    private static List<String> warnings(ValidationService service, String config) {
        return service.validate(config(config)).toCompletableFuture().join().warnings().stream()
                .filter(text -> !text.startsWith("The key "))
                .toList();
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
        return new ValidationService(plugins, settings(resolver, limit));
    }

    private static ValidationSettings settings(UnaryOperator<Map<String, @Nullable String>> resolver, Duration limit) {
        return settings(false, Map.of(), resolver, limit);
    }

    private static ValidationSettings settings(
            boolean exactlyOnce,
            Map<String, String> producer,
            UnaryOperator<Map<String, @Nullable String>> resolver,
            Duration limit) {
        return new ValidationSettings(
                PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                PluginChoice.of("org.apache.kafka.connect.storage.SimpleHeaderConverter"),
                exactlyOnce,
                true,
                new OverridePolicy.Allowlist(Set.copyOf(OverridePolicy.HARMLESS)),
                producer,
                Map.of("config.storage.topic", "the-configs", "offset.storage.topic", "the-offsets"),
                resolver,
                limit);
    }

    private static List<String> errorsOf(ConfigInfos infos, String key) {
        return infos.configs().stream()
                .map(ConfigInfo::value)
                .filter(value -> value != null && value.name().equals(key))
                .flatMap(value -> value.errors().stream())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "my.Source, topic, the-configs, config.storage.topic",
        "my.Source, kafka.topic, the-offsets, offset.storage.topic",
        "my.Source, offsets.storage.topic, the-configs, config.storage.topic",
        "my.Sink, errors.deadletterqueue.topic.name, the-offsets, offset.storage.topic"
    })
    void noConnectorIsToldToWriteIntoTheWorkersOwnState(String type, String key, String topic, String workersKey) {
        String config = "connector.class=" + type + ";name=c;topics=t;" + key + "=" + topic;
        assertThat(errorsOf(validateOn(false, Map.of(), config), key))
                .singleElement()
                .asString()
                .contains("Is the worker's " + workersKey, topic);
        assertThat(errorsOf(validateOn(false, Map.of("bootstrap.servers", "elsewhere:9092"), config), key))
                .isEmpty();
    }

    @Test
    void aSourceMayNameTheWorkersTopicOfOffsetsForItsOffsetsAndNotForItsRecords() {
        assertThat(errorsOf(
                        validateOn(
                                false, Map.of(), "connector.class=my.Source;name=c;offsets.storage.topic=the-offsets"),
                        "offsets.storage.topic"))
                .isEmpty();
        assertThat(errorsOf(
                        validateOn(
                                false,
                                Map.of(),
                                "connector.class=my.Source;name=c;offsets.storage.topic=own;topic=own"),
                        "topic"))
                .singleElement()
                .asString()
                .contains("offsets.storage.topic");
    }

    @ParameterizedTest
    @CsvSource({
        "my.Source, offsets.storage.topic, ../x",
        "my.Source, offsets.storage.topic, ..",
        "my.Sink, errors.deadletterqueue.topic.name, a b"
    })
    void aTopicThatBrokersDoNotTakeIsAnErrorOfItsKey(String type, String key, String topic) {
        ConfigInfos infos =
                validateOn(false, Map.of(), "connector.class=" + type + ";name=c;topics=t;" + key + "=" + topic);
        assertThat(errorsOf(infos, key))
                .singleElement()
                .asString()
                .contains("Invalid value " + topic + " for configuration " + key);
    }

    @Test
    void keysOfSinksInASourceAreToldAndRefuseNothing() {
        ConfigInfos infos = validateOn(
                false,
                Map.of(),
                "connector.class=my.Source;name=c;errors.deadletterqueue.topic.name=dead;errors.deadletterqueue.context.headers.enable=true");

        assertThat(infos.errorCount()).isZero();
        assertThat(infos.warnings())
                .singleElement()
                .asString()
                .startsWith("Only sinks have a dead letter queue")
                .contains("errors.deadletterqueue.topic.name", "errors.deadletterqueue.context.headers.enable");
    }

    /** On a worker that offers exactly-once delivery or not, and sets its connectors' producers in a way of its own. */
    private static ConfigInfos validateOn(boolean exactlyOnce, Map<String, String> producer, String config) {
        ValidationSettings settings = settings(exactlyOnce, producer, UnaryOperator.identity(), Duration.ofMinutes(2));
        try (ValidationService service = new ValidationService(plugins, settings)) {
            return service.validate(config(config)).toCompletableFuture().join();
        }
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
