/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.BrokerConfig;
import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Caller;
import io.levada.broker.api.Session;
import io.levada.broker.coordinator.ManualThread;
import io.levada.broker.fetch.Callers;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A topic is deleted, and another made under its name, while an offset commit is under way: the new one does not get the offset. */
class CommitsDuringDeletionTest {
    private static final String GROUP = "readers";
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);
    private static final long PRODUCER = 7;

    @TempDir
    Path dir;

    private final ManualThread thread = new ManualThread();
    private LogDirectory logs;
    private Topics topics;
    private GroupCoordinator groups;

    @BeforeEach
    void twoTopics() {
        logs = LogDirectory.open(dir, LogConfig.defaults(), LogOptions.of(FlushPolicy.OS), thread);
        topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
        groups = new GroupCoordinator(topics, BrokerConfig.from(Map.of()).groups(), thread, thread);
        var ignored = groups.ready();
        create(ORDERS.topic());
        create(PAYMENTS.topic());
        thread.run();
    }

    @AfterEach
    void close() {
        logs.close();
    }

    @ParameterizedTest
    @CsvSource({"9, UNKNOWN_TOPIC_OR_PARTITION", "10, UNKNOWN_TOPIC_ID"})
    void aCommitStoresNothingForATopicThatWasDeletedSince(short version, Errors told) {
        var handler = new OffsetCommitHandler(groups, topics, thread);
        CompletableFuture<OffsetCommitResponse> answer =
                handler.handle(commitOfBoth(version), whoAsksWhileOrdersAreMadeAnew());
        thread.run();
        assertThat(answer.join().data().topics())
                .flatExtracting(topic -> topic.partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(told, Errors.NONE);
        assertThat(committed()).containsOnlyKeys(PAYMENTS);
    }

    @Test
    void neitherDoesOneInATransaction() {
        CompletableFuture<Void> admitted = new CompletableFuture<>();
        CompletableFuture<TxnOffsetCommitResponse> answer = commitInTransaction(admitted);
        makeAnew();
        admitted.complete(null);
        thread.run();
        assertThat(answer.join().data().topics())
                .flatExtracting(topic -> topic.partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NONE);
        commitTransaction();
        assertThat(committed()).containsOnlyKeys(PAYMENTS);
    }

    @Test
    void whatATransactionHasNotPutInPlaceYetGoesWithTheTopicToo() {
        CompletableFuture<TxnOffsetCommitResponse> answer =
                commitInTransaction(CompletableFuture.completedFuture(null));
        assertThat(answer.join().errorCounts()).containsOnlyKeys(Errors.NONE);
        makeAnew();
        thread.run();
        commitTransaction();
        assertThat(committed()).containsOnlyKeys(PAYMENTS);
    }

    private CompletableFuture<TxnOffsetCommitResponse> commitInTransaction(CompletableFuture<Void> admitted) {
        var handler = new TxnOffsetCommitHandler(
                groups, topics, (id, producerId, epoch, partitions, addMissing) -> admitted, thread);
        TxnOffsetCommitRequestData data = new TxnOffsetCommitRequestData()
                .setGroupId(GROUP)
                .setTransactionalId("t")
                .setProducerId(PRODUCER)
                .setProducerEpoch((short) 0);
        for (TopicPartition partition : List.of(ORDERS, PAYMENTS)) {
            data.topics()
                    .add(new TxnOffsetCommitRequestTopic()
                            .setName(partition.topic())
                            .setPartitions(List.of(new TxnOffsetCommitRequestPartition().setCommittedOffset(5))));
        }
        CompletableFuture<TxnOffsetCommitResponse> answer =
                handler.handle(new TxnOffsetCommitRequest(data, (short) 4), Callers.allowedBy(Authorizer.ALLOW_ALL));
        thread.run();
        return answer;
    }

    private void commitTransaction() {
        CompletableFuture<Void> ended = groups.endTransaction(
                groups.partitionFor(GROUP).orElseThrow(),
                PRODUCER,
                (short) 0,
                0,
                TransactionResult.COMMIT,
                TransactionVersion.BEFORE_2);
        thread.run();
        assertThat(ended).isCompleted();
    }

    private OffsetCommitRequest commitOfBoth(short version) {
        OffsetCommitRequestData data = new OffsetCommitRequestData().setGroupId(GROUP);
        for (TopicPartition partition : List.of(ORDERS, PAYMENTS)) {
            Uuid id = topics.catalog().find(partition.topic()).orElseThrow().id();
            data.topics()
                    .add(new OffsetCommitRequestTopic()
                            .setName(partition.topic())
                            .setTopicId(id)
                            .setPartitions(List.of(new OffsetCommitRequestPartition().setCommittedOffset(5))));
        }
        return new OffsetCommitRequest(data, version);
    }

    /** Between the look for the topic and the decision there is nothing else that a test could hold up. */
    private Caller whoAsksWhileOrdersAreMadeAnew() {
        return Callers.allowedBy(new Authorizer() {
            private boolean done;

            @Override
            public boolean permits(Session session, AclOperation operation, ResourceType type, String name) {
                if (!done && name.equals(ORDERS.topic())) {
                    done = true;
                    makeAnew();
                }
                return true;
            }

            @Override
            public boolean permitsOnAny(Session session, AclOperation operation, ResourceType type) {
                return true;
            }
        });
    }

    private void makeAnew() {
        topics.delete(ORDERS.topic()).join();
        create(ORDERS.topic());
    }

    private void create(String name) {
        topics.create(new NewTopic(name, 1, Map.of()), false).join();
    }

    private Map<TopicPartition, CommittedOffset> committed() {
        CompletableFuture<Map<TopicPartition, CommittedOffset>> offsets =
                groups.read(GROUP, shard -> shard.offsets().committed().of(GROUP));
        thread.run();
        return offsets.join();
    }
}
