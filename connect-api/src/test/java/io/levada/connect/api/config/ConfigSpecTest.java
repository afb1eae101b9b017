/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ConfigSpecTest {

    enum Mode implements Spelled {
        BULK("bulk"),
        BOTH("timestamp+incrementing");

        private final String spelling;

        Mode(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String spelling() {
            return spelling;
        }
    }

    record Connection(
            @Option(name = "url", doc = "Where.", importance = ConfigDef.Importance.HIGH)
            String url,

            @Option(name = "password", doc = "Secret.", optional = true) @Nullable
            Password password) {}

    record Sample(
            Connection connection,

            @Option(name = "mode", doc = "How.", defaultValue = "bulk")
            Mode mode,

            @Option(name = "column", doc = "Needed by a mode.", optional = true) @Nullable
            String column,

            @Option(name = "pause.ms", doc = "How long.", defaultValue = "1500")
            Duration pause,

            @Option(name = "rows", doc = "How many.", defaultValue = "10", min = 1, max = 100)
            int rows,

            @Option(name = "zone", doc = "Time zone.", defaultValue = "UTC")
            ZoneId zone,

            @Option(name = "dir", doc = "Folder.", defaultValue = "out")
            Path dir,

            @Option(name = "topics", doc = "Topics.", defaultValue = "")
            List<String> topics) {

        static final ConfigSpec<Sample> SPEC = ConfigSpec.of(Sample.class)
                .refusing(Map.of("old.key", "use rows instead"))
                .ignoring(List.of(
                        IgnoredOption.of("cache.size", "nothing is cached"),
                        IgnoredOption.of("locking", "nothing is locked", "none", "Shared")));

        Sample {
            if (mode == Mode.BOTH && column == null) {
                throw new OptionException("column", null, "must be set when mode is timestamp+incrementing");
            }
        }
    }

    @Test
    void bindsDefaultsAndGivenValuesToTheirTypes() {
        Sample config = Sample.SPEC.bind(Map.of(
                "url", "db", "mode", "Timestamp+Incrementing", "column", "id", "topics", "a, b", "password", "pw"));

        assertThat(config.connection().url()).isEqualTo("db");
        assertThat(config.connection().password()).isEqualTo(new Password("pw"));
        assertThat(config.mode()).isEqualTo(Mode.BOTH);
        assertThat(config.pause()).isEqualTo(Duration.ofMillis(1500));
        assertThat(config.zone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(config.dir()).isEqualTo(Path.of("out"));
        assertThat(config.topics()).containsExactly("a", "b");
    }

    @Test
    void acceptsKeysWithoutEffectUnlessTheyAskForOne() {
        Map<String, String> sound = Map.of("url", "db", "cache.size", "7", "locking", " SHARED");
        assertThat(Sample.SPEC.bind(sound)).isEqualTo(Sample.SPEC.bind(Map.of("url", "db")));

        Map<String, String> blank = Map.of("url", "db", "locking", " ", "old.key", "");
        assertThat(Sample.SPEC.bind(blank)).as("asks for nothing").isEqualTo(Sample.SPEC.bind(Map.of("url", "db")));

        Map<String, String> wrong = new HashMap<>(sound);
        wrong.put("locking", "exclusive");
        assertThatThrownBy(() -> Sample.SPEC.bind(wrong))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("locking")
                .hasMessageContaining("nothing is locked. Remove it, or set it to none or Shared");
    }

    @Test
    void reportsEveryProblemTogether() {
        assertThatThrownBy(() -> Sample.SPEC.bind(Map.of(
                        "mode", "sideways", "rows", "1000", "pause.ms", "-1", "zone", "Mars/Base", "old.key", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"url\"")
                .hasMessageContaining("must be one of bulk, timestamp+incrementing")
                .hasMessageContaining("must be between 1 and 100")
                .hasMessageContaining("at least 0")
                .hasMessageContaining("Mars/Base")
                .hasMessageContaining("old.key is not supported by this connector: use rows instead");
    }

    @Test
    void showsAProblemBetweenKeysUnderTheKeyItNames() {
        List<ConfigValue> values = Sample.SPEC
                .validate(Map.of("url", "db", "mode", "timestamp+incrementing"))
                .configValues();

        assertThat(values)
                .filteredOn(v -> !v.errorMessages().isEmpty())
                .singleElement()
                .satisfies(v -> {
                    assertThat(v.name()).isEqualTo("column");
                    assertThat(v.errorMessages()).singleElement().asString().contains("must be set when mode is");
                });
    }

    @Test
    void definitionCarriesTypesDefaultsAndDocumentation() {
        ConfigDef.ConfigKey rows = Sample.SPEC.configDef().configKeys().get("rows");

        assertThat(rows).isNotNull();
        assertThat(rows.type).isEqualTo(ConfigDef.Type.INT);
        assertThat(rows.defaultValue).isEqualTo(10);
        assertThat(rows.documentation).isEqualTo("How many.");
        assertThat(rows.displayName).isEqualTo("Rows");
        assertThat(Sample.SPEC.configDef().names()).contains("url", "password", "mode", "old.key");
    }

    @Test
    void refusesAComponentThatIsNoOption() {
        record Wrong(String naked) {}

        assertThatThrownBy(() -> ConfigSpec.of(Wrong.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("naked");
    }

    @Test
    void tablesNameEveryKeyWithItsDefaultAndRule() {
        String tables = OptionTable.markdown(Sample.SPEC.configDef());

        assertThat(tables)
                .contains("| `url` | string | **required** |  | Where. |")
                .contains("| `mode` | string | `bulk` | one of bulk, timestamp+incrementing | How. |")
                .contains("| `rows` | int | `10` | between 1 and 100 | How many. |")
                .contains("Not supported: use rows instead");
    }

    record Driven(
            @Option(name = "driver.class", doc = "Which.", defaultValue = "x")
            String name,

            @OptionsBelow("driver.") Map<String, String> properties) {

        static final ConfigSpec<Driven> SPEC =
                ConfigSpec.of(Driven.class).refusing(Map.of("driver.old", "use driver.new"));

        Driven {
            if (properties.containsKey("evil")) {
                throw new OptionException("driver.evil", "[not shown]", "must not be set");
            }
        }
    }

    @Test
    void keysBelowAPrefixComeWithoutIt() {
        Driven driven = Driven.SPEC.bind(Map.of("driver.class", "a", "driver.tls", "on", "other", "b"));

        assertThat(driven.properties()).isEqualTo(Map.of("tls", "on"));
    }

    @Test
    void problemOfAnUndeclaredKeyIsShownUnderItWithoutItsValue() {
        List<ConfigValue> values =
                Driven.SPEC.validate(Map.of("driver.evil", "hush")).configValues();

        assertThat(values)
                .filteredOn(value -> !value.errorMessages().isEmpty())
                .singleElement()
                .satisfies(value -> {
                    assertThat(value.name()).isEqualTo("driver.evil");
                    assertThat(value.value()).isNull();
                    assertThat(value.errorMessages().toString())
                            .contains("must not be set")
                            .doesNotContain("hush");
                });
    }
}
