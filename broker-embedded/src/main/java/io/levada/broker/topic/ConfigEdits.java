/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Applies the steps of an IncrementalAlterConfigs request (KIP-339) to the settings of one resource. */
final class ConfigEdits {
    private final Function<String, Optional<String>> lists;

    /**
     * Edits for a kind of resource.
     *
     * @param lists the value that counts where the resource has none of its own, for a key whose values are lists; empty for other keys
     */
    ConfigEdits(Function<String, Optional<String>> lists) {
        this.lists = lists;
    }

    /** One step: what to do with one key. */
    record Edit(String key, byte operation, @Nullable String value) {}

    Map<String, String> apply(Map<String, String> configs, List<Edit> edits) {
        Set<String> seen = new HashSet<>();
        for (Edit edit : edits) {
            if (!seen.add(edit.key())) {
                throw new InvalidRequestException(
                        "the setting " + edit.key() + " stands more than once in the request");
            }
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
        String otherwise = lists.apply(edit.key())
                .orElseThrow(() -> new InvalidConfigurationException(
                        edit.key() + " is not a list, so nothing can be added to it or taken from it"));
        return new LinkedHashSet<>(split(configs.getOrDefault(edit.key(), otherwise)));
    }

    private static List<String> split(String list) {
        return Arrays.stream(list.split(","))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
