/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.Batches;
import io.levada.broker.log.FaultyFiles;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.topic.DeleteRecordsHandler;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A producer with acks=1 has its answer before its records are forced; whoever asks then where the log ends must hear of them. */
@Timeout(600)
class NotYetForcedTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path dir;

    private final FaultyFiles files = new FaultyFiles();
    private LogDirectory logs;
    private Topics topics;
    private PartitionLog log;

    @BeforeEach
    void oneRecordForcedAndOneNot() {
        logs = files.open(dir, FlushPolicy.FSYNC);
        topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
        topics.create(new NewTopic("orders", 1, Map.of()), false).join();
        log = topics.require(ORDERS);
        log.durable(log.append(Batches.of("a")).nextOffset()).join();
        files.stall();
        log.append(Batches.of("b"));
    }

    @AfterEach
    void close() {
        files.go();
        logs.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {ListOffsetsRequest.LATEST_TIMESTAMP, Long.MAX_VALUE, ListOffsetsRequest.MAX_TIMESTAMP})
    void theEndThatIsListedWaits(long timestamp) throws Exception {
        CompletableFuture<ListOffsetsResponse> listed = list(timestamp);
        assertThat(listed).isNotDone();
        files.go();
        assertThat(listed.get(5, TimeUnit.MINUTES).errorCounts()).containsOnlyKeys(Errors.NONE);
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            assertThat(offset(listed)).isEqualTo(2);
        }
    }

    @Test
    void theStartIsListedAtOnce() {
        assertThat(offset(list(ListOffsetsRequest.EARLIEST_TIMESTAMP))).isZero();
    }

    @Test
    void theEndThatNeverBecomesSafeIsTheOneBefore() throws Exception {
        CompletableFuture<ListOffsetsResponse> listed = list(ListOffsetsRequest.LATEST_TIMESTAMP);
        files.failForces();
        files.go();
        listed.get(5, TimeUnit.MINUTES);
        assertThat(offset(listed)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2})
    void theRecordsThatAreDeletedAreWaitedFor(long offset) throws Exception {
        CompletableFuture<DeleteRecordsResponse> deleted = delete(offset, Runnable::run);
        assertThat(deleted).isNotDone();
        files.go();
        assertThat(deleted.get(5, TimeUnit.MINUTES).errorCounts()).containsOnlyKeys(Errors.NONE);
        assertThat(log.logStartOffset()).isEqualTo(2);
    }

    @Test
    void recordsOfATopicThatTookTheNameMeanwhileAreNotDeleted() throws Exception {
        BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<DeleteRecordsResponse> deleted = delete(-1, task -> {
            if (begun.compareAndSet(false, true)) {
                task.run();
            } else {
                held.add(task);
            }
        });
        files.go();
        Runnable deletion = held.poll(5, TimeUnit.MINUTES);
        topics.delete("orders").join();
        topics.create(new NewTopic("orders", 1, Map.of()), false).join();
        PartitionLog namesake = topics.require(ORDERS);
        namesake.durable(namesake.append(Batches.of("new")).nextOffset()).join();
        assertThat(deletion).isNotNull();
        deletion.run();
        assertThat(deleted.get(5, TimeUnit.MINUTES).errorCounts()).containsOnlyKeys(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(namesake.logStartOffset()).isZero();
    }

    private CompletableFuture<ListOffsetsResponse> list(long timestamp) {
        ListOffsetsTopic asked = new ListOffsetsTopic().setName("orders");
        asked.partitions().add(new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestamp));
        ListOffsetsRequest request = ListOffsetsRequest.Builder.forConsumer(true, IsolationLevel.READ_UNCOMMITTED)
                .setTargetTimes(List.of(asked))
                .build(ApiKeys.LIST_OFFSETS.latestVersion());
        return new ListOffsetsHandler(topics, Runnable::run).handle(request, Callers.anyone());
    }

    private static long offset(CompletableFuture<ListOffsetsResponse> listed) {
        return listed.join().topics().get(0).partitions().get(0).offset();
    }

    private CompletableFuture<DeleteRecordsResponse> delete(long offset, Executor executor) {
        DeleteRecordsRequestData data = new DeleteRecordsRequestData().setTimeoutMs(60_000);
        data.topics()
                .add(new DeleteRecordsTopic()
                        .setName("orders")
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(offset))));
        return new DeleteRecordsHandler(topics, partition -> executor, Runnable::run)
                .handle(
                        new DeleteRecordsRequest.Builder(data).build(ApiKeys.DELETE_RECORDS.latestVersion()),
                        Callers.anyone());
    }
}
