/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.advice.Surroundings;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.infos.Rendering;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions and answers of plugins that are not as they should be: none may be the reason that validation itself fails. */
final class OddPluginsTest {
    private static final String ODD = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.*;
            import org.apache.kafka.connect.connector.Task;
            public class Odd extends org.apache.kafka.connect.source.SourceConnector {
                public String version() { return "1"; }
                public void start(Map<String, String> props) {}
                public Class<? extends Task> taskClass() { return null; }
                public List<Map<String, String>> taskConfigs(int max) { return List.of(); }
                public void stop() {}
                static class Tables implements ConfigDef.Recommender {
                    public List<Object> validValues(String name, Map<String, Object> parsed) {
                        return Arrays.asList("orders", "customers", null, 7, String.class);
                    }
                    public boolean visible(String name, Map<String, Object> parsed) {
                        if ("visible".equals(parsed.get("odd"))) throw new IllegalStateException("not visible");
                        return true;
                    }
                }
                public ConfigDef config() {
                    return new ConfigDef()
                        .define("odd", ConfigDef.Type.STRING, "no", null, null, null, null, -1, null, null,
                            List.of("table.whitelist"))
                        .define("table.whitelist", ConfigDef.Type.LIST, List.of(), null, ConfigDef.Importance.LOW, "Tables.",
                            "Tables", 1, ConfigDef.Width.LONG, "Tables", List.of("not.there"), new Tables())
                        .define("count", ConfigDef.Type.INT, 1, (name, value) -> {
                            if ("7".equals(String.valueOf(value))) throw new IllegalStateException("seven");
                        }, ConfigDef.Importance.LOW, "Count.");
                }
                public Config validate(Map<String, String> props) {
                    String odd = props.getOrDefault("odd", "no");
                    switch (odd) {
                        case "null": return null;
                        case "null values": return new Config(null);
                        case "lists": return new Config(Arrays.asList(null, new ConfigValue("count", 1, null, null),
                            new ConfigValue("nobody", new Object[0], Arrays.asList(1, null), Arrays.asList("wrong", null)),
                            new ConfigValue(null, null, List.of(), List.of())));
                        case "types": return new Config(List.of(
                            new ConfigValue("table.whitelist", "no list", List.of(List.of("a")), List.of()),
                            new ConfigValue("count", List.of(1), List.of("x"), List.of()),
                            new ConfigValue("count", Map.of(), List.of("y"), List.of("second"))));
                        case "throw": throw new NullPointerException();
                        case "link": throw new NoClassDefFoundError("gone/Away");
                        default: return super.validate(props);
                    }
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static Plugins plugins;

    @BeforeAll
    static void open() {
        new PluginJar().withClass("my.Odd", ODD).writeTo(folder.resolve("odd.jar"));
        plugins = Plugins.discover(PluginSearch.of(folder.toString(), null, "hybrid_warn"));
    }

    @AfterAll
    static void close() {
        plugins.close();
    }

    private static ConfigInfos validate(String... config) {
        Map<String, @Nullable String> all = new LinkedHashMap<>();
        all.put("name", "odd");
        all.put("connector.class", "my.Odd");
        for (int i = 0; i < config.length; i += 2) {
            all.put(config[i], config[i + 1]);
        }
        ValidationSettings settings = new ValidationSettings(
                PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                PluginChoice.of("org.apache.kafka.connect.storage.SimpleHeaderConverter"),
                false,
                true,
                new OverridePolicy.Allowlist(Set.of()),
                Map.of(),
                Map.of(),
                UnaryOperator.identity(),
                Duration.ofSeconds(60));
        return new ConfigValidation(plugins, settings, Surroundings.UNKNOWN).validate(all);
    }

    /** As Confluent's and Aiven's JDBC sources do: a key of a list, and recommendations for its elements. */
    @Test
    void recommendationsForAListAreItsElements() {
        ConfigInfo.Value value = value(validate(), "table.whitelist");

        assertThat(value.value()).isEmpty();
        assertThat(value.recommendedValues()).containsExactly("orders", "customers", "7", "java.lang.String");
    }

    @Test
    void aDependentThatDoesNotExistIsAnErrorOfItsOwn() {
        assertThat(value(validate(), "not.there").errors())
                .singleElement()
                .asString()
                .contains("not.there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lists", "types"})
    void oddAnswersAreShownForWhatTheyAre(String odd) {
        ConfigInfos infos = validate("odd", odd);

        assertThat(infos.errors()).contains(odd.equals("lists") ? "wrong" : "second");
        assertThat(infos.errorCount()).isEqualTo(infos.errors().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "null values"})
    void noAnswerIsRefusedByTheNameOfThePlugin(String odd) {
        assertThatThrownBy(() -> validate("odd", odd))
                .isInstanceOf(io.levada.runtime.herder.BadRequestException.class)
                .hasMessageContaining("my.Odd.validate()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "visible"})
    void aFailureNamesThePlugin(String odd) {
        assertThatThrownBy(() -> validate("odd", odd)).hasMessageStartingWith("my.Odd failed in validate(): ");
    }

    @Test
    void aMissingClassNamesPluginAndClass() {
        assertThatThrownBy(() -> validate("odd", "link"))
                .isInstanceOf(io.levada.runtime.plugins.PluginLoadException.class)
                .hasMessageStartingWith("The plugin my.Odd cannot go on: the class gone.Away is missing");
    }

    @Test
    void aValidatorThatFailsNamesThePlugin() {
        assertThatThrownBy(() -> validate("count", "7"))
                .hasMessage("my.Odd failed in validate(): java.lang.IllegalStateException: seven");
    }

    /** Every type of key meets every kind of object, as value, recommendation and default. */
    @ParameterizedTest
    @EnumSource(ConfigDef.Type.class)
    void anyObjectCanBeShownUnderAnyType(ConfigDef.Type type) {
        List<@Nullable Object> objects = Arrays.asList(
                null,
                true,
                (short) 1,
                2,
                3L,
                4.5,
                "text",
                new BigDecimal("6.70"),
                List.of("a", 1),
                Map.of("a", 1),
                String.class,
                new Password("hunter2"),
                new Object[] {1},
                new int[] {1},
                type);
        for (Object object : objects) {
            ConfigDef def = new ConfigDef().define("key", type, ConfigDef.NO_DEFAULT_VALUE, null, "");
            ConfigValue value = new ConfigValue(
                    "key",
                    object,
                    new ArrayList<>(Arrays.asList(object, null)),
                    new ArrayList<>(Arrays.asList("e", null)));
            ConfigInfos infos = Rendering.all("c", def.configKeys(), List.of(value), List.of());

            assertThat(infos.errorCount()).isEqualTo(1);
            assertThat(infos.toString()).doesNotContain("hunter2");
            assertThat(Rendering.prefixed("p.", def.configKeys(), List.of(value))
                            .configs())
                    .hasSize(1);
        }
    }

    @Test
    void aSecretIsHiddenAlsoIfThePluginGivesItAsPlainText() {
        ConfigDef def = new ConfigDef().define("key", ConfigDef.Type.PASSWORD, ConfigDef.Importance.LOW, "");
        ConfigValue plain = new ConfigValue("key", "hunter2", List.of(), List.of());

        assertThat(value(Rendering.all("c", def.configKeys(), List.of(plain), List.of()), "key")
                        .value())
                .isEqualTo("[hidden]");
    }

    private static ConfigInfo.Value value(ConfigInfos infos, String key) {
        return infos.configs().stream()
                .map(ConfigInfo::value)
                .filter(value -> value != null && value.name().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
