/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.spelling.Spelling;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of topics that a sink is to read and that do not exist. It looks before the subscription: brokers that create topics by themselves
 * create what is subscribed to, also from a name that was mistyped.
 */
final class MissingTopics {
    private static final Logger LOGGER = LoggerFactory.getLogger(MissingTopics.class);
    /** A task does not wait longer for what it can do without. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private MissingTopics() {}

    static void tell(TaskId id, Subscription subscription, Consumer<byte[], byte[]> consumer) {
        Set<String> existing;
        try {
            existing = consumer.listTopics(PATIENCE).keySet();
        } catch (KafkaException e) {
            // Also when woken to stop or to pause, which the loop then sees by itself.
            LOGGER.atDebug().setCause(e).log("topics cannot be listed, nothing is said of them");
            return;
        }
        if (!subscription.regex().isEmpty()) {
            Pattern pattern = Pattern.compile(subscription.regex());
            if (existing.stream().noneMatch(topic -> pattern.matcher(topic).matches())) {
                warn(id, "topics.regex", subscription.regex(), List.of(), "no topic matches as yet");
            }
        }
        subscription.topics().stream()
                .filter(topic -> !existing.contains(topic))
                .forEach(topic -> warn(
                        id,
                        "topic",
                        topic,
                        Spelling.nearest(topic, existing),
                        "there is no such topic; it comes into being now if the brokers create topics by themselves"));
    }

    private static void warn(TaskId id, String what, String name, List<String> nearest, String text) {
        LOGGER.atWarn()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .addKeyValue(what, name)
                .addKeyValue("nearest", nearest.isEmpty() ? "none" : String.join(", ", nearest))
                .log(text);
    }
}
