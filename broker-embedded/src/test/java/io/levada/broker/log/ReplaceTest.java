/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.LogSlice;
import io.levada.broker.log.segment.SealedSegment;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.SegmentDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One segment takes the place of several, whenever the process ends. */
class ReplaceTest {
    private static final String[] SMALL = {"segment.bytes", "1024", "retention.ms", "-1", "index.interval.bytes", "100"
    };
    private static final int RECORDS = 60;

    @TempDir
    Path dir;

    @TempDir
    Path copies;

    private final FaultyFiles files = new FaultyFiles();
    private LogFixture fixture;

    @BeforeEach
    void fullSegments() throws IOException {
        fixture = filled(Files.createDirectory(dir.resolve("main")), files);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theNewSegmentIsReadInThePlaceOfTheOldOnes() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(1, 4);
        int segmentsBefore = fixture.log().compaction().sealed().size() + 1;
        long sizeBefore = fixture.log().sizeInBytes();
        assertThat(replace(old)).isTrue();
        assertThat(offsets(fixture.log())).isEqualTo(withoutOddsOf(old));
        assertThat(fixture.log().sizeInBytes()).isLessThan(sizeBefore);
        assertThat(fixture.log().logEndOffset()).isEqualTo(RECORDS);
        assertThat(fixture.log()
                        .read(old.get(0).baseOffset() + 1, 10, true)
                        .records()
                        .batches()
                        .iterator()
                        .next()
                        .baseOffset())
                .isEqualTo(Math.floorDiv(old.get(0).baseOffset() + 2, 2) * 2);
        assertThat(files()).filteredOn(name -> name.endsWith(".log")).hasSize(segmentsBefore - 2);
    }

