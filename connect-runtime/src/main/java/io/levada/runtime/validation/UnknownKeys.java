/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.plugins.NameDistance;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of keys that nobody defines, with the nearest key that somebody does. It never refuses one: many connectors take keys that they
 * do not define, and Kafka Connect accepts them.
 */
final class UnknownKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(UnknownKeys.class);

    /** Below these, keys belong to clients and groups that are checked where they are used. */
    private static final List<String> ELSEWHERE = List.of(
            "producer.override.",
            "consumer.override.",
            "admin.override.",
            "topic.creation.",
            "errors.restart.",
            "key.converter.",
            "value.converter.",
            "header.converter.");

    void warn(Map<String, @Nullable String> config, ConfigInfos infos) {
        Set<String> defined = new HashSet<>();
        infos.configs().forEach(info -> {
            if (info.definition() != null) {
                defined.add(info.definition().name());
            }
        });
        config.keySet().stream()
                .filter(key -> !defined.contains(key))
                .filter(key -> ELSEWHERE.stream().noneMatch(key::startsWith))
                .sorted()
                .forEach(key -> LOGGER.atWarn()
                        .addKeyValue("connector", config.get("name"))
                        .addKeyValue("key", key)
                        .addKeyValue(
                                "nearest", NameDistance.nearest(key, defined).orElse("none"))
                        .log("config key that the connector does not define"));
    }
}
