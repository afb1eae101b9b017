/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What single versions of requests bring, seen from the wire: clients hide it. */
@Timeout(300)
class ProtocolTest {
    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final byte TV_0 = 0;
    private static final byte TV_2 = 2;

    @TempDir
    Path dir;

    private TestBroker broker;
    private RawClient client;
    private Uuid topicId;

    @BeforeEach
    void start() throws IOException {
        broker = TestBroker.in(
                dir, "broker.transaction.state.log.num.partitions", "1", "broker.offsets.topic.num.partitions", "1");
        client = new RawClient(broker.port());
        try (Admin admin = broker.admin()) {
            topicId = get(admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                    .topicId(TOPIC));
        }
        broker.produce(TOPIC, 0, List.of("a", "b"));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    /** Kafka answers -1 where there is no tiered storage. */
    @Test
    void whatIsNotUploadedAnywhereHasNoOffset() throws IOException {
        assertThat(listed(11, ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP))
                .isEqualTo(new ListOffsetsPartitionResponse());
        try (Admin admin = broker.admin()) {
            assertThat(get(admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliestPendingUpload()))
                                    .partitionResult(PARTITION))
                            .offset())
                    .isEqualTo(-1);
        }
    }

    @Test
    void aPlaceInTheLogIsKnownFromItsVersionOnOnly() throws IOException {
        long[] places = {
            ListOffsetsRequest.MAX_TIMESTAMP,
            ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP,
            ListOffsetsRequest.LATEST_TIERED_TIMESTAMP,
            ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP
        };
        int[] since = {7, 8, 9, 11};
        for (int i = 0; i < places.length; i++) {
            assertThat(Errors.forCode(listed(since[i] - 1, places[i]).errorCode()))
                    .as("%s in version %s", places[i], since[i] - 1)
                    .isEqualTo(Errors.UNSUPPORTED_VERSION);
            assertThat(listed(since[i], places[i]).errorCode()).isZero();
        }
        assertThat(Errors.forCode(listed(11, -7).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void aPartitionAskedForTwiceIsRefused() throws IOException {
        assertThat(list(11, -1, 2))
                .allSatisfy(
                        answer -> assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REQUEST));
    }

    private ListOffsetsPartitionResponse listed(int version, long timestamp) throws IOException {
        return list(version, timestamp, 1).get(0);
    }

    private List<ListOffsetsPartitionResponse> list(int version, long timestamp, int times) throws IOException {
        ListOffsetsPartition asked = new ListOffsetsPartition().setTimestamp(timestamp);
        ListOffsetsTopic topic = new ListOffsetsTopic().setName(TOPIC);
        for (int i = 0; i < times; i++) {
            topic.partitions().add(asked.duplicate());
        }
        ListOffsetsResponse answer = (ListOffsetsResponse) client.ask(
                ApiKeys.LIST_OFFSETS, (short) version, new ListOffsetsRequestData().setTopics(List.of(topic)));
        return answer.topics().get(0).partitions();
    }

    /** KIP-890: with transaction version 2 a marker has an epoch of its own; one of the open transaction's epoch is a late one of the last transaction. */
    @Test
    void aLateMarkerDoesNotEndTheNextTransaction() throws IOException {
        try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "t")) {
            producer.initTransactions();
            producer.beginTransaction();
            var ignored = producer.send(new ProducerRecord<>(TOPIC, 0, "k", "v"));
            producer.flush();
            InitialProducer open = openProducer();
            assertThat(marked(2, open, open.epoch, TV_2)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
            assertThat(endOfCommitted()).isEqualTo(2);
            assertThat(marked(2, open, open.epoch + 1, TV_2)).isEqualTo(Errors.NONE);
            assertThat(endOfCommitted()).isEqualTo(4);
            // Once more, as a coordinator does that did not hear the answer.
            assertThat(marked(2, open, open.epoch + 1, TV_2)).isEqualTo(Errors.NONE);
            assertThat(marked(2, open, open.epoch, TV_2)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        }
    }

    @Test
    void aMarkerOfAnEarlierTransactionVersionHasTheEpochOfItsTransaction() throws IOException {
        for (int version = 1; version <= 2; version++) {
            try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "t")) {
                producer.initTransactions();
                producer.beginTransaction();
                var ignored = producer.send(new ProducerRecord<>(TOPIC, 0, "k", "v"));
                producer.flush();
                InitialProducer open = openProducer();
                assertThat(marked(version, open, open.epoch, TV_0)).isEqualTo(Errors.NONE);
            }
        }
    }

    private record InitialProducer(long id, int epoch) {}

    private InitialProducer openProducer() {
        try (Admin admin = broker.admin()) {
            return get(admin.describeProducers(List.of(PARTITION)).partitionResult(PARTITION))
                    .activeProducers()
                    .stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .map(producer -> new InitialProducer(producer.producerId(), producer.producerEpoch()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Errors marked(int version, InitialProducer producer, int epoch, byte transactionVersion)
            throws IOException {
        WritableTxnMarker marker = new WritableTxnMarker()
                .setProducerId(producer.id)
                .setProducerEpoch((short) epoch)
                .setTransactionVersion(version < 2 ? TV_0 : transactionVersion)
                .setTopics(List.of(new WritableTxnMarkerTopic().setName(TOPIC).setPartitionIndexes(List.of(0))));
        WriteTxnMarkersResponse answer = (WriteTxnMarkersResponse) client.ask(
                ApiKeys.WRITE_TXN_MARKERS,
                (short) version,
                new WriteTxnMarkersRequestData().setMarkers(List.of(marker)));
        return answer.errorCounts().keySet().iterator().next();
    }

    private long endOfCommitted() {
        try (Admin admin = broker.admin()) {
            return get(admin.listOffsets(
                                    Map.of(PARTITION, OffsetSpec.latest()),
                                    new org.apache.kafka.clients.admin.ListOffsetsOptions(
                                            org.apache.kafka.common.IsolationLevel.READ_COMMITTED))
                            .partitionResult(PARTITION))
                    .offset();
        }
    }

    @Test
    void offsetsInATransactionAreCommittedByTopicId() throws IOException {
        try (KafkaProducer<String, String> other = broker.producer("transactional.id", "other")) {
            other.initTransactions(); // makes the topic of transactions
        }
        InitProducerIdResponseData producer = ((InitProducerIdResponse) client.ask(
                        ApiKeys.INIT_PRODUCER_ID,
                        (short) 5,
                        new InitProducerIdRequestData()
                                .setTransactionalId("t")
                                .setTransactionTimeoutMs(60_000)
                                .setProducerId(-1)
                                .setProducerEpoch((short) -1)))
                .data();
        assertThat(Errors.forCode(producer.errorCode())).isEqualTo(Errors.NONE);
        try (Admin admin = broker.admin()) {
            // So that the group has a coordinator.
            get(admin.alterConsumerGroupOffsets(
                            "g", Map.of(PARTITION, new org.apache.kafka.clients.consumer.OffsetAndMetadata(0)))
                    .all());
        }
        Uuid unknown = Uuid.randomUuid();
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId("t")
                .setGroupId("g")
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setTopics(List.of(topic(topicId, 0, 7), topic(unknown, 0)));
        TxnOffsetCommitResponse answer =
                (TxnOffsetCommitResponse) client.ask(ApiKeys.TXN_OFFSET_COMMIT, (short) 6, request);
        assertThat(answer.data().topics())
                .extracting(TxnOffsetCommitResponseTopic::topicId)
                .containsExactly(topicId, unknown);
        assertThat(answer.data().topics().get(0).partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(answer.data().topics().get(1).partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.UNKNOWN_TOPIC_ID);
    }

    private static TxnOffsetCommitRequestTopic topic(Uuid id, int... partitions) {
        TxnOffsetCommitRequestTopic topic = new TxnOffsetCommitRequestTopic().setTopicId(id);
        for (int partition : partitions) {
            topic.partitions()
                    .add(new TxnOffsetCommitRequestPartition()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(1));
        }
        return topic;
    }
}