    @Test
    void theReplacementOutlivesAStopAndAKill() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        replace(old);
        List<Long> expected = withoutOddsOf(old);
        fixture.reopen();
        assertThat(offsets(fixture.log())).isEqualTo(expected);
        fixture.kill();
        fixture.start();
        assertThat(offsets(fixture.log())).isEqualTo(expected);
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(RECORDS);
    }

    @Test
    void aReaderWithASliceOfAnOldSegmentGoesOn() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        Fetched slice = fixture.log().read(0, 500, true);
        Segment found = old.get(1).segment();
        replace(old);
        fixture.log().compaction().deleteFiles(fixture.clock.millis());
        assertThat(count(slice.records().batches())).isGreaterThan(2);
        assertThat(found.find(old.get(1).baseOffset() + 3))
                .as("an index that was not mapped before")
                .isNotNull();
        fixture.clock.advance(Duration.ofMinutes(2));
        fixture.log().compaction().deleteFiles(fixture.clock.millis());
        assertThat(files()).noneMatch(name -> name.endsWith(".deleted"));
    }

    @Test
    void nothingIsReplacedWhenASegmentHasGoneMeanwhile() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        SegmentDraft draft = draft(fixture, old);
        fixture.log().advanceLogStartOffset(old.get(1).baseOffset());
        fixture.log().prune();
        assertThat(fixture.log().compaction().replace(old, draft, fixture.clock.millis()))
                .isFalse();
        assertThat(files()).noneMatch(name -> name.contains(".cleaned") || name.contains(".swap"));
        assertThat(offsets(fixture.log()).get(0)).isEqualTo(old.get(1).baseOffset());
        assertThat(offsets(fixture.log())).hasSize((int) (RECORDS - old.get(1).baseOffset()));
    }

    @Test
    void nothingIsReplacedInAPartitionThatIsDeletedMeanwhile() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        LogCompaction compaction = fixture.log().compaction();
        SegmentDraft draft = draft(fixture, old);
        fixture.directory().delete(LogFixture.ORDERS);
        assertThatThrownBy(() -> compaction.replace(old, draft, 0)).isInstanceOf(KafkaStorageException.class);
        assertThat(fixture.folder()).doesNotExist();
    }

    @Test
    void readersOfASegmentThatIsRewrittenTwiceGoOnWithBoth() throws IOException {
        List<SealedSegment> first = fixture.log().compaction().sealed().subList(0, 1);
        LogSlice ofTheFirst = all(first.get(0));
        int batchesOfTheFirst = batches(ofTheFirst);
        assertThat(replace(first)).isTrue();
        List<SealedSegment> second = fixture.log().compaction().sealed().subList(0, 1);
        LogSlice ofTheSecond = all(second.get(0));
        int batchesOfTheSecond = batches(ofTheSecond);
        assertThat(replace(second)).isTrue();
        assertThat(files().stream().filter(name -> name.endsWith(".deleted"))).hasSize(2);
        assertThat(batches(ofTheFirst)).isEqualTo(batchesOfTheFirst).isGreaterThan(batchesOfTheSecond);
        assertThat(batches(ofTheSecond)).isEqualTo(batchesOfTheSecond);
        fixture.stop();
        fixture.start();
        assertThat(files()).noneMatch(name -> name.endsWith(".deleted"));
    }

    private static LogSlice all(SealedSegment segment) {
        return segment.segment().file().slice(0, segment.sizeInBytes());
    }

    private static int batches(LogSlice slice) {
        List<Long> offsets = new ArrayList<>();
        slice.batches().forEach(batch -> offsets.add(batch.baseOffset()));
        return offsets.size();
    }

    static List<Supplier<Throwable>> failures() {
        return List.of(() -> new IllegalStateException("not of the disk"), () -> new InternalError("not of the disk"));
    }

    /** Not only what a disk throws. */
    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfAnyKindAtAnyStepLeavesNoSegmentThatNobodyKnows(Supplier<Throwable> failure) throws Exception {
        boolean through = false;
        for (int step = 0; !through; step++) {
            FaultyFiles faulty = new FaultyFiles();
            int failing = step;
            AtomicInteger steps = new AtomicInteger();
            try (LogFixture failed = filled(Files.createDirectory(dir.resolve("fails" + step)), faulty)) {
                List<SealedSegment> old = failed.log().compaction().sealed().subList(0, 4);
                SegmentDraft draft = draft(failed, old);
                List<Long> before = offsets(failed.log());
                faulty.beforeStep(() -> {
                    if (steps.getAndIncrement() == failing) {
                        Throwable thrown = failure.get();
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) thrown;
                    }
                });
                try {
                    through = failed.log().compaction().replace(old, draft, failed.clock.millis());
                } catch (KafkaStorageException | InternalError told) {
                    assertThat(told).hasMessageContaining("not of the disk");
                }
                faulty.beforeStep(() -> {});
                if (!through) {
                    try {
                        failed.log().append(Batches.of("next"));
                        assertThat(offsets(failed.log())).containsAll(before);
                    } catch (KafkaStorageException tookNoMore) {
                        assertThat(tookNoMore).hasMessageContaining("until a restart");
                    }
                    failed.stop();
                    failed.start();
                    assertThat(offsets(failed.log())).as("after a restart").containsAll(withoutOddsOf(old));
                    try (Stream<Path> left = Files.list(failed.folder())) {
                        assertThat(left).noneMatch(file -> file.toString().matches(".*[.](cleaned|swap|deleted)"));
                    }
                }
            }
        }
    }

    /** The draft's files have names that are the namesake's now. */
    @Test
    void aPassOverADeletedPartitionLeavesItsNamesakeAlone() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        LogCompaction compaction = fixture.log().compaction();
        SegmentDraft draft = draft(fixture, old);
        fixture.directory().delete(LogFixture.ORDERS);
        fixture.directory().create(LogFixture.ORDERS, Uuid.randomUuid(), LogFixture.config());
        Path ofTheNamesake = Files.createFile(fixture.file(old.get(0).baseOffset(), ".log.swap"));
        Files.createFile(fixture.file(old.get(0).baseOffset(), ".log.cleaned")); // whose age the draft would set
        try {
            assertThat(compaction.replace(old, draft, 0)).isFalse();
        } catch (KafkaStorageException noFileOfItIsThere) {
            assertThat(noFileOfItIsThere).hasMessageContaining("cannot put");
        }
        assertThat(ofTheNamesake).exists();
        assertThat(fixture.folder().resolve("repaired-offsets-checkpoint")).doesNotExist();
        Files.delete(ofTheNamesake);
    }

    @Test
    void aKillAtAnyStepLeavesTheOldOrTheNew() throws IOException {
        int olds = 0;
        int news = 0;
        boolean through = false;
        for (int step = 0; !through; step++) {
            Path run = Files.createDirectory(dir.resolve("run" + step));
            Path copy = Files.createDirectory(copies.resolve("run" + step));
            FaultyFiles faulty = new FaultyFiles();
            try (LogFixture killed = filled(run, faulty)) {
                List<SealedSegment> old = killed.log().compaction().sealed().subList(0, 4);
                List<Long> before = offsets(killed.log());
                List<Long> after = withoutOddsOf(old);
                SegmentDraft draft = draft(killed, old);
                faulty.killAfter(step);
                through = replaced(killed, old, draft);
                killed.killedCopy(copy);
                faulty.killAfter(Integer.MAX_VALUE);
                List<Long> recovered = recovered(copy);
                assertThat(recovered)
                        .as("killed after step %d", step)
                        .isIn(through ? List.of(after) : List.of(before, after));
                olds += recovered.equals(before) ? 1 : 0;
                news += recovered.equals(after) ? 1 : 0;
            }
        }
        assertThat(olds).as("kills before the new segment is whole").isGreaterThanOrEqualTo(3);
        assertThat(news).as("kills after that").isGreaterThanOrEqualTo(10);
    }

    private static boolean replaced(LogFixture fixture, List<SealedSegment> old, SegmentDraft draft) {
        try {
            return fixture.log().compaction().replace(old, draft, fixture.clock.millis());
        } catch (KafkaStorageException killed) {
            assertThat(killed).hasMessageContaining("killed");
            return false;
        }
    }

    @Test
    void aFailureBeforeTheNewSegmentIsWholeLeavesNothingOfIt() throws IOException {
        int failures = 0;
        while (!fixture.log().hasFailed()) {
            List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
            List<Long> before = offsets(fixture.log());
            SegmentDraft draft = draft(fixture, old);
            files.failStep(failures++);
            assertThatThrownBy(() -> fixture.log().compaction().replace(old, draft, fixture.clock.millis()))
                    .isInstanceOf(KafkaStorageException.class);
            if (!fixture.log().hasFailed()) {
                assertThat(files())
                        .as("after a failure at step %d", failures - 1)
                        .noneMatch(name -> name.contains(".cleaned") || name.contains(".swap"));
                assertThat(offsets(fixture.log())).isEqualTo(before);
            }
        }
        assertThat(failures).isGreaterThan(2);
    }

    /** Only there may offsets be missing. */
    private static LogConfig compacted() {
        return LogFixture.config("segment.bytes", "1024", "index.interval.bytes", "100", "cleanup.policy", "compact");
    }

    /** The log after a start that finds nothing in order, and another one after that. */
    private static List<Long> recovered(Path dir) throws IOException {
        List<Long> first;
        try (LogDirectory directory = LogDirectory.open(dir, compacted(), FlushPolicy.OS, InstantSource.system())) {
            PartitionLog log = directory.log(LogFixture.ORDERS).orElseThrow();
            first = offsets(log);
            assertThat(log.append(Batches.keyed("k", "next")).baseOffset()).isEqualTo(RECORDS);
        }
        try (Stream<Path> files = Files.list(dir.resolve("orders-0"))) {
            assertThat(files.map(Path::toString)
                            .filter(name -> name.matches(".*\\.(swap|cleaned|deleted)"))
                            .toList())
                    .isEmpty();
        }
        try (LogDirectory directory = LogDirectory.open(dir, compacted(), FlushPolicy.OS, InstantSource.system())) {
            List<Long> again = offsets(directory.log(LogFixture.ORDERS).orElseThrow());
            assertThat(again.subList(0, again.size() - 1)).isEqualTo(first);
        }
        return first;
    }

    @Test
    void afterAFailureThatCannotBeTakenBackTheLogTakesNoMoreUntilARestart() throws IOException {
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        List<Long> expected = withoutOddsOf(old);
        SegmentDraft draft = draft(fixture, old);
        files.killAfter(6);
        assertThat(replaced(fixture, old, draft)).isFalse();
        assertThat(fixture.log().hasFailed()).isTrue();
        assertThat(offsets(fixture.log())).hasSize(RECORDS);
        files.killAfter(Integer.MAX_VALUE);
        fixture.reopen();
        assertThat(offsets(fixture.log())).isEqualTo(expected);
    }

    @Test
    void whatApacheKafkaLeavesWhenItIsKilledIsCompletedOrTakenBack() throws IOException {
        // Kafka renames the log before its indexes.
        List<SealedSegment> old = fixture.log().compaction().sealed().subList(0, 3);
        List<Long> before = offsets(fixture.log());
        List<Long> after = withoutOddsOf(old);
        draft(fixture, old).finish(Files.getLastModifiedTime(fixture.file(0, ".log")));
        fixture.stop();
        move(".log.cleaned", ".log.swap");
        fixture.start();
        assertThat(offsets(fixture.log())).as("an index still is a draft").isEqualTo(before);
        draft(fixture, fixture.log().compaction().sealed().subList(0, 3))
                .finish(Files.getLastModifiedTime(fixture.file(0, ".log")));
        fixture.stop();
        move(".log.cleaned", ".log.swap");
        move(".index.cleaned", ".index.swap");
        move(".timeindex.cleaned", ".timeindex.swap");
        fixture.start();
        assertThat(offsets(fixture.log())).as("whole").isEqualTo(after);
        fixture.stop();
        move(".index", ".index.swap");
        fixture.start();
        assertThat(offsets(fixture.log())).as("an index without its name").isEqualTo(after);
        assertThat(files()).noneMatch(name -> name.contains(".cleaned") || name.contains(".swap"));
    }

    private void move(String from, String to) throws IOException {
        Files.move(fixture.file(0, from), fixture.file(0, to));
    }

    private static LogFixture filled(Path where, LogFiles files) {
        LogFixture fixture = LogFixture.crowded(where, files, SMALL);
        for (int i = 0; i < RECORDS; i++) {
            fixture.log().append(Batches.of("value " + i));
        }
        fixture.log().durable(RECORDS).join();
        return fixture;
    }

    private boolean replace(List<SealedSegment> old) throws IOException {
        return fixture.log().compaction().replace(old, draft(fixture, old), fixture.clock.millis());
    }

    /** Every second batch. */
    private static SegmentDraft draft(LogFixture fixture, List<SealedSegment> old) throws IOException {
        SegmentDraft draft = fixture.log().compaction().draft(old.get(0));
        for (SealedSegment segment : old) {
            for (var batch :
                    segment.segment().file().slice(0, segment.sizeInBytes()).batches()) {
                if (batch.baseOffset() % 2 == 0) {
                    var bytes = java.nio.ByteBuffer.allocate(batch.sizeInBytes());
                    batch.writeTo(bytes);
                    draft.append(MemoryRecords.readableRecords(bytes.flip()));
                }
            }
        }
        return draft;
    }

    private static List<Long> withoutOddsOf(List<SealedSegment> old) {
        long from = old.get(0).baseOffset();
        long to = old.get(old.size() - 1).nextBaseOffset();
        return Stream.iterate(0L, offset -> offset + 1)
                .limit(RECORDS)
                .filter(offset -> offset < from || offset >= to || offset % 2 == 0)
                .toList();
    }

    private List<String> files() {
        try (Stream<Path> all = Files.list(fixture.folder())) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int count(Iterable<? extends RecordBatch> batches) {
        int count = 0;
        for (RecordBatch batch : batches) {
            batch.ensureValid();
            count++;
        }
        return count;
    }

    /** Offsets of everything readable, each with the value it was written with. */
    private static List<Long> offsets(PartitionLog log) {
        List<Long> offsets = new ArrayList<>();
        long offset = log.logStartOffset();
        while (offset < log.highWatermark()) {
            long before = offset;
            for (Record record : log.read(offset, 200, true).records().records()) {
                if (record.offset() >= offset) {
                    assertThat(new String(Utils.toArray(record.value()), StandardCharsets.UTF_8))
                            .isIn("value " + record.offset(), "next");
                    offsets.add(record.offset());
                    offset = record.offset() + 1;
                }
            }
            assertThat(offset).as("reading goes on").isGreaterThan(before);
        }
        return offsets;
    }
}
