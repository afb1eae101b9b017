/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.segment.SealedSegment;
import io.levada.broker.log.segment.SegmentDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More partitions than files may be open: all are served, while segments are removed, rewritten and topics deleted and made again. */
class OpenFilesTest {
    private static final int PARTITIONS = 200;
    private static final int OPEN_MAX = 50;
    private static final int THREADS = 6;
    private static final int ROUNDS = 30;

    @TempDir
    Path dir;

    private final AtomicInteger mostOpen = new AtomicInteger();

    private LogDirectory open(LogConfig config) {
        return LogDirectory.open(
                dir, config, LogOptions.of(FlushPolicy.OS).withOpenFilesMax(OPEN_MAX), InstantSource.system());
    }

    /** The system gives no descriptor for a while: nothing is lost by that, and afterwards all goes on. Nobody but this thread uses the files. */
    @Test
    void aPartitionThatGaveWayGoesOnOnceThereAreDescriptorsAgain() {
        AtomicBoolean refuses = new AtomicBoolean();
        LogFiles disk = new LogFiles() {
            @Override
            public FileRecords open(Path file) throws IOException {
                if (refuses.get()) {
                    throw new FileSystemException(file.toString(), null, "Too many open files");
                }
                return LogFiles.super.open(file);
            }
        };
        LogOptions options = LogOptions.of(FlushPolicy.OS).withOpenFilesMax(1);
        try (LogDirectory directory =
                LogDirectory.open(dir, LogFixture.config(), options, InstantSource.system(), disk)) {
            List<PartitionLog> logs = two(directory);
            PartitionLog first = logs.get(0);
            PartitionLog second = logs.get(1);
            first.append(Batches.of("a"));
            second.append(Batches.of("b"));
            refuses.set(true);
            assertThatThrownBy(() -> first.append(Batches.of("c")))
                    .isInstanceOf(KafkaStorageException.class)
                    .hasMessageContaining("ulimit");
            refuses.set(false);
            first.append(Batches.of("c"));
            assertThat(LogFixture.values(first)).containsExactly("a", "c");
        }
    }

    /** Made one after the other: files that are in use at the same moment do not give way to one another. */
    private static List<PartitionLog> two(LogDirectory directory) {
        List<PartitionLog> logs = new ArrayList<>();
        for (String topic : List.of("first", "second")) {
            logs.addAll(directory.createAll(topic(topic, 1), Uuid.randomUuid(), LogFixture.config()));
        }
        return logs;
    }

    @Test
    void whatCouldNotBeForcedWhenItGaveWayEndsAppends() throws Exception {
        FaultyFiles disk = new FaultyFiles();
        LogOptions options = LogOptions.of(FlushPolicy.OS).withOpenFilesMax(1);
        try (LogDirectory directory =
                LogDirectory.open(dir, LogFixture.config(), options, InstantSource.system(), disk)) {
            List<PartitionLog> logs = two(directory);
            logs.get(0).append(Batches.of("a"));
            disk.failForces();
            logs.get(1).append(Batches.of("b"));
            disk.healForces();
            assertThatThrownBy(() -> logs.get(0).append(Batches.of("c"))).isInstanceOf(KafkaStorageException.class);
        }
    }

