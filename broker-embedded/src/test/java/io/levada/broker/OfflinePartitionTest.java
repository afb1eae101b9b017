/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.failure;
import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a damaged partition, as its clients see it: that partition has no leader, as with a failed disk of a Kafka broker; the rest serves. */
@Timeout(300)
class OfflinePartitionTest {
    private static final TopicPartition DAMAGED = new TopicPartition("orders", 0);

    @TempDir
    Path dir;

    private final Map<String, byte[]> lastBytes = new HashMap<>();

    @BeforeEach
    void aDamagedPartition() throws IOException {
        try (TestBroker broker = start()) {
            broker.createTopic("orders", 2);
            broker.produce("orders", 0, List.of("a", "b", "c"));
            broker.produce("orders", 1, List.of("d"));
            try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                consumer.commitSync(Map.of(DAMAGED, new OffsetAndMetadata(2)));
            }
        }
        damage("orders-0");
    }

    @Test
    void metadataSaysThatItHasNoLeader() {
        try (TestBroker broker = start();
                Admin admin = broker.admin()) {
            List<TopicPartitionInfo> partitions = get(admin.describeTopics(Set.of("orders"))
                            .topicNameValues()
                            .get("orders"))
                    .partitions();
            assertThat(partitions.get(0).leader()).isNull();
            assertThat(partitions.get(1).leader()).isNotNull();
        }
    }

    @Test
    void theOtherPartitionServesAndThisOneRefuses() {
        try (TestBroker broker = start();
                Admin admin = broker.admin();
                KafkaProducer<String, String> producer = broker.producer(
                        "max.block.ms", "3000", "delivery.timeout.ms", "3000", "request.timeout.ms", "1000")) {
            broker.produce("orders", 1, List.of("e"));
            assertThat(broker.read("orders", 1, 2)).containsExactly("d", "e");
            assertThat(failure(producer.send(new ProducerRecord<>("orders", 0, null, "lost"))))
                    .isInstanceOf(TimeoutException.class);
            assertThat(failure(admin.listOffsets(
                                    Map.of(DAMAGED, OffsetSpec.latest()),
                                    new org.apache.kafka.clients.admin.ListOffsetsOptions().timeoutMs(2000))
                            .all()))
                    .isInstanceOf(RetriableException.class);
            assertThat(failure(admin.deleteRecords(
                                    Map.of(DAMAGED, RecordsToDelete.beforeOffset(1)),
                                    new org.apache.kafka.clients.admin.DeleteRecordsOptions().timeoutMs(2000))
                            .all()))
                    .isInstanceOf(RetriableException.class);
            try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                assertThat(consumer.committed(Set.of(DAMAGED)).get(DAMAGED)).isNotNull();
            }
        }
    }

    @Test
    void itsTopicCanBeDeletedAndMadeAgain() {
        try (TestBroker broker = start();
                Admin admin = broker.admin()) {
            get(admin.deleteTopics(Set.of("orders")).all());
            assertThat(dir.resolve("orders-0")).doesNotExist();
            broker.createTopic("orders", 1);
            broker.produce("orders", 0, List.of("new"));
            assertThat(broker.read("orders", 0, 1)).containsExactly("new");
        }
    }

    @Test
    void aDamagedOffsetsPartitionKeepsItsGroupsWithoutACoordinatorAndNothingElse() throws IOException {
        damage("__consumer_offsets-0");
        try (TestBroker broker = start();
                KafkaConsumer<String, String> consumer =
                        broker.consumer("group.id", "g", "default.api.timeout.ms", "3000")) {
            broker.produce("orders", 1, List.of("e"));
            assertThat(broker.read("orders", 1, 2)).containsExactly("d", "e");
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> consumer.commitSync(Map.of(DAMAGED, new OffsetAndMetadata(3)), Duration.ofSeconds(3)))
                    .isInstanceOf(RetriableException.class);
        }
    }

    @Test
    void keysOfADamagedCoordinatorPartitionHaveNoCoordinator() throws IOException {
        try (TestBroker broker = start();
                KafkaProducer<String, String> producer = broker.producer("transactional.id", "t")) {
            producer.initTransactions();
        }
        damage("__consumer_offsets-0");
        try (TestBroker broker = start();
                RawClient client = new RawClient(broker.port())) {
            assertThat(coordinatorOf(client, CoordinatorType.GROUP, "g")).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
            assertThat(coordinatorOf(client, CoordinatorType.TRANSACTION, "t")).isEqualTo(Errors.NONE);
        }
        damage("__transaction_state-0");
        try (TestBroker broker = start();
                RawClient client = new RawClient(broker.port())) {
            assertThat(coordinatorOf(client, CoordinatorType.TRANSACTION, "t"))
                    .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        }
    }

    private static Errors coordinatorOf(RawClient client, CoordinatorType type, String key) throws IOException {
        FindCoordinatorResponse batched = (FindCoordinatorResponse) client.ask(
                ApiKeys.FIND_COORDINATOR,
                (short) 6,
                new FindCoordinatorRequestData().setKeyType(type.id()).setCoordinatorKeys(List.of(key)));
        FindCoordinatorResponse single = (FindCoordinatorResponse) client.ask(
                ApiKeys.FIND_COORDINATOR,
                (short) 3,
                new FindCoordinatorRequestData().setKeyType(type.id()).setKey(key));
        Errors error = Errors.forCode(batched.coordinators().get(0).errorCode());
        assertThat(single.error()).isEqualTo(error);
        return error;
    }

    /** As in Kafka: the decision is answered, what can be ended is, and the rest once its partition is back. */
    @Test
    void aTransactionOverADamagedPartitionEndsOnceThatIsBack() throws IOException {
        repair("orders-0");
        int epoch;
        long id;
        try (TestBroker broker = start();
                Admin admin = broker.admin();
                KafkaProducer<String, String> producer = broker.producer("transactional.id", "t")) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < 2; partition++) {
                var ignored = producer.send(new ProducerRecord<>("orders", partition, null, "in t"));
            }
            producer.flush();
            TransactionDescription open =
                    get(admin.describeTransactions(List.of("t")).description("t"));
            id = open.producerId();
            epoch = open.producerEpoch();
            producer.close(Duration.ZERO); // without aborting
        }
        damage("orders-0");
        try (TestBroker broker = start();
                Admin admin = broker.admin();
                RawClient client = new RawClient(broker.port())) {
            assertThat(added(client, id, epoch)).isEqualTo(Errors.NONE);
            assertThat(committedIn(client, id, epoch)).isEqualTo(Errors.NONE);
            EndTxnResponse end = (EndTxnResponse) client.ask(
                    ApiKeys.END_TXN,
                    (short) 5,
                    new EndTxnRequestData()
                            .setTransactionalId("t")
                            .setProducerId(id)
                            .setProducerEpoch((short) epoch)
                            .setCommitted(true));
            assertThat(end.error()).isEqualTo(Errors.NONE);
            assertThat(read(broker, 1, 2)).containsExactly("d", "in t");
            assertThat(get(admin.describeTransactions(List.of("t")).description("t"))
                            .state())
                    .isEqualTo(TransactionState.PREPARE_COMMIT);
        }
        repair("orders-0");
        try (TestBroker broker = start()) {
            assertThat(read(broker, 0, 4)).containsExactly("a", "b", "c", "in t");
            try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "t");
                    KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                producer.initTransactions();
                assertThat(consumer.committed(Set.of(DAMAGED))).containsEntry(DAMAGED, new OffsetAndMetadata(3, ""));
            }
        }
    }

    private static Errors added(RawClient client, long id, int epoch) throws IOException {
        AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection topics =
                new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic()
                .setName("orders")
                .setPartitions(List.of(0)));
        AddPartitionsToTxnResponse answer = (AddPartitionsToTxnResponse) client.ask(
                ApiKeys.ADD_PARTITIONS_TO_TXN,
                (short) 3,
                new AddPartitionsToTxnRequestData()
                        .setV3AndBelowTransactionalId("t")
                        .setV3AndBelowProducerId(id)
                        .setV3AndBelowProducerEpoch((short) epoch)
                        .setV3AndBelowTopics(topics));
        return answer.errorCounts().keySet().iterator().next();
    }

    /** An offset of a partition that is out of service is an offset all the same. */
    private static Errors committedIn(RawClient client, long id, int epoch) throws IOException {
        TxnOffsetCommitResponse answer = (TxnOffsetCommitResponse) client.ask(
                ApiKeys.TXN_OFFSET_COMMIT,
                (short) 5,
                new TxnOffsetCommitRequestData()
                        .setTransactionalId("t")
                        .setGroupId("g")
                        .setProducerId(id)
                        .setProducerEpoch((short) epoch)
                        .setTopics(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                                .setName("orders")
                                .setPartitions(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()
                                        .setCommittedOffset(3)
                                        .setCommittedMetadata(""))))));
        return Errors.forCode(answer.data().topics().get(0).partitions().get(0).errorCode());
    }

    private static List<String> read(TestBroker broker, int partition, int count) {
        try (KafkaConsumer<String, String> consumer = broker.consumer("isolation.level", "read_committed")) {
            consumer.assign(List.of(new TopicPartition("orders", partition)));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private TestBroker start() {
        return TestBroker.in(
                dir, "broker.offsets.topic.num.partitions", "1", "broker.transaction.state.log.num.partitions", "1");
    }

    /** Takes the last byte of a log that was closed in order. */
    private void damage(String folder) throws IOException {
        Path log = logOf(folder);
        byte[] bytes = Files.readAllBytes(log);
        lastBytes.put(folder, bytes);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));
    }

    /** Puts it back. */
    private void repair(String folder) throws IOException {
        Files.write(logOf(folder), lastBytes.get(folder));
    }

    private Path logOf(String folder) {
        return dir.resolve(folder).resolve("00000000000000000000.log");
    }
}
