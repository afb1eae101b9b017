/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a consumer of committed records is answered, and when. */
@Timeout(600)
class CommittedFetchTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final long ME = 7;

    @TempDir
    Path dir;

    private LogDirectory logs;
    private FetchReader reader;
    private PartitionLog log;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

    @BeforeEach
    void oneTopic() {
        logs = LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
        Topics topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
        topics.create(new NewTopic("orders", 1, Map.of()), false).join();
        reader = new FetchReader(topics);
        log = topics.log(ORDERS).orElseThrow();
    }

    @AfterEach
    void close() {
        threads.shutdown();
        logs.close();
    }

    @Test
    void theAnswerEndsAtTheLastStableOffsetAndNamesWhatWasAborted() throws Exception {
        begin(0, "aborted");
        long marker = end(TransactionResult.ABORT);
        append("b");
        begin(1, "open");
        PartitionData committed = read(IsolationLevel.READ_COMMITTED, 0);
        assertThat(committed.lastStableOffset()).isEqualTo(3);
        assertThat(committed.highWatermark()).isEqualTo(4);
        assertThat(FetchResponse.recordsOrFail(committed).batches())
                .extracting(batch -> batch.baseOffset())
                .containsExactly(0L, marker, 2L);
        assertThat(committed.abortedTransactions())
                .containsExactly(new AbortedTransaction().setProducerId(ME).setFirstOffset(0));
        assertThat(read(IsolationLevel.READ_COMMITTED, 2).abortedTransactions()).isEmpty();
        PartitionData all = read(IsolationLevel.READ_UNCOMMITTED, 0);
        assertThat(all.lastStableOffset()).isEqualTo(3);
        assertThat(all.abortedTransactions()).isNull();
        assertThat(FetchResponse.recordsOrFail(all).batches()).hasSize(4);
    }

    @Test
    void aMarkerWakesWhoWaits() throws Exception {
        begin(0, "a");
        FetchRequest request = request(IsolationLevel.READ_COMMITTED, 0, 300_000);
        FetchTurn turn = new FetchSessions(0, InstantSource.system()).begin(request);
        Findings findings = new Findings(turn.asked(), request, 1_000_000, reader, Callers.anyone());
        FetchWait wait = new FetchWait(request, turn, findings, reader, threads, threads);
        CompletableFuture<FetchResponse> answer = wait.answer();
        wait.start();
        append("b");
        assertThat(answer).isNotDone();
        end(TransactionResult.COMMIT);
        PartitionData found = answer.get(120, TimeUnit.SECONDS)
                .data()
                .responses()
                .get(0)
                .partitions()
                .get(0);
        assertThat(FetchResponse.recordsOrFail(found).batches()).hasSize(3);
        assertThat(found.lastStableOffset()).isEqualTo(3);
    }

    private PartitionData read(IsolationLevel isolation, long offset) {
        Asked asked = Asked.in(request(isolation, offset, 0)).get(0);
        return reader.read(asked, 1_000_000, true, isolation, Callers.anyone()).data();
    }

    private static FetchRequest request(IsolationLevel isolation, long offset, int waitMs) {
        FetchRequest.PartitionData partition =
                new FetchRequest.PartitionData(Uuid.ZERO_UUID, offset, 0, 1_000_000, Optional.empty());
        return FetchRequest.Builder.forConsumer((short) 12, waitMs, 1, Map.of(ORDERS, partition))
                .isolationLevel(isolation)
                .build((short) 12);
    }

    private void append(String value) throws Exception {
        settle(log.append(MemoryRecords.withRecords(Compression.NONE, record(value)))
                .nextOffset());
    }

    private void begin(int sequence, String value) throws Exception {
        MemoryRecords batch =
                MemoryRecords.withTransactionalRecords(Compression.NONE, ME, (short) 0, sequence, record(value));
        settle(log.append(batch, AppendOrigin.CLIENT, log.admit(ME, (short) 0)).nextOffset());
    }

    private long end(TransactionResult result) throws Exception {
        long next = log.endTransaction(ME, (short) 0, 0, result).nextOffset();
        settle(next);
        return next - 1;
    }

    private void settle(long nextOffset) throws Exception {
        log.durable(nextOffset).get(120, TimeUnit.SECONDS);
    }

    private static SimpleRecord record(String value) {
        return new SimpleRecord(System.currentTimeMillis(), value.getBytes(StandardCharsets.UTF_8));
    }
}
