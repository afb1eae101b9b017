/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.failure;
import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions as stock clients see them. */
@Timeout(300)
class TransactionsTest {
    private static final String TOPIC = "orders";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = begin();
        broker.createTopic(TOPIC, 3);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private TestBroker begin() {
        return TestBroker.in(
                dir,
                "broker.transaction.state.log.num.partitions",
                "3",
                "broker.transaction.abort.timed.out.transaction.cleanup.interval.ms",
                "200");
    }

    @Test
    void whatIsCommittedIsReadAndWhatIsAbortedIsNot() {
        try (KafkaProducer<String, String> producer = transactional("t")) {
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                send(producer, 0, "a" + i);
                send(producer, 1, "b" + i);
                // What is aborted is to be in the log as well.
                producer.flush();
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        assertThat(committed(0, 3)).containsExactly("a0", "a2", "a4");
        assertThat(committed(1, 3)).containsExactly("b0", "b2", "b4");
        assertThat(broker.read(TOPIC, 0, 6)).containsExactly("a0", "a1", "a2", "a3", "a4", "a5");
    }

    @Test
    void transactionsFollowEachOtherFasterThanTheirMarkersAreWritten() {
        try (KafkaProducer<String, String> producer = transactional("t")) {
            for (int i = 0; i < 50; i++) {
                producer.beginTransaction();
                send(producer, i % 3, "v" + i);
                producer.commitTransaction();
                producer.beginTransaction();
                producer.abortTransaction();
                producer.beginTransaction();
                send(producer, i % 3, "aborted unsent");
                producer.abortTransaction();
            }
        }
        assertThat(committed(0, 17)).hasSize(17).doesNotContain("aborted unsent");
    }

    @Test
    void anOpenTransactionHoldsReadersBackUntilItEnds() {
        try (KafkaProducer<String, String> first = transactional("first");
                KafkaProducer<String, String> second = transactional("second")) {
            first.beginTransaction();
            send(first, 0, "first");
            first.flush();
            second.beginTransaction();
            send(second, 0, "second");
            second.commitTransaction();
            assertThat(lastStableOffset(0)).isZero();
            first.commitTransaction();
            assertThat(committed(0, 2)).containsExactly("first", "second");
        }
    }

    @Test
    void anEarlierProducerOfTheSameIdIsFenced() {
        try (KafkaProducer<String, String> zombie = transactional("t")) {
            zombie.beginTransaction();
            send(zombie, 0, "zombie");
            zombie.flush();
            try (KafkaProducer<String, String> next = transactional("t")) {
                next.beginTransaction();
                send(next, 0, "next");
                next.commitTransaction();
                assertThat(failure(zombie.send(new ProducerRecord<>(TOPIC, 0, "k", "late"))))
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
                assertThatThrownBy(zombie::commitTransaction)
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            }
        }
        assertThat(committed(0, 1)).containsExactly("next");
    }

    @Test
    void aTransactionThatTakesTooLongIsAborted() {
        try (KafkaProducer<String, String> slow = broker.producer(
                "transactional.id",
                "slow",
                "transaction.timeout.ms",
                "1000",
                "delivery.timeout.ms",
                "3000",
                "request.timeout.ms",
                "1000")) {
            slow.initTransactions();
            slow.beginTransaction();
            send(slow, 0, "too late");
            slow.flush();
            Awaitility.await().atMost(PATIENCE).until(() -> lastStableOffset(0) > 0);
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        }
        broker.produce(TOPIC, 0, List.of("plain"));
        assertThat(committed(0, 1)).containsExactly("plain");
    }

    @Test
    void aTransactionGoesOnOverARestartOfTheBroker() throws Exception {
        int port = TestBroker.freePort();
        broker.close();
        broker = TestBroker.in(dir, "broker.listeners", "PLAINTEXT://127.0.0.1:" + port);
        try (KafkaProducer<String, String> producer = transactional("t")) {
            producer.beginTransaction();
            send(producer, 0, "before");
            producer.flush();
            broker.close();
            broker = TestBroker.in(dir, "broker.listeners", "PLAINTEXT://127.0.0.1:" + port);
            send(producer, 0, "after");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, 1, "next");
            producer.commitTransaction();
        }
        assertThat(committed(0, 2)).containsExactly("before", "after");
        assertThat(committed(1, 1)).containsExactly("next");
    }

    @Test
    void manyPipelinedBatchesStayInOrder() {
        List<String> values = IntStream.range(0, 2000).mapToObj(i -> "v" + i).toList();
        try (KafkaProducer<String, String> producer = broker.producer(
                "transactional.id",
                "t",
                "batch.size",
                "100",
                "linger.ms",
                "0",
                "max.in.flight.requests.per.connection",
                "5")) {
            producer.initTransactions();
            for (int from = 0; from < values.size(); from += 400) {
                producer.beginTransaction();
                values.subList(from, from + 400).forEach(value -> send(producer, 0, value));
                producer.commitTransaction();
            }
        }
        assertThat(committed(0, values.size())).isEqualTo(values);
    }

