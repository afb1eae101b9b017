/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.util.List;
import java.util.stream.Stream;

/**
 * The answer to a validation, as {@code PUT /connector-plugins/{p}/config/validate} shows it.
 *
 * @param name the connector class as the config names it
 * @param errorCount how many errors there are in all values
 * @param groups the groups of the definitions, in order
 * @param configs what is known of each key
 */
public record ConfigInfos(String name, int errorCount, List<String> groups, List<ConfigInfo> configs) {
    public ConfigInfos {
        groups = List.copyOf(groups);
        configs = List.copyOf(configs);
    }

    /** Both parts in one: groups are not repeated, errors add up. */
    ConfigInfos and(ConfigInfos other) {
        return new ConfigInfos(
                name,
                errorCount + other.errorCount,
                Stream.concat(groups.stream(), other.groups.stream()).distinct().toList(),
                Stream.concat(configs.stream(), other.configs.stream()).toList());
    }

    /** All error texts, in the order of the configs. */
    public List<String> errors() {
        return configs.stream()
                .flatMap(config -> Stream.ofNullable(config.value()))
                .flatMap(value -> value.errors().stream())
                .toList();
    }
}
