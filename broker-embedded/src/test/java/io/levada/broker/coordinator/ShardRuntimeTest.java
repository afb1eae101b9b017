/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import static io.levada.broker.coordinator.Registers.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.log.FaultyFiles;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(180)
class ShardRuntimeTest {
    private static final String TOPIC = "__registers";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    @TempDir
    Path dir;

    private final FaultyFiles files = new FaultyFiles();
    private Running running;

    @BeforeEach
    void start() {
        running = new Running(dir, files);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void whatWasAnsweredIsThereAfterARestart() {
        ready();
        assertThat(get(set("a", "1"))).isEqualTo("1");
        get(set("b", "2"));
        get(set("a", "3"));
        Map<String, String> live = Map.copyOf(running.registers.values);
        restart();
        assertThat(look()).isEqualTo(live).containsEntry("a", "3");
    }

    @Test
    void beforeTheTopicIsThereItShowsNothingAndTakesNothing() {
        assertThat(look()).isEmpty();
        assertThat(running.runtime.serves("a")).isFalse();
        assertThat(failure(set("a", "1"))).isInstanceOf(CoordinatorNotAvailableException.class);
    }

    @Test
    void anAppendThatFailsChangesNothingAndTheCallerIsTold() {
        ready();
        get(set("a", "1"));
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        files.fillUpAfter(10);
        assertThat(failure(running.runtime.write(
                        "a",
                        shard -> Decision.of(List.of(record("a", "2")), "2").then(new Noted(told)))))
                .isInstanceOf(NotCoordinatorException.class);
        assertThat(told).containsExactly("failed: NotCoordinatorException");
        assertThat(look()).containsEntry("a", "1");
        files.fillUpAfter(Integer.MAX_VALUE);
        get(set("a", "3"));
        restart();
        assertThat(look()).containsOnly(Map.entry("a", "3"));
    }

    @Test
    void aPartitionOutOfServiceKeepsNoOtherFromBeingReadBackAndIsNotServedEmpty() {
        InMemoryTopic disk = new InMemoryTopic(2);
        started(disk, new Registers(), "a", "b");
        Registers later = new Registers();
        Set<Integer> offline = new HashSet<>(Set.of(0));
        ShardRuntime<Registers> runtime = new ShardRuntime<>(new Partly(disk, offline), later, running.thread);
        runtime.start();
        assertThat(seen(runtime, "a")).containsOnlyKeys("a");
        assertThat(later.events).containsExactly("loaded");
        assertThat(failure(runtime.read("b", shard -> ""))).isInstanceOf(CoordinatorNotAvailableException.class);
        assertThat(runtime.serves("a")).isTrue();
        assertThat(runtime.serves("b")).isFalse();
        offline.clear();
        assertThat(runtime.serves("b")).as("it was not read back").isFalse();
        assertThat(failure(runtime.read("b", shard -> "")))
                .as("it was not read back")
                .isInstanceOf(CoordinatorNotAvailableException.class);
        Registers restarted = new Registers();
        ShardRuntime<Registers> again = new ShardRuntime<>(new Partly(disk, offline), restarted, running.thread);
        again.start();
        assertThat(seen(again, "b")).containsOnlyKeys("a", "b");
    }

    private static Map<String, String> seen(ShardRuntime<Registers> runtime, String key) {
        return get(runtime.read(key, shard -> Map.copyOf(shard.values)));
    }

    /** Writes each key. "a" and "b" are kept in different partitions of two. */
    private void started(InternalTopic topic, Registers registers, String... keys) {
        ShardRuntime<Registers> runtime = new ShardRuntime<>(topic, registers, running.thread);
        runtime.start();
        for (String key : keys) {
            get(runtime.write(key, shard -> Decision.of(List.of(record(key, "1")), "1")));
        }
    }

    /** A topic of which some partitions are out of service. */
    private record Partly(InternalTopic whole, Set<Integer> offline) implements InternalTopic {
        @Override
        public String name() {
            return whole.name();
        }

        @Override
        public int partitions() {
            return whole.partitions();
        }

        @Override
        public CompletableFuture<Void> ready() {
            return whole.ready();
        }

        @Override
        public Optional<? extends ShardLog> log(int partition) {
            return offline.contains(partition) ? Optional.empty() : whole.log(partition);
        }
    }

    @Test
    void whatCannotBeForcedUnloadsTheShardUntilARestart() {
        ready();
        get(set("a", "1"));
        files.failForces();
        assertThat(failure(set("a", "2"))).isInstanceOf(NotCoordinatorException.class);
        assertThat(failure(running.runtime.read("a", shard -> ""))).isInstanceOf(NotCoordinatorException.class);
        assertThat(failure(set("a", "3"))).isInstanceOf(NotCoordinatorException.class);
        assertThat(running.registers.events).containsExactly("loaded", "unloaded");
        assertThat(running.registers.values).isEmpty();
        assertThat(running.runtime.serves("a")).isFalse();
        files.healForces();
        restart();
        assertThat(running.runtime.serves("a")).isTrue();
        // Whether what was not acknowledged is there is open; that something is served again is not.
        assertThat(look().get("a")).isIn("1", "2");
        get(set("a", "4"));
    }

    @Test
    void answersWaitUntilTheirRecordsAreDurableAndComeInOrder() throws Exception {
        ready();
        get(set("a", "0"));
        files.stall();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            String value = "" + i;
            all.add(running.runtime
                    .write(
                            "a",
                            shard -> Decision.of(List.of(record("a", value)), value)
                                    .then(new Noted(order)))
                    .thenAccept(order::add));
            all.add(running.runtime
                    .write("a", shard -> Decision.reply("seen " + shard.values.get("a")))
                    .thenAccept(order::add));
        }
        awaitThread();
        assertThat(running.registers.values).containsEntry("a", "5");
        assertThat(order).isEmpty();
        files.go();
        for (CompletableFuture<?> one : all) {
            get(one);
        }
        assertThat(order)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 5)
                        .boxed()
                        .flatMap(i -> List.of("durable", "" + i, "seen " + i).stream())
                        .toList());
    }

    @Test
    void readsDoNotShowWhatIsNotDurable() throws Exception {
        ready();
        get(set("a", "1"));
        files.stall();
        CompletableFuture<String> written = set("a", "2");
        CompletableFuture<String> read = running.runtime.read("a", shard -> String.valueOf(shard.values.get("a")));
        CompletableFuture<Map<String, String>> readAll = running.runtime.readAll(shard -> Map.copyOf(shard.values));
        awaitThread();
        assertThat(List.of(written.isDone(), read.isDone(), readAll.isDone())).containsOnly(false);
        files.go();
        assertThat(get(read)).isEqualTo("2");
        assertThat(get(readAll)).containsEntry("a", "2");
    }

    @Test
    void aReadThatSawWhatNeverBecameDurableFails() throws Exception {
        ready();
        files.stall();
        CompletableFuture<String> written = set("a", "1");
        CompletableFuture<String> read = running.runtime.read("a", shard -> String.valueOf(shard.values.get("a")));
        awaitThread();
        files.failForces();
        files.go();
        assertThat(failure(written)).isInstanceOf(NotCoordinatorException.class);
        assertThat(failure(read)).isInstanceOf(NotCoordinatorException.class);
    }

    @Test
    void aDecisionIsOneBatch() {
        ready();
        get(running.runtime.write(
                "a", shard -> Decision.of(List.of(record("a", "1"), record("b", "2"), record("c", "3")), "")));
        List<RecordBatch> batches = batches();
        assertThat(batches).hasSize(1);
        assertThat(batches.get(0).countOrNull()).isEqualTo(3);
    }

    @Test
    void aDecisionThatIsTooLargeIsRefusedWholeAndTheShardGoesOn() {
        ready();
        String large = "x".repeat(40_000);
        assertThat(failure(running.runtime.write(
                        "a", shard -> Decision.of(List.of(record("a", large), record("b", large)), ""))))
                .isInstanceOf(RecordTooLargeException.class);
        assertThat(look()).isEmpty();
        get(set("a", "1"));
    }

    @Test
    void recordsThatNobodyUnderstandsArePassedOverToldOnceAndKept() {
        ready();
        get(set("a", "1"));
        writeBehindItsBack(record("a", "?"), new SimpleRecord(1, (byte[]) null, new byte[] {1}), record("b", "?"));
        writeBehindItsBack(record("b", "2"));
        Logger logger = (Logger) LoggerFactory.getLogger(ShardLoader.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            restart();
            assertThat(look()).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"));
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getKeyValuePairs().toString())
                .contains("records=\"3\"", "firstOffset=\"1\"", "lastOffset=\"3\"");
        assertThat(batches()).hasSize(3);
    }

    @Test
    void transactionsAreReplayedTheSameByAStart() {
        ready();
        transactional(1, "a", "1");
        transactional(2, "b", "1");
        transactional(3, "c", "1");
        get(end(1, TransactionResult.COMMIT));
        get(end(2, TransactionResult.ABORT));
        get(end(4, TransactionResult.COMMIT));
        assertThat(look()).containsOnly(Map.entry("a", "1"));
        restart();
        assertThat(look()).containsOnly(Map.entry("a", "1"));
        get(end(3, TransactionResult.COMMIT));
        assertThat(look()).containsOnly(Map.entry("a", "1"), Map.entry("c", "1"));
    }

    @Test
    void whatTheDecisionThrowsIsTheAnswer() {
        ready();
        assertThat(failure(running.runtime.write("a", shard -> {
                    throw new IllegalArgumentException("no");
                })))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timersAreDecisionsToo() throws Exception {
        ready();
        CountDownLatch stored = new CountDownLatch(1);
        var ignored = running.runtime.after(
                1,
                "a",
                shard -> Decision.of(List.of(record("a", "timer")), "").then(new Outcome() {
                    @Override
                    public void durable() {
                        stored.countDown();
                    }
                }));
        assertThat(stored.await(60, TimeUnit.SECONDS)).isTrue();
        restart();
        assertThat(look()).containsEntry("a", "timer");
    }

    @Test
    void aTopicThatIsDeletedTakesItsStateWithIt() throws Exception {
        running.topics.onDelete(topic -> running.runtime.forget());
        ready();
        get(set("a", "1"));
        running.topics.delete(TOPIC).get(60, TimeUnit.SECONDS);
        assertThat(look()).isEmpty();
        ready();
        get(set("b", "2"));
        restart();
        assertThat(look()).containsOnly(Map.entry("b", "2"));
    }

    @Test
    void whoWaitsIsSentAwayByAClose() throws Exception {
        ready();
        files.stall();
        CompletableFuture<String> written = set("a", "1");
        awaitThread();
        running.runtime.close();
        assertThat(failure(written)).isInstanceOf(NotCoordinatorException.class);
        files.go();
    }

    @Test
    void aLogLargerThanOneReadIsLoadedWhole() {
        ready();
        for (int i = 0; i < 60; i++) {
            get(set("key" + i, ("" + i).repeat(20_000)));
        }
        Map<String, String> live = Map.copyOf(running.registers.values);
        restart();
        assertThat(look()).isEqualTo(live).hasSize(60);
    }

    private void ready() {
        get(running.runtime.ready());
    }

    private void restart() {
        running.close();
        running = new Running(dir, files);
    }

    private CompletableFuture<String> set(String key, String value) {
        return running.runtime.write(key, shard -> Decision.of(List.of(record(key, value)), value));
    }

    private Map<String, String> look() {
        return get(running.runtime.readAll(shard -> Map.copyOf(shard.values)));
    }

    private void transactional(long producerId, String key, String value) {
        get(running.runtime.write(
                "a",
                shard -> Decision.of(List.of(record(key, value)), "")
                        .inTransactionOf(new Decision.Producer(producerId, (short) 0))));
    }

    private CompletableFuture<Void> end(long producerId, TransactionResult result) {
        return running.runtime.endTransaction(PARTITION, producerId, (short) 0, 0, result, TransactionVersion.BEFORE_2);
    }

    /** Everything asked so far has been decided. */
    private void awaitThread() throws Exception {
        running.thread.submit(() -> {}).get(60, TimeUnit.SECONDS);
    }

    private PartitionLog log() {
        return running.logs.log(PARTITION).orElseThrow();
    }

    private List<RecordBatch> batches() {
        List<RecordBatch> batches = new ArrayList<>();
        new StoredShardLog(log()).forEachBatch(batches::add);
        return batches;
    }

    private void writeBehindItsBack(SimpleRecord... records) {
        log().append(MemoryRecords.withRecords(Compression.NONE, records), AppendOrigin.BROKER);
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Throwable failure(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(() -> future.get(60, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return Objects.requireNonNull(thrown.getCause());
    }

    /** A runtime on a data directory. */
    private static final class Running {
        final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        final Registers registers = new Registers();
        final LogDirectory logs;
        final Topics topics;
        final ShardRuntime<Registers> runtime;

        Running(Path dir, FaultyFiles files) {
            logs = files.open(dir, FlushPolicy.FSYNC);
            topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
            InternalTopic topic = InternalTopic.of(
                    topics, TOPIC, 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "65536"));
            runtime = new ShardRuntime<>(topic, registers, thread);
            runtime.start();
        }

        void close() {
            try {
                runtime.close();
                thread.shutdown();
                assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                try {
                    logs.close();
                } catch (ApiException ignored) {
                    // A disk that fails says so once more.
                }
            }
        }
    }

    private record Noted(List<String> events) implements Outcome {
        @Override
        public void durable() {
            events.add("durable");
        }

        @Override
        public void failed(ApiException failure) {
            events.add("failed: " + failure.getClass().getSimpleName());
        }
    }
}
