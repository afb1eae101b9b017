/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
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
    private final Queue<CompletableFuture<Long>> ends = new ConcurrentLinkedQueue<>();
    private final TopicReader reader = reader(LogOwner.worker());

    private TopicReader reader(LogOwner owner) {
        return new TopicReader(owner, consumer, new AnsweredEnds(), Map.of("configs", record -> {
            String value = new String(record.value(), UTF_8);
            if (value.equals("bad")) {
                throw new ConnectException("a fault in the fold");
            }
            read.add(value);
        }));
    }

    /** Each question takes the next of the answers. */
    private final class AnsweredEnds implements LogEnds {
        @Override
        public CompletionStage<Map<TopicPartition, Long>> ask(Collection<TopicPartition> partitions) {
            return Objects.requireNonNull(ends.poll()).thenApply(end -> Map.of(PARTITION, end));
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        Node node = new Node(1, "localhost", 9092);
        consumer.updatePartitions(
                "configs", List.of(new PartitionInfo("configs", 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        CompletionStage<Void> begun = reader.start();
        await().atMost(LONG_ENOUGH).until(() -> consumer.assignment().contains(PARTITION));
        await().atMost(LONG_ENOUGH).until(() -> begun.toCompletableFuture().isDone());
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
        await().atMost(LONG_ENOUGH).until(() -> reader.trouble("configs").isPresent());
        assertThat(reader.trouble("configs").orElseThrow())
                .contains("internal topics cannot be read", "not yours: configs");

        written(0, "good");

        await().atMost(LONG_ENOUGH).until(() -> read.contains("good"));
        await().atMost(LONG_ENOUGH).until(() -> reader.trouble("configs").isEmpty());
        assertThat(reader.broken().toCompletableFuture()).isNotDone();
    }

    /** Somebody else's code finds and interrupts it, between two attempts as well. */
    @Test
    void interruptionsDoNotEndTheReading() {
        consumer.schedulePollTask(() -> {
            Thread.currentThread().interrupt();
            consumer.setPollException(new TopicAuthorizationException("not yours: configs"));
        });
        consumer.wakeup();

        written(0, "good");

        await().atMost(LONG_ENOUGH).until(() -> read.contains("good"));
        assertThat(reader.broken().toCompletableFuture()).isNotDone();
    }

    /** A poll that finds nothing new would tell the trouble for half a minute more. */
    @Test
    void thatTheTroubleIsOverIsKnownSoon() {
        consumer.schedulePollTask(
                () -> consumer.setPollException(new TopicAuthorizationException("not yours: configs")));
        consumer.wakeup();
        await().atMost(LONG_ENOUGH).until(() -> reader.trouble("configs").isPresent());
        polls.clear();

        await().atMost(LONG_ENOUGH).until(() -> reader.trouble("configs").isEmpty());

        assertThat(polls).first().isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aStoreThatLostARecordEndsTheReadingAndIsToldFromThenOn() throws Exception {
        written(0, "bad");

        Throwable cause = reader.broken().toCompletableFuture().get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);

        assertThat(cause).hasRootCauseMessage("a fault in the fold");
        assertThat(reader.trouble("configs").orElseThrow()).contains("restart the worker");
    }

    @Test
    void whoAsksLaterIsToldWhyNothingIsRead() {
        CompletableFuture<Void> waiting = toEnd(CompletableFuture.completedFuture(7L));
        written(0, "bad");
        await().atMost(LONG_ENOUGH)
                .until(() -> reader.broken().toCompletableFuture().isDone());

        assertThat(List.of(waiting, reader.readToEnd(List.of("configs")).toCompletableFuture()))
                .allSatisfy(asked -> assertThat(asked)
                        .failsWithin(LONG_ENOUGH)
                        .withThrowableOfType(ExecutionException.class)
                        .withMessageContaining("restart the worker")
                        .havingRootCause()
                        .withMessage("a fault in the fold"));
    }

    @Test
    void connectorsOwnTopicIsNamedAndItsWorkerNeedsNoRestart() {
        LogOwner owner = LogOwner.connector(new ConnectorName("orders"), "own");

        assertThat(owner.threads()).isEqualTo("levada-topics-orders");
        assertThat(owner.topics()).contains("own", "orders");
        assertThat(List.of(owner.topics(), owner.remedy(), owner.end())).noneMatch(text -> text.contains("worker"));
    }

    private CompletableFuture<Void> toEnd(CompletableFuture<Long> end) {
        ends.add(end);
        return reader.readToEnd(List.of("configs")).toCompletableFuture();
    }

    @Test
    void theEndIsThatOfAllRecordsAndNotOfThoseThatAreCommitted() {
        CompletableFuture<Void> whole = toEnd(CompletableFuture.completedFuture(2L));
        written(0, "first");
        await().atMost(LONG_ENOUGH).until(() -> read.contains("first"));
        assertThat(whole).isNotDone();

        written(1, "second");

        assertThat(whole).succeedsWithin(LONG_ENOUGH);
        assertThat(read).containsExactly("first", "second");
    }

    @Test
    void aQuestionThatIsRefusedIsAskedAgain() {
        ends.add(CompletableFuture.failedFuture(new TopicAuthorizationException("not yours: configs")));

        assertThat(toEnd(CompletableFuture.completedFuture(0L))).succeedsWithin(LONG_ENOUGH);

        await().atMost(LONG_ENOUGH).until(() -> reader.trouble("configs").isEmpty());
    }

    @Test
    void theEndOfTheReadingAnswersWhoWaits() {
        CompletableFuture<Void> waiting = toEnd(new CompletableFuture<>());

        reader.close();

        assertThat(waiting)
                .failsWithin(LONG_ENOUGH)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("stopping");
    }

    @Test
    void aReaderThatWasClosedIsNotBroken() {
        reader.close();

        assertThat(reader.broken().toCompletableFuture()).isNotDone();
        assertThat(reader.trouble("configs")).isEmpty();
    }
}
