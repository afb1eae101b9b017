/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.PluginType;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Refuses connectors that would write into the worker's own state, or among their own offsets, as far as the config says where they write: a
 * plugin may have keys of other names, or routes.
 */
final class InternalTopicRules {
    /** By which sources of several makers name the topic of their records. */
    private static final List<String> RECORDS_OF_SOURCES = List.of("topic", "kafka.topic");

    private static final String WORKERS_OFFSETS = "offset.storage.topic";

    private final Map<String, @Nullable String> config;
    /** By the worker's keys. */
    private final SortedMap<String, String> internalTopics;

    private final SortedMap<String, String> problems = new TreeMap<>();

    private InternalTopicRules(Map<String, @Nullable String> config, Map<String, String> internalTopics) {
        this.config = config;
        this.internalTopics = new TreeMap<>(internalTopics);
    }

    /** What is wrong, by the connector's key. */
    static SortedMap<String, String> problems(
            PluginType direction, Map<String, @Nullable String> config, Map<String, String> internalTopics) {
        InternalTopicRules rules = new InternalTopicRules(config, internalTopics);
        if (direction == PluginType.SOURCE) {
            rules.source();
        } else {
            rules.refuseWorkers("errors.deadletterqueue.topic.name");
        }
        return rules.problems;
    }

    private void source() {
        String offsets = Settings.text(config, OffsetStores.TOPIC, "");
        RECORDS_OF_SOURCES.forEach(key -> {
            if (!offsets.isEmpty() && offsets.equals(Settings.text(config, key))) {
                problems.put(
                        key,
                        "Is " + OffsetStores.TOPIC
                                + " too, and records are no offsets: name another topic in one of them.");
            }
            refuseWorkers(key);
        });
        if (!offsets.equals(internalTopics.get(WORKERS_OFFSETS))) { // That may be named, as what it is.
            refuseWorkers(OffsetStores.TOPIC);
        }
    }

    private void refuseWorkers(String key) {
        internalTopics.forEach((workersKey, topic) -> {
            if (topic.equals(Settings.text(config, key))) {
                problems.put(
                        key,
                        "Is the worker's " + workersKey + ": " + topic + " holds its own state. Name another topic.");
            }
        });
    }
}
