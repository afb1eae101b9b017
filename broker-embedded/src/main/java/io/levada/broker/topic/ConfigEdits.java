/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Applies the steps of an IncrementalAlterConfigs request (KIP-339) to a topic's own settings. */
final class ConfigEdits {
    private final TopicDefaults defaults;
    private final ConfigDef keys;

    ConfigEdits(TopicDefaults defaults, ConfigDef keys) {
        this.defaults = defaults;
        this.keys = keys;
    }

    /** One step: what to do with one key. */
    record Edit(String key, byte operation, @Nullable String value) {}

    Map<String, String> apply(Map<String, String> configs, List<Edit> edits) {
        for (Edit edit : edits) {
            apply(configs, edit);
        }
        return configs;
    }

    private void apply(Map<String, String> configs, Edit edit) {
        OpType operation = Arrays.stream(OpType.values())
                .filter(type -> type.id() == edit.operation())
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("there is no operation " + edit.operation()));
        switch (operation) {
            case SET -> configs.put(edit.key(), required(edit));
            case DELETE -> configs.remove(edit.key());
            case APPEND -> {
                Set<String> list = list(configs, edit);
                list.addAll(split(required(edit)));
                configs.put(edit.key(), String.join(",", list));
            }
            case SUBTRACT -> {
                Set<String> list = list(configs, edit);
                list.removeAll(split(required(edit)));
                configs.put(edit.key(), String.join(",", list));
            }
        }
    }

    private static String required(Edit edit) {
        if (edit.value() == null) {
            throw new InvalidConfigurationException(edit.key() + " needs a value");
        }
        return edit.value();
    }

    private Set<String> list(Map<String, String> configs, Edit edit) {
        ConfigDef.ConfigKey key = keys.configKeys().get(edit.key());
        if (key == null || key.type != ConfigDef.Type.LIST) {
            throw new InvalidConfigurationException(
                    edit.key() + " is not a list, so nothing can be added to it or taken from it");
        }
        String builtIn = String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type));
        String present = configs.getOrDefault(edit.key(), defaults.configs().getOrDefault(edit.key(), builtIn));
        return new LinkedHashSet<>(split(present));
    }

    private static List<String> split(String list) {
        return Arrays.stream(list.split(","))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
