/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Warns of keys that Kafka Connect takes from a source and does nothing with. */
public final class SourceAdvice {
    static final String DEAD_LETTERS = "errors.deadletterqueue.";

    private SourceAdvice() {}

    /**
     * In whole sentences, without secrets.
     *
     * @param topicCreation whether the worker makes topics for sources that say how
     */
    public static List<String> warnings(Map<String, @Nullable String> config, boolean topicCreation) {
        List<String> warnings = new ArrayList<>();
        String deadLetters = keys(config, DEAD_LETTERS);
        if (!deadLetters.isEmpty()) {
            warnings.add(
                    "Only sinks have a dead letter queue, so that in a source these have no effect: " + deadLetters
                            + ". With errors.tolerance=all it passes over records that fail; errors.log.enable=true tells of each.");
        }
        String groups = keys(config, TopicGroups.PREFIX);
        if (!topicCreation && !groups.isEmpty()) {
            warnings.add("The worker has topic.creation.enable=false, so that these have no effect: " + groups
                    + ". Topics are made by the brokers, if they make any, or by hand.");
        }
        return warnings;
    }

    private static String keys(Map<String, @Nullable String> config, String prefix) {
        TreeSet<String> keys = new TreeSet<>(config.keySet());
        keys.removeIf(key -> !key.startsWith(prefix));
        return String.join(", ", keys);
    }
}
