/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.PluginChoice;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What validation needs to know of the worker.
 *
 * @param keyConverter the worker's own, which a connector takes if it names none; likewise the other two
 * @param exactlyOnce whether the worker offers exactly-once sources
 * @param topicCreation whether the worker creates topics for sources that say how
 * @param overrides which client settings connectors may override
 * @param producer the worker's own settings of connectors' producers, without prefix
 * @param internalTopics the worker's own topics by the key that names them; none where it has none
 * @param resolver replaces references to config providers by what they stand for, on the validation thread
 * @param limit how long one validation may take
 */
public record ValidationSettings(
        PluginChoice keyConverter,
        PluginChoice valueConverter,
        PluginChoice headerConverter,
        boolean exactlyOnce,
        boolean topicCreation,
        OverridePolicy overrides,
        Map<String, String> producer,
        Map<String, String> internalTopics,
        UnaryOperator<Map<String, @Nullable String>> resolver,
        Duration limit) {
    /** Long enough for a connector that tries its database; REST gives up later than this. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    public ValidationSettings {
        producer = Map.copyOf(producer);
        internalTopics = Map.copyOf(internalTopics);
    }

    /** From a worker's configuration. */
    public static ValidationSettings of(
            WorkerConfig worker, OverridePolicy overrides, UnaryOperator<Map<String, @Nullable String>> resolver) {
        return new ValidationSettings(
                converter(worker, "key.converter"),
                converter(worker, "value.converter"),
                converter(worker, "header.converter"),
                worker.exactlyOnceSources(),
                worker.topicRules().creation(),
                overrides,
                worker.withPrefix("producer."),
                worker.offsetsFile().isPresent() ? Map.of() : worker.topics().namesByKey(),
                resolver,
                LIMIT);
    }

    private static PluginChoice converter(WorkerConfig worker, String key) {
        return new PluginChoice(worker.text(key), Settings.text(worker.properties(), key + ".plugin.version"));
    }
}
