/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.infos;

import java.util.List;
import java.util.stream.Stream;

/**
 * The answer to a validation, as {@code PUT /connector-plugins/{p}/config/validate} shows it.
 *
 * @param name the connector class as the config names it
 * @param errorCount how many errors there are in all values
 * @param groups the groups of the definitions, in order
 * @param configs what is known of each key
 * @param warnings what is probably not meant, in whole sentences and without any value that may be secret; refuses nothing
 */
public record ConfigInfos(
        String name, int errorCount, List<String> groups, List<ConfigInfo> configs, List<String> warnings) {
    public ConfigInfos {
        groups = List.copyOf(groups);
        configs = List.copyOf(configs);
        warnings = List.copyOf(warnings);
    }

    ConfigInfos(String name, int errorCount, List<String> groups, List<ConfigInfo> configs) {
        this(name, errorCount, groups, configs, List.of());
    }

    /** The same with other configs, which have as many errors. */
    public ConfigInfos with(List<ConfigInfo> others) {
        return new ConfigInfos(name, errorCount, groups, others, warnings);
    }

    /** The same with more warnings, each said once. */
    public ConfigInfos warning(List<String> more) {
        return new ConfigInfos(
                name,
                errorCount,
                groups,
                configs,
                Stream.concat(warnings.stream(), more.stream()).distinct().toList());
    }

    /** Both parts in one: groups are not repeated, errors add up. */
    public ConfigInfos and(ConfigInfos other) {
        return new ConfigInfos(
                name,
                errorCount + other.errorCount,
                Stream.concat(groups.stream(), other.groups.stream()).distinct().toList(),
                Stream.concat(configs.stream(), other.configs.stream()).toList(),
                Stream.concat(warnings.stream(), other.warnings.stream()).toList());
    }

    /** All error texts, in the order of the configs. */
    public List<String> errors() {
        return values().flatMap(value -> value.errors().stream()).toList();
    }

    /** All error texts, each with its key in front unless it names it itself. */
    public List<String> errorsByKey() {
        return values().flatMap(value -> value.errors().stream()
                        .map(error -> error.contains(value.name()) ? error : value.name() + ": " + error))
                .toList();
    }

    private Stream<ConfigInfo.Value> values() {
        return configs.stream().flatMap(config -> Stream.ofNullable(config.value()));
    }
}
