/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.connect.jdbc.cdc.event.TakenSignals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With Kafka's own stand-in for a consumer; PostgresCdcIT reads from a broker. */
final class SignalTopicTest {

    private static final TopicPartition TOPIC = new TopicPartition("p-signal", 0);

    private final AtomicInteger opened = new AtomicInteger();
    private MockConsumer<byte[], byte[]> consumer;

    @BeforeEach
    void aTopicOfFiveSignals() {
        consumer = topic();
    }

    private static MockConsumer<byte[], byte[]> topic() {
        MockConsumer<byte[], byte[]> made = new MockConsumer<>("earliest");
        made.updatePartitions(
                TOPIC.topic(), List.of(new PartitionInfo(TOPIC.topic(), 0, Node.noNode(), new Node[0], new Node[0])));
        made.updateBeginningOffsets(Map.of(TOPIC, 0L));
        made.schedulePollTask(() -> {
            for (int offset = 0; offset < 5; offset++) {
                String key = offset == 2 ? "another" : "p";
                made.addRecord(new ConsumerRecord<>(
                        TOPIC.topic(), 0, offset, key.getBytes(UTF_8), ("signal " + offset).getBytes(UTF_8)));
            }
        });
        return made;
    }

    private SignalTopic open(TakenSignals from) {
        return new SignalTopic(
                TOPIC.topic(),
                "p",
                Duration.ofMillis(1),
                () -> {
                    if (opened.getAndIncrement() == 0) {
                        throw new KafkaException("not reachable yet");
                    }
                    return consumer;
                },
                from,
                "test");
    }

    private static List<SignalChannel.Arrived> take(SignalChannel channel, int count) {
        List<SignalChannel.Arrived> arrived = new ArrayList<>();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            SignalChannel.Arrived next = channel.next(TakenSignals.NONE);
            if (next != null) {
                arrived.add(next);
            }
            return arrived.size() == count;
        });
        return arrived;
    }

    @Test
    void tellsThoseWithOurKey() {
        try (SignalChannel channel = open(TakenSignals.NONE)) {
            assertThat(take(channel, 4))
                    .extracting(SignalChannel.Arrived::json)
                    .containsExactly("signal 0", "signal 1", "signal 3", "signal 4");
        }
    }

    @Test
    void goesOnBehindWhatWasTaken() {
        TakenSignals taken;
        try (SignalChannel channel = open(TakenSignals.NONE)) {
            taken = take(channel, 2).get(1).taken().apply(TakenSignals.NONE.upToFile("f", 3));
        }
        assertThat(taken).isEqualTo(new TakenSignals(TOPIC.topic(), 2, "f", 3));
        consumer = topic();
        try (SignalChannel channel = open(taken)) {
            assertThat(take(channel, 2))
                    .extracting(SignalChannel.Arrived::json)
                    .containsExactly("signal 3", "signal 4");
        }
    }

    @Test
    void aPlaceInAnotherTopicIsNone() {
        try (SignalChannel channel = open(new TakenSignals("another-topic", 4, null, 0))) {
            assertThat(take(channel, 4)).hasSize(4);
        }
    }

    @Test
    void commitsWhatIsStoredAndNoMore() {
        try (SignalChannel channel = open(TakenSignals.NONE)) {
            List<SignalChannel.Arrived> all = take(channel, 4);
            assertThat(consumer.committed(Set.of(TOPIC))).isEmpty();
            TakenSignals stored = all.get(1).taken().apply(TakenSignals.NONE);
            assertThat(channel.next(stored)).isNull();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> consumer.committed(Set.of(TOPIC)).equals(Map.of(TOPIC, new OffsetAndMetadata(2))));
        }
    }
}
