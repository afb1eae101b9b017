/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the thread on which all of a worker's state depends. */
final class TopicReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("configs", 0);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final Queue<Duration> polls = new ConcurrentLinkedQueue<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.add(timeout);
            return super.poll(timeout);
        }
    };
    private final Queue<String> read = new ConcurrentLinkedQueue<>();
    private final TopicReader reader = new TopicReader(consumer, Map.of("configs", record -> {
        String value = new String(record.value(), UTF_8);
        if (value.equals("bad")) {
            throw new ConnectException("a fault in the fold");
        }
        read.add(value);
    }));

    @BeforeEach
    void start() {
        Node node = new Node(1, "localhost", 9092);
        consumer.updatePartitions(
                "configs", List.of(new PartitionInfo("configs", 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        reader.start();
        await().atMost(LONG_ENOUGH).until(() -> consumer.assignment().contains(PARTITION));
    }

    @AfterEach
    void stop() {
        reader.close();
    }

    private void written(long offset, String value) {
        consumer.schedulePollTask(() ->
                consumer.addRecord(new ConsumerRecord<>("configs", 0, offset, new byte[0], value.getBytes(UTF_8))));
        consumer.wakeup();
    }

    @Test
    void whatTheBrokersRefuseIsToldAndReadOnceTheyAllowIt() throws Exception {
        consumer.schedulePollTask(
                () -> consumer.setPollException(new TopicAuthorizationException("not yours: configs")));
        consumer.wakeup();
        await().atMost(LONG_ENOUGH).until(() -> reader.trouble().isPresent());
        assertThat(reader.trouble().orElseThrow()).contains("internal topics cannot be read", "not yours: configs");

        written(0, "good");

        await().atMost(LONG_ENOUGH).until(() -> read.contains("good"));
        await().atMost(LONG_ENOUGH).until(() -> reader.trouble().isEmpty());
        assertThat(reader.broken().toCompletableFuture()).isNotDone();
    }

    /** A poll that finds nothing new would tell the trouble for half a minute more. */
    @Test
    void thatTheTroubleIsOverIsKnownSoon() {
        consumer.schedulePollTask(
                () -> consumer.setPollException(new TopicAuthorizationException("not yours: configs")));
        consumer.wakeup();
        await().atMost(LONG_ENOUGH).until(() -> reader.trouble().isPresent());
        polls.clear();

        await().atMost(LONG_ENOUGH).until(() -> reader.trouble().isEmpty());

        assertThat(polls).first().isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aStoreThatLostARecordEndsTheReadingAndIsToldFromThenOn() throws Exception {
        written(0, "bad");

        Throwable cause = reader.broken().toCompletableFuture().get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);

        assertThat(cause).hasRootCauseMessage("a fault in the fold");
        assertThat(reader.trouble().orElseThrow()).contains("restart the worker");
    }

    @Test
    void aReaderThatWasClosedIsNotBroken() {
        reader.close();

        assertThat(reader.broken().toCompletableFuture()).isNotDone();
        assertThat(reader.trouble()).isEmpty();
    }
}
