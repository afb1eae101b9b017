/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.advice.Surroundings;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source's config asks for is asked of the connector (KIP-618), or must make sense (KIP-158), before anything is created. */
final class SourcePromisesTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final String EXACTLY_ONCE = "exactly.once.support";
    private static final String BOUNDARY = "transaction.boundary";

    @AfterAll
    static void close() {
        PLUGINS.close();
    }

    @Test
    void aConnectorThatSupportsExactlyOnceIsAccepted() {
        assertThat(validate(true, EXACTLY_ONCE, "required", "once", "SUPPORTED").errors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNSUPPORTED | The connector does not support exactly-once delivery with this configuration.",
                "nothing | The connector does not say whether it supports exactly-once delivery.",
                "broken | The connector failed when it was asked: java.lang.IllegalStateException: asked too much",
                "old | The connector failed when it was asked: java.lang.AbstractMethodError",
            })
    void oneThatDoesNotIsRefusedWhereItIsRequired(String answer, String error) {
        ConfigInfos infos = validate(true, EXACTLY_ONCE, "REQUIRED", "once", answer);

        assertThat(infos.errorCount()).isEqualTo(1);
        assertThat(errors(infos, EXACTLY_ONCE)).singleElement().asString().startsWith(error);
        assertThat(validate(true, EXACTLY_ONCE, "requested", "once", answer).errors())
                .as("it is not asked")
                .isEmpty();
    }

    @Test
    void aWorkerThatDoesNotOfferExactlyOnceRefusesWhateverTheConnectorSays() {
        assertThat(errors(validate(false, EXACTLY_ONCE, "required", "once", "SUPPORTED"), EXACTLY_ONCE))
                .singleElement()
                .asString()
                .contains("exactly.once.source.support=enabled");
    }

    @Test
    void aConnectorThatDefinesItsTransactionsIsAccepted() {
        assertThat(validate(true, BOUNDARY, "connector", "bounds", "SUPPORTED").errors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNSUPPORTED | The connector does not define transaction boundaries with this configuration; use poll or interval.",
                "nothing | The connector does not define transaction boundaries with this configuration; use poll or interval.",
                "broken | The connector failed when it was asked: java.lang.IllegalStateException: asked too much",
            })
    void oneThatDoesNotIsRefusedWhereItShould(String answer, String error) {
        ConfigInfos infos = validate(true, BOUNDARY, "Connector", "bounds", answer);

        assertThat(infos.errorCount()).isEqualTo(1);
        assertThat(errors(infos, BOUNDARY)).containsExactly(error);
        assertThat(validate(true, BOUNDARY, "poll", "bounds", answer).errors())
                .as("it is not asked")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic.creation.g.include | ( | Invalid value ( for configuration topic.creation.g.include: Not a regular expression",
                "topic.creation.g.exclude | [a | Invalid value [a for configuration topic.creation.g.exclude: Not a regular expression",
                "topic.creation.g.partitions | 0 | Invalid value 0 for configuration topic.creation.g.partitions: Must be from 1",
                "topic.creation.g.replication.factor | x | Invalid value x for configuration topic.creation.g.replication.factor: Not a",
                "topic.creation.default.partitions | -2 | Invalid value -2 for configuration topic.creation.default.partitions: Must",
                "topic.creation.default.replication.factor | 32768 | Invalid value 32768 for configuration topic.creation.default.repl",
            })
    void aTopicCreationKeyThatMakesNoSenseIsAnErrorOfThatKey(String key, String value, String error) {
        ConfigInfos infos = validate(
                false,
                "topic.creation.groups",
                "g",
                "topic.creation.g.include",
                ".*",
                "topic.creation.default.partitions",
                "1",
                "topic.creation.default.replication.factor",
                "1",
                key,
                value);

        assertThat(infos.errorCount()).isEqualTo(1);
        assertThat(errors(infos, key)).singleElement().asString().startsWith(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic.creation.groups", "topic.creation.g.include", "topic.creation.default.retention.ms"})
    void anyTopicCreationKeyRequiresThoseOfTheDefaultGroup(String key) {
        ConfigInfos infos = validate(false, key, "7");

        assertThat(infos.errors())
                .containsExactlyInAnyOrder(
                        "Missing required configuration \"topic.creation.default.partitions\" which has no default value.",
                        "Missing required configuration \"topic.creation.default.replication.factor\" which has no default"
                                + " value.");
    }

    /** As in Kafka Connect: a group without topics takes none, and one that is not listed is none, which a warning says. */
    @Test
    void aGroupWithoutTopicsAndOneThatIsNotListedAreAccepted() {
        ConfigInfos infos = validate(
                false,
                "topic.creation.groups",
                "g",
                "topic.creation.default.partitions",
                "1",
                "topic.creation.default.replication.factor",
                "1",
                "topic.creation.other.include",
                "(");

        assertThat(infos.errors()).isEmpty();
        assertThat(infos.warnings()).singleElement().asString().contains("topic.creation.groups does not list other");
    }

    @Test
    void aWorkerThatCreatesNoTopicsDoesNotJudge() {
        ConfigInfos infos = new ConfigValidation(PLUGINS, settings(false, false), Surroundings.UNKNOWN)
                .validate(config("topic.creation.groups", "g", "topic.creation.g.include", "("));

        assertThat(infos.errors()).isEmpty();
        assertThat(infos.warnings())
                .singleElement()
                .asString()
                .contains("topic.creation.enable=false", "topic.creation.g.include");
    }

    private static ConfigInfos validate(boolean exactlyOnce, String... more) {
        return new ConfigValidation(PLUGINS, settings(exactlyOnce, true), Surroundings.UNKNOWN).validate(config(more));
    }

    private static ValidationSettings settings(boolean exactlyOnce, boolean topicCreation) {
        return new ValidationSettings(
                PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                PluginChoice.of("org.apache.kafka.connect.storage.SimpleHeaderConverter"),
                exactlyOnce,
                topicCreation,
                new OverridePolicy.Allowlist(Set.of()),
                Map.of(),
                Map.of(),
                UnaryOperator.identity(),
                Duration.ofMinutes(2));
    }

    private static Map<String, @Nullable String> config(String... more) {
        Map<String, @Nullable String> config = new HashMap<>();
        config.put("name", "s");
        config.put("connector.class", Promising.class.getName());
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    private static List<String> errors(ConfigInfos infos, String key) {
        return infos.configs().stream()
                .map(ConfigInfo::value)
                .filter(Objects::nonNull)
                .filter(value -> value.name().equals(key))
                .flatMap(value -> value.errors().stream())
                .toList();
    }

    /** Promises what its config says. */
    public static final class Promising extends SourceConnector {
        @Override
        @SuppressWarnings("NullAway") // Null is what connectors that do not know the method answer.
        public @Nullable ExactlyOnceSupport exactlyOnceSupport(Map<String, String> config) {
            String answer = answer(config.get("once"));
            return answer == null ? null : ExactlyOnceSupport.valueOf(answer);
        }

        @Override
        @SuppressWarnings("NullAway") // Not permitted, and done.
        public @Nullable ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> config) {
            String answer = answer(config.get("bounds"));
            return answer == null ? null : ConnectorTransactionBoundaries.valueOf(answer);
        }

        private static @Nullable String answer(@Nullable String how) {
            if ("broken".equals(how)) {
                throw new IllegalStateException("asked too much");
            }
            if ("old".equals(how)) {
                throw new AbstractMethodError();
            }
            return "nothing".equals(how) ? null : how;
        }

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public Class<? extends Task> taskClass() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of();
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef()
                    .define("once", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "What it promises.")
                    .define("bounds", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "What else.");
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
