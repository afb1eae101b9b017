/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.connector.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What a sink consumes: {@code topics}, or all that match {@code topics.regex}. */
record Subscription(List<String> topics, String regex) {
    Subscription(Map<String, @Nullable String> config) {
        this(list(Settings.text(config, "topics", "")), Settings.text(config, "topics.regex", ""));
        if (topics.isEmpty() == regex.isEmpty()) {
            throw new ConfigException("A sink needs topics or topics.regex, and not both");
        }
    }

    private static List<String> list(String topics) {
        return Arrays.stream(topics.split(",", -1))
                .map(String::strip)
                .filter(topic -> !topic.isEmpty())
                .toList();
    }

    void apply(Consumer<byte[], byte[]> consumer, ConsumerRebalanceListener listener) {
        if (regex.isEmpty()) {
            consumer.subscribe(topics, listener);
        } else {
            consumer.subscribe(Pattern.compile(regex), listener);
        }
    }
}
