/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Renders a {@link ConfigDef} as Markdown tables, one a group, so that documentation cannot drift from the code. */
public final class OptionTable {

    private OptionTable() {}

    /** The tables, groups and keys in the order of their definition. */
    public static String markdown(ConfigDef definition) {
        Map<String, List<ConfigKey>> groups = definition.configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .sorted(Comparator.comparingInt((ConfigKey key) -> groupOrder(definition, key))
                        .thenComparingInt(key -> key.orderInGroup))
                .collect(Collectors.groupingBy(
                        key -> key.group == null ? "General" : key.group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder out = new StringBuilder();
        groups.forEach((group, keys) -> {
            out.append("### ").append(group).append("\n\n");
            out.append("| key | type | default | valid | what it does |\n| --- | --- | --- | --- | --- |\n");
            keys.forEach(key -> out.append(row(key)));
            out.append('\n');
        });
        return out.toString();
    }

    private static int groupOrder(ConfigDef definition, ConfigKey key) {
        int index = key.group == null ? -1 : definition.groups().indexOf(key.group);
        return index < 0 ? Integer.MAX_VALUE : index;
    }

    private static String row(ConfigKey key) {
        return "| `" + key.name + "` | " + key.type.name().toLowerCase(Locale.ROOT) + " | " + defaultOf(key) + " | "
                + cell(key.validator == null ? "" : key.validator.toString()) + " | " + cell(key.documentation)
                + " |\n";
    }

    private static String defaultOf(ConfigKey key) {
        if (!key.hasDefault()) {
            return "**required**";
        }
        Object value = ConfigDef.convertToString(key.defaultValue, key.type);
        return value == null ? "" : "`" + cell(value.toString()) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
