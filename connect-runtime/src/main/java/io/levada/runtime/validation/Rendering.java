/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** Turns Kafka's definitions and values into what an answer shows. */
final class Rendering {
    private Rendering() {}

    /** Definitions with their values; a value without a definition comes first, as Kafka Connect has it. */
    static ConfigInfos all(String name, Map<String, ConfigKey> keys, List<ConfigValue> values, List<String> groups) {
        Map<String, ConfigValue> byName = new LinkedHashMap<>();
        values.forEach(value -> byName.put(value.name(), value));
        List<ConfigInfo> infos = new ArrayList<>();
        int errors = 0;
        for (ConfigValue value : byName.values()) {
            if (!keys.containsKey(value.name())) {
                infos.add(new ConfigInfo(null, value(value, null)));
            }
            errors += value.errorMessages().size();
        }
        keys.forEach((key, definition) -> {
            ConfigValue value = byName.get(key);
            infos.add(new ConfigInfo(definition(definition), value == null ? null : value(value, definition.type)));
        });
        return new ConfigInfos(name, errors, groups, infos);
    }

    /** The given values alone, their names and those of their definitions behind a prefix; a value with errors counts as one. */
    static ConfigInfos prefixed(String prefix, Map<String, ConfigKey> keys, List<ConfigValue> values) {
        List<ConfigInfo> infos = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        int errors = 0;
        for (ConfigValue value : values) {
            ConfigKey key = keys.get(value.name());
            if (key != null && key.group != null && !groups.contains(key.group)) {
                groups.add(key.group);
            }
            ConfigInfo.Value plain = value(value, key == null ? null : key.type);
            ConfigInfo.Value shown = new ConfigInfo.Value(
                    prefix + plain.name(), plain.value(), plain.recommendedValues(), plain.errors(), plain.visible());
            infos.add(new ConfigInfo(key == null ? null : definition(key, prefix), shown));
            errors += plain.errors().isEmpty() ? 0 : 1;
        }
        return new ConfigInfos("", errors, groups, infos);
    }

    static ConfigInfo.Definition definition(ConfigKey key) {
        return definition(key, "");
    }

    private static ConfigInfo.Definition definition(ConfigKey key, String prefix) {
        boolean required = Objects.equals(key.defaultValue, ConfigDef.NO_DEFAULT_VALUE);
        return new ConfigInfo.Definition(
                prefix + key.name,
                shownType(prefix + key.name, key.type).name(),
                required,
                required ? null : text(key.defaultValue, key.type),
                key.importance.name(),
                key.documentation,
                key.group,
                key.orderInGroup,
                key.width.name(),
                key.displayName,
                key.dependents);
    }

    private static ConfigInfo.Value value(ConfigValue value, ConfigDef.@Nullable Type type) {
        return new ConfigInfo.Value(
                value.name(),
                text(value.value(), type),
                value.recommendedValues().stream()
                        .map(recommended -> String.valueOf(text(recommended, type)))
                        .toList(),
                value.errorMessages(),
                value.visible());
    }

    /**
     * Keys that name a plugin are read as text, because a name may be short or another project's; they show as the classes they stand
     * for.
     */
    private static ConfigDef.Type shownType(String key, ConfigDef.Type type) {
        return PluginKeys.namesPlugin(key) ? ConfigDef.Type.CLASS : type;
    }

    private static @Nullable String text(@Nullable Object value, ConfigDef.@Nullable Type type) {
        if (value == null) {
            return null;
        }
        return type == null ? value.toString() : ConfigDef.convertToString(value, type);
    }
}