    @Test
    void offsetsOfAGroupAreCommittedAndAbortedWithTheTransaction() {
        TopicPartition from = new TopicPartition(TOPIC, 2);
        try (KafkaProducer<String, String> producer = transactional("t");
                KafkaConsumer<String, String> consumer =
                        broker.consumer("group.id", "g", "isolation.level", "read_committed")) {
            for (int i = 1; i <= 4; i++) {
                producer.beginTransaction();
                send(producer, 0, "v" + i);
                producer.sendOffsetsToTransaction(Map.of(from, new OffsetAndMetadata(i)), consumer.groupMetadata());
                if (i % 2 == 1) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
            assertThat(Objects.requireNonNull(consumer.committed(Set.of(from)).get(from))
                            .offset())
                    .isEqualTo(3);
        }
        assertThat(committed(0, 2)).containsExactly("v1", "v3");
    }

    @Test
    void timeoutsPastTheBrokersLimitAreRefused() {
        try (KafkaProducer<String, String> producer =
                broker.producer("transactional.id", "t", "transaction.timeout.ms", "1000000")) {
            assertThatThrownBy(producer::initTransactions).hasMessageContaining("transaction timeout is larger");
        }
    }

    @Test
    void administratorsSeeTransactions() {
        try (KafkaProducer<String, String> producer = transactional("open");
                KafkaProducer<String, String> idle = transactional("idle");
                Admin admin = broker.admin()) {
            producer.beginTransaction();
            send(producer, 2, "x");
            producer.flush();
            TransactionDescription open =
                    get(admin.describeTransactions(List.of("open")).description("open"));
            assertThat(open.state()).isEqualTo(TransactionState.ONGOING);
            assertThat(open.topicPartitions()).containsExactly(new TopicPartition(TOPIC, 2));
            assertThat(open.transactionStartTimeMs()).isPresent();
            assertThat(failure(admin.describeTransactions(List.of("none")).description("none")))
                    .isInstanceOf(TransactionalIdNotFoundException.class);
            assertThat(ids(get(admin.listTransactions().all()))).containsExactlyInAnyOrder("open", "idle");
            assertThat(ids(get(admin.listTransactions(
                                    new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                            .all())))
                    .containsExactly("open");
            assertThat(ids(get(admin.listTransactions(
                                    new ListTransactionsOptions().filterProducerIds(List.of(open.producerId())))
                            .all())))
                    .containsExactly("open");
            assertThat(ids(get(
                            admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern("id.*"))
                                    .all())))
                    .containsExactly("idle");
            assertThat(ids(get(admin.listTransactions(new ListTransactionsOptions().filterOnDuration(3_600_000))
                            .all())))
                    .doesNotContain("open");
            assertThat(failure(admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern("("))
                            .all()))
                    .isInstanceOf(InvalidRegularExpression.class);
            idle.flush();
        }
    }

    @Test
    void administratorsFenceProducers() {
        try (KafkaProducer<String, String> producer = transactional("t");
                Admin admin = broker.admin()) {
            producer.beginTransaction();
            send(producer, 0, "x");
            producer.flush();
            get(admin.fenceProducers(List.of("t")).all());
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
        }
        broker.produce(TOPIC, 0, List.of("plain"));
        assertThat(committed(0, 1)).containsExactly("plain");
    }

    @Test
    void administratorsEndATransactionInOnePartition() {
        try (KafkaProducer<String, String> producer = transactional("t");
                Admin admin = broker.admin()) {
            producer.beginTransaction();
            send(producer, 0, "x");
            producer.flush();
            TransactionDescription open =
                    get(admin.describeTransactions(List.of("t")).description("t"));
            get(admin.abortTransaction(new AbortTransactionSpec(
                            new TopicPartition(TOPIC, 0),
                            open.producerId(),
                            (short) open.producerEpoch(),
                            Math.max(0, -1)))
                    .all());
            broker.produce(TOPIC, 0, List.of("plain"));
            assertThat(committed(0, 1)).containsExactly("plain");
            get(admin.forceTerminateTransaction("t").result());
            assertThat(get(admin.describeTransactions(List.of("t")).description("t"))
                            .state())
                    .isNotEqualTo(TransactionState.ONGOING);
        }
    }

    @Test
    void aTransactionEndsThoughOneOfItsTopicsIsDeleted() {
        broker.createTopic("gone", 1);
        try (KafkaProducer<String, String> producer = transactional("t");
                Admin admin = broker.admin()) {
            producer.beginTransaction();
            send(producer, 0, "stays");
            Future<?> ignored = producer.send(new ProducerRecord<>("gone", 0, "k", "v"));
            producer.flush();
            get(admin.deleteTopics(List.of("gone")).all());
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, 0, "next");
            producer.commitTransaction();
        }
        assertThat(committed(0, 2)).containsExactly("stays", "next");
    }

    private static List<String> ids(Collection<TransactionListing> listings) {
        return listings.stream().map(TransactionListing::transactionalId).toList();
    }

    private KafkaProducer<String, String> transactional(String id) {
        KafkaProducer<String, String> producer = broker.producer("transactional.id", id);
        producer.initTransactions();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, int partition, String value) {
        Future<?> ignored = producer.send(new ProducerRecord<>(TOPIC, partition, "k", value));
    }

    private long lastStableOffset(int partition) {
        TopicPartition at = new TopicPartition(TOPIC, partition);
        try (KafkaConsumer<String, String> consumer = broker.consumer("isolation.level", "read_committed")) {
            return Objects.requireNonNull(consumer.endOffsets(List.of(at)).get(at));
        }
    }

    /** What a reader of committed records gets: {@code count} values, and everything up to the end that it sees. */
    private List<String> committed(int partition, int count) {
        TopicPartition at = new TopicPartition(TOPIC, partition);
        try (KafkaConsumer<String, String> consumer = broker.consumer("isolation.level", "read_committed")) {
            consumer.assign(List.of(at));
            consumer.seekToBeginning(List.of(at));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while ((values.size() < count || consumer.position(at) < end(at)) && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    private long end(TopicPartition at) {
        try (Admin admin = broker.admin()) {
            return get(admin.listOffsets(Map.of(at, OffsetSpec.latest())).partitionResult(at))
                    .offset();
        }
    }
}
