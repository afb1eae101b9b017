/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What validation and documentation show of the transforms and predicates. */
final class ConfigKeysTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cast$Key",
                "Cast$Value",
                "DropHeaders",
                "ExtractField$Key",
                "Filter",
                "Flatten$Value",
                "HeaderFrom$Key",
                "HoistField$Key",
                "InsertField$Value",
                "InsertHeader",
                "MaskField$Value",
                "RegexRouter",
                "ReplaceField$Key",
                "SetSchemaMetadata$Value",
                "TimestampConverter$Key",
                "TimestampRouter",
                "ValueToKey",
                "predicates.HasHeaderKey",
                "predicates.RecordIsTombstone",
                "predicates.TopicNameMatches"
            })
    void keysTypesAndDefaultsAreApaches(String name) throws ReflectiveOperationException {
        assertThat(describe(config("io.levada.connect.transforms." + name)))
                .isEqualTo(describe(config("org.apache.kafka.connect.transforms." + name)));
    }

    @Test
    void everyKeySaysWhatItDoes() {
        assertThat(plugins().flatMap(plugin -> configOf(plugin).configKeys().values().stream()))
                .allSatisfy(key -> assertThat(key.documentation).as(key.name).isNotBlank());
    }

    @Test
    void everyPluginIsListedForTheServiceLoaderAndTellsItsVersion() {
        assertThat(plugins().map(plugin -> ((Versioned) plugin).version()))
                .hasSize(26 + 3)
                .allSatisfy(version -> assertThat(version).isNotBlank());
    }

    private static Stream<Object> plugins() {
        return Stream.concat(
                ServiceLoader.load(Transformation.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(plugin -> plugin.getClass().getName().startsWith("io.levada.")),
                ServiceLoader.load(Predicate.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(plugin -> plugin.getClass().getName().startsWith("io.levada.")));
    }

    private static ConfigDef config(String className) throws ReflectiveOperationException {
        return configOf(Class.forName(className).getDeclaredConstructor().newInstance());
    }

    private static ConfigDef configOf(Object plugin) {
        return plugin instanceof Transformation<?> transformation
                ? transformation.config()
                : ((Predicate<?>) plugin).config();
    }

    private static Map<String, List<Object>> describe(ConfigDef definition) {
        Map<String, List<Object>> described = new TreeMap<>();
        definition
                .configKeys()
                .values()
                .forEach(key -> described.put(
                        key.name,
                        List.of(key.type, key.hasDefault(), String.valueOf(key.defaultValue), key.importance)));
        return described;
    }
}