    @Test
    void allPartitionsAreServedUnderTheBound() throws Exception {
        LogConfig config = LogFixture.config(
                "segment.bytes",
                "1024",
                "index.interval.bytes",
                "50",
                "retention.ms",
                "-1",
                "file.delete.delay.ms",
                "0");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        AtomicBoolean done = new AtomicBoolean();
        try {
            try (LogDirectory directory = open(config)) {
                List<PartitionLog> kept = directory.createAll(topic("kept", PARTITIONS), Uuid.randomUuid(), config);
                List<CompletableFuture<Void>> housekeeping = List.of(
                        repeat(done, threads, () -> kept.forEach(OpenFilesTest::readAndCheck)),
                        repeat(done, threads, () -> kept.forEach(OpenFilesTest::rewrite)),
                        repeat(done, threads, () -> new Retention(directory).run()),
                        repeat(done, threads, () -> deleteAndMakeAgain(directory, config)),
                        repeat(done, threads, () -> mostOpen.accumulateAndGet(directory.openFiles(), Math::max)));
                for (int round = 0; round < ROUNDS; round++) {
                    for (PartitionLog log : kept) {
                        log.append(Batches.of(value(log, round)));
                    }
                }
                done.set(true);
                CompletableFuture.allOf(housekeeping.toArray(CompletableFuture[]::new))
                        .get(120, TimeUnit.SECONDS);
                kept.forEach(log -> assertThat(readAndCheck(log)).isEqualTo(ROUNDS));
            }
            // Who uses a file keeps it open, and each thread uses two at most.
            assertThat(mostOpen.get()).isBetween(OPEN_MAX / 2, OPEN_MAX + 2 * THREADS);
            try (LogDirectory again = open(config)) {
                assertThat(again.openFiles()).isLessThanOrEqualTo(OPEN_MAX);
                assertThat(again.offline()).isEmpty();
                for (TopicPartition partition : topic("kept", PARTITIONS)) {
                    assertThat(readAndCheck(again.log(partition).orElseThrow())).isEqualTo(ROUNDS);
                }
            }
        } finally {
            done.set(true);
            threads.shutdown();
        }
    }

    private static List<TopicPartition> topic(String name, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(i -> new TopicPartition(name, i))
                .toList();
    }

    private static CompletableFuture<Void> repeat(AtomicBoolean done, ExecutorService threads, Runnable task) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!done.get()) {
                        task.run();
                    }
                },
                threads);
    }

    private static String value(PartitionLog log, long offset) {
        return log.partition() + " of " + log.topicId() + " at " + offset;
    }

    /** Every record that can be read is this partition's own; how many there are. */
    private static int readAndCheck(PartitionLog log) {
        int read = 0;
        long end = log.highWatermark();
        for (long offset = log.logStartOffset(); offset < end; ) {
            Fetched fetched = log.read(offset, 1000, true);
            for (Record record : fetched.records().records()) {
                assertThat(StandardCharsets.UTF_8.decode(record.value()).toString())
                        .isEqualTo(value(log, record.offset()));
                assertThat(record.offset()).isEqualTo(offset);
                offset++;
                read++;
            }
        }
        return read;
    }

    /** Puts a copy in the place of the first two segments. */
    private static void rewrite(PartitionLog log) {
        List<SealedSegment> sealed = log.compaction().sealed();
        if (sealed.size() < 2) {
            return;
        }
        try {
            List<SealedSegment> old = sealed.subList(0, 2);
            SegmentDraft draft = log.compaction().draft(old.get(0));
            for (SealedSegment segment : old) {
                ByteBuffer bytes = ByteBuffer.allocate(segment.sizeInBytes());
                segment.read(bytes, 0);
                draft.append(MemoryRecords.readableRecords(bytes.flip()));
            }
            assertThat(log.compaction()
                            .replace(old, draft, InstantSource.system().millis()))
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who reads a topic that goes is told so, and never reads its namesake. */
    private static void deleteAndMakeAgain(LogDirectory directory, LogConfig config) {
        List<TopicPartition> partitions = topic("made-again", 5);
        List<PartitionLog> logs = directory.createAll(partitions, Uuid.randomUuid(), config);
        logs.forEach(log -> log.append(Batches.of(value(log, 0))));
        List<Fetched> slices = new ArrayList<>();
        logs.forEach(log -> slices.add(log.read(0, 1000, true)));
        logs.forEach(OpenFilesTest::readAndCheck);
        partitions.forEach(directory::delete);
        for (int i = 0; i < slices.size(); i++) {
            try {
                Record record = slices.get(i).records().records().iterator().next();
                assertThat(StandardCharsets.UTF_8.decode(record.value()).toString())
                        .isEqualTo(value(logs.get(i), 0));
            } catch (UncheckedIOException | ApiException deleted) {
                assertThat(deleted).hasMessageContaining("made-again");
            }
        }
    }
}
