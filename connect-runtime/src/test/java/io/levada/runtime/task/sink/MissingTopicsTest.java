/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.logging.LoggedLines;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MissingTopicsTest {
    private final LoggedLines log = LoggedLines.warningsOf(MissingTopics.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void aTopicThatDoesNotExistIsToldWithTheNearestAndNothingIsSubscribedTo() {
        try (MockConsumer<byte[], byte[]> consumer = consumer("shop.orders", "other")) {
            tell(Map.of("topics", "shop.order,other"), consumer);
            assertThat(log.texts())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("topic=\"shop.order\"", "nearest=\"shop.orders\""));
            assertThat(consumer.subscription()).isEmpty();
        }
    }

    @Test
    void aRegexThatMatchesNothingIsTold() {
        try (MockConsumer<byte[], byte[]> consumer = consumer("shop.orders")) {
            tell(Map.of("topics.regex", "shop[.].*"), consumer);
            assertThat(log.texts()).isEmpty();
            tell(Map.of("topics.regex", "shap[.].*"), consumer);
            assertThat(log.texts()).hasSize(1);
        }
    }

    @Test
    void brokersThatDoNotAnswerAreNoFailure() {
        try (MockConsumer<byte[], byte[]> silent = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name()) {
            @Override
            public synchronized Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
                throw new TimeoutException("nobody there");
            }
        }) {
            tell(Map.of("topics", "shop.order"), silent);
            assertThat(log.texts()).isEmpty();
        }
    }

    private static void tell(Map<String, String> config, MockConsumer<byte[], byte[]> consumer) {
        Map<String, @Nullable String> given = new HashMap<>(config);
        MissingTopics.tell(new ConnectorName("c").task(0), new Subscription(given), consumer);
    }

    private static MockConsumer<byte[], byte[]> consumer(String... topics) {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
        for (String topic : topics) {
            consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
        }
        return consumer;
    }
}
