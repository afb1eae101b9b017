/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.infos;

import io.levada.runtime.validation.keys.PluginKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Turns Kafka's definitions and values into what an answer shows. They are made by plugins, which may leave out anything, and put any
 * object where another is usual: whatever they say is shown, and nothing of it fails.
 */
public final class Rendering {
    private Rendering() {}

    /** Definitions with their values; a value without a definition comes first, as Kafka Connect has it. */
    public static ConfigInfos all(
            String name, Map<String, ConfigKey> keys, List<ConfigValue> values, List<String> groups) {
        Map<String, ConfigValue> byName = new LinkedHashMap<>();
        values.stream().filter(Objects::nonNull).forEach(value -> byName.put(String.valueOf(value.name()), value));
        List<ConfigInfo> infos = new ArrayList<>();
        int errors = 0;
        for (Map.Entry<String, ConfigValue> named : byName.entrySet()) {
            ConfigInfo.Value shown = value(named.getValue(), null);
            if (keys.get(named.getKey()) == null) {
                infos.add(new ConfigInfo(null, shown));
            }
            errors += shown.errors().size();
        }
        keys.forEach((key, definition) -> {
            ConfigValue value = byName.get(key);
            if (definition != null) {
                infos.add(new ConfigInfo(definition(definition), value == null ? null : value(value, definition.type)));
            }
        });
        return new ConfigInfos(
                name, errors, groups.stream().filter(Objects::nonNull).toList(), infos);
    }

    /** The given values alone, their names and those of their definitions behind a prefix; a value with errors counts as one. */
    public static ConfigInfos prefixed(String prefix, Map<String, ConfigKey> keys, List<ConfigValue> values) {
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

    public static ConfigInfo.Definition definition(ConfigKey key) {
        return definition(key, "");
    }

    private static ConfigInfo.Definition definition(ConfigKey key, String prefix) {
        boolean required = key.defaultValue == ConfigDef.NO_DEFAULT_VALUE;
        return new ConfigInfo.Definition(
                prefix + key.name,
                shownType(prefix + key.name, Objects.requireNonNullElse(key.type, ConfigDef.Type.STRING))
                        .name(),
                required,
                required ? null : text(key.defaultValue, key.type),
                Objects.requireNonNullElse(key.importance, ConfigDef.Importance.LOW)
                        .name(),
                key.documentation,
                key.group,
                key.orderInGroup,
                Objects.requireNonNullElse(key.width, ConfigDef.Width.NONE).name(),
                Objects.requireNonNullElse(key.displayName, key.name),
                known(key.dependents));
    }

    private static ConfigInfo.Value value(ConfigValue value, ConfigDef.@Nullable Type type) {
        ConfigDef.Type recommended = type == ConfigDef.Type.LIST ? null : type; // each is one element
        return new ConfigInfo.Value(
                String.valueOf(value.name()),
                text(value.value(), type),
                known(value.recommendedValues()).stream()
                        .map(each -> String.valueOf(text(each, recommended)))
                        .toList(),
                known(value.errorMessages()),
                value.visible());
    }

    /** What there is in a list; nothing in none. */
    private static <T> List<T> known(@Nullable List<T> list) {
        return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
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
        if (type == ConfigDef.Type.PASSWORD) {
            return Password.HIDDEN; // also if the plugin put the secret there as plain text
        }
        if (type == ConfigDef.Type.LIST && value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value instanceof Class<?> named ? named.getName() : String.valueOf(value);
    }
}
