/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.Appended;
import io.levada.broker.log.FaultyFiles;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;

/** A transaction coordinator and the partitions of its transactions on a disk that can lose its power. */
final class Coordinating implements AutoCloseable {
    static final String TOPIC = "orders";
    static final int PARTITIONS = 3;
    private static final long SECONDS_MAX = 120;
    private final Path dir;
    final FaultyFiles files = new FaultyFiles();
    final AtomicLong nowMs = new AtomicLong(1_700_000_000_000L);
    private final LogDirectory logs;
    final Topics topics;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService appends = Executors.newSingleThreadExecutor();
    private final Queue<Runnable> heldMarkers = new ConcurrentLinkedQueue<>();
    private volatile boolean holdsMarkers;
    final TransactionCoordinator coordinator;

    Coordinating(Path dir) {
        this.dir = dir;
        this.logs = files.open(dir, FlushPolicy.FSYNC);
        this.topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
        topics.findOrCreate(new NewTopic(TOPIC, PARTITIONS, Map.of())).join();
        InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
        MarkerWriter markers = new MarkerWriter(topics, partition -> markerExecutor(), new NoOffsets());
        this.coordinator = new TransactionCoordinator(
                        topics,
                        new TransactionConfig(
                                2,
                                100_000,
                                Duration.ofMinutes(15),
                                Duration.ofDays(7),
                                Duration.ofMillis(20),
                                Duration.ofMillis(20)),
                        new ProducerIds(dir),
                        markers,
                        thread,
                        clock)
                .start();
        get(coordinator.ready());
    }

    private record NoOffsets() implements OffsetsLog {
        @Override
        public CompletableFuture<TopicPartition> partitionOf(String groupId) {
            return CompletableFuture.failedFuture(new IllegalStateException("no groups here"));
        }

        @Override
        public CompletableFuture<Void> end(TopicPartition partition, Marker marker) {
            return CompletableFuture.failedFuture(new IllegalStateException("no groups here"));
        }
    }

    private Executor markerExecutor() {
        return task -> {
            if (holdsMarkers) {
                heldMarkers.add(task);
            } else {
                appends.execute(task);
            }
        };
    }

    /** From now on decisions are stored and answered, and their markers do not get to the partitions. */
    void holdMarkers() {
        holdsMarkers = true;
    }

    void releaseMarkers() {
        holdsMarkers = false;
        for (Runnable marker = heldMarkers.poll(); marker != null; marker = heldMarkers.poll()) {
            appends.execute(marker);
        }
    }

    int markersHeld() {
        return heldMarkers.size();
    }

    /** Holds the id, after whatever it left open is ended. */
    Producer initialize(String id, Optional<Producer> held) {
        return again(() -> coordinator.initialize(id, new Initialization(60_000, held)));
    }

    /** Appends within a transaction as a produce request of version 12 does, and waits until it is durable. */
    void append(String id, Producer producer, int partition, int sequence, String value) {
        PartitionLog log = log(partition);
        MemoryRecords batch = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producer.id(),
                producer.epoch(),
                sequence,
                new SimpleRecord(nowMs.get(), value.getBytes(StandardCharsets.UTF_8)));
        Admission admission =
                log.hasOpenTransaction(producer.id(), producer.epoch()) ? null : admit(id, producer, log, sequence);
        Appended appended = log.append(batch, AppendOrigin.CLIENT, admission);
        get(log.durable(appended.nextOffset()));
    }

    private Admission admit(String id, Producer producer, PartitionLog log, int sequence) {
        return again(() -> coordinator.admitOnceEnded(
                id,
                producer.id(),
                producer.epoch(),
                Set.of(log.partition()),
                true,
                () -> log.admit(producer.id(), producer.epoch(), sequence, TransactionVersion.BUMPS_EPOCHS)));
    }

    CompletableFuture<Producer> end(String id, Producer producer, TransactionResult result) {
        return coordinator.end(id, new Ending(producer, result, Transaction.VERSION_2));
    }

    /** Asks again while the last transaction is being ended, as producers do. */
    static <R> R again(Supplier<CompletableFuture<R>> request) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            try {
                return get(request.get());
            } catch (CompletionException e) {
                Errors error = ErrorCodes.of(e);
                if ((error != Errors.CONCURRENT_TRANSACTIONS && error != Errors.COORDINATOR_NOT_AVAILABLE)
                        || System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    /** Waits until no transaction is open or being ended. */
    void settle() {
        await(state -> state.isIdle());
    }

    /** Waits until no transaction is being ended. */
    void settleEnds() {
        await(state -> !state.isPrepared());
    }

    private void await(Predicate<TransactionState> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!get(coordinator.all()).values().stream().map(Transaction::state).allMatch(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not settled: " + get(coordinator.all()));
            }
        }
    }

    PartitionLog log(int partition) {
        return topics.log(new TopicPartition(TOPIC, partition)).orElseThrow();
    }

    /** What a reader of committed records sees, found by following the markers alone. */
    List<String> committed(int partition) {
        PartitionLog log = log(partition);
        Map<Long, List<String>> open = new HashMap<>();
        List<String> committed = new ArrayList<>();
        long offset = 0;
        while (offset < log.lastStableOffset()) {
            for (RecordBatch batch : log.read(offset, 1_000_000, true).records().batches()) {
                offset = batch.nextOffset();
                for (Record record : batch) {
                    if (!batch.isControlBatch()) {
                        open.computeIfAbsent(batch.producerId(), id -> new ArrayList<>())
                                .add(Utils.utf8(record.value()));
                    } else {
                        List<String> ended = open.remove(batch.producerId());
                        if (ended != null && ControlRecordType.parse(record.key()) == ControlRecordType.COMMIT) {
                            committed.addAll(ended);
                        }
                    }
                }
            }
        }
        return committed;
    }

    /** The power fails: all that was not forced is lost. A new coordinator starts over what is left, in {@code copy}. */
    Coordinating cutPower(Path copy) {
        files.stall();
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path file : all.toList()) {
                Path target = copy.resolve(dir.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.cutPower(dir, copy);
        files.go();
        close();
        return new Coordinating(copy);
    }

    @Override
    public void close() {
        coordinator.close();
        thread.shutdown();
        appends.shutdown();
        logs.close();
    }

    static <R> R get(CompletableFuture<R> future) {
        return future.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
    }
}
