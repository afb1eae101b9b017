/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import io.levada.broker.spelling.SettingProblems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/**
 * The settings of consumer groups (KIP-848). They are kept, checked and told. They count for groups of the consumer protocol alone, and a classic
 * group's members bring their own.
 */
final class GroupSettings {
    static final ConfigDef KEYS = new ConfigDef()
            .define(
                    "consumer.session.timeout.ms",
                    ConfigDef.Type.INT,
                    45_000,
                    atLeast(1),
                    MEDIUM,
                    "After how much silence a member of a group of the consumer protocol is taken for gone.")
            .define(
                    "consumer.heartbeat.interval.ms",
                    ConfigDef.Type.INT,
                    5_000,
                    atLeast(1),
                    MEDIUM,
                    "How often a member of a group of the consumer protocol reports.");

    private final DynamicSettings dynamic;

    GroupSettings(DynamicSettings dynamic) {
        this.dynamic = dynamic;
    }

    Map<String, String> of(ConfigResource group) {
        return dynamic.of(group);
    }

    /** Changes what is set for a group, and stores it. To be called on the thread of {@link Topics}. */
    void change(ConfigResource group, UnaryOperator<Map<String, String>> edit, boolean validateOnly) {
        Map<String, String> changed = edit.apply(new HashMap<>(dynamic.of(group)));
        List<String> problems = new ArrayList<>();
        changed.keySet().stream()
                .filter(key -> !KEYS.names().contains(key))
                .sorted()
                .forEach(key -> problems.add("unknown group setting " + key + "; known are " + KEYS.names()));
        problems.addAll(SettingProblems.of(KEYS, changed));
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(String.join("; ", problems));
        }
        if (!validateOnly) {
            dynamic.put(group, changed);
        }
    }
}
