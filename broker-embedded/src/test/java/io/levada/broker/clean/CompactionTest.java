/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.levada.broker.clean.CleanedLog.Seen;
import io.levada.broker.log.FaultyFiles;
import io.levada.broker.log.KafkaDump;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.thread.Threads;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactionTest {
    @TempDir
    Path dir;

    @Test
    void theLastRecordOfEachKeyIsKeptAtItsOffset() {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 200; i++) {
                log.put("k" + i % 7, "v" + i);
            }
            Map<String, String> before = log.table();
            log.fillSegments();
            assertThat(log.clean()).isPositive();
            assertThat(log.table()).containsAllEntriesOf(before);
            for (int i = 193; i < 200; i++) {
                assertThat(log.of("k" + i % 7)).containsExactly(new Seen(i, "k" + i % 7, "v" + i));
            }
            assertThat(log.clean()).as("nothing is dirty any more").isZero();
        }
    }

    @Test
    void theActiveSegmentIsLeftAlone() {
        try (CleanedLog log = log("segment.bytes", "100000")) {
            log.put("k", "1");
            log.put("k", "2");
            assertThat(log.clean()).isZero();
            assertThat(log.of("k")).hasSize(2);
        }
    }

    @Test
    void aTombstoneStaysForItsTimeThenGoes() {
        try (CleanedLog log = log("delete.retention.ms", "60000")) {
            log.put("k", "1");
            log.put("k", null);
            log.fillSegments();
            log.clean();
            assertThat(log.of("k")).extracting(Seen::value).containsExactly((String) null);
            log.advance(Duration.ofSeconds(59));
            log.fillSegments();
            log.clean();
            assertThat(log.of("k")).hasSize(1);
            log.advance(Duration.ofSeconds(2));
            log.fillSegments();
            log.clean();
            assertThat(log.of("k")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void batchesKeepTheirCodecAndHeaders(CompressionType type) {
        try (CleanedLog log = log()) {
            SimpleRecord[] records = new SimpleRecord[10];
            for (int i = 0; i < 10; i++) {
                records[i] = log.record("k" + i, "value " + i);
            }
            log.put(Compression.of(type).build(), records);
            for (int i = 0; i < 9; i++) {
                log.put("k" + i, "later " + i);
            }
            log.fillSegments();
            log.clean();
            RecordBatch first =
                    log.log().read(0, 100, true).records().batches().iterator().next();
            assertThat(first.compressionType()).isEqualTo(type);
            assertThat(first.baseOffset()).isEqualTo(type == CompressionType.NONE ? first.baseOffset() : 0);
            assertThat(first.lastOffset()).isEqualTo(9);
            assertThat(log.of("k9")).containsExactly(new Seen(9, "k9", "value 9"));
        }
    }

    @Test
    void abortedRecordsGoAndNeverDisplaceCommittedOnes() {
        try (CleanedLog log = log("delete.retention.ms", "60000")) {
            log.putInTransaction(1, 0, log.record("k", "committed"));
            log.end(1, true);
            log.putInTransaction(2, 0, log.record("k", "aborted"), log.record("other", "aborted"));
            log.end(2, false);
            log.putInTransaction(2, 2, log.record("j", "1"));
            log.end(2, true);
            log.fillSegments();
            log.clean();
            assertThat(log.read(IsolationLevel.READ_UNCOMMITTED)).noneMatch(seen -> "aborted".equals(seen.value()));
            assertThat(log.table())
                    .containsEntry("k", "committed")
                    .containsEntry("j", "1")
                    .doesNotContainKey("other");
            int markers = markers(log);
            assertThat(markers).isEqualTo(3);
            log.fillSegments();
            log.clean();
            log.advance(Duration.ofSeconds(61));
            log.fillSegments();
            log.clean();
            assertThat(markers(log))
                    .as("the marker of records that are gone goes; others stay")
                    .isEqualTo(2);
            assertThat(log.table()).containsEntry("k", "committed").containsEntry("j", "1");
        }
    }

    private static int markers(CleanedLog log) {
        int markers = 0;
        for (long offset = 0; offset < log.log().logEndOffset(); ) {
            for (RecordBatch batch :
                    log.log().read(offset, 1 << 20, true).records().batches()) {
                markers += batch.isControlBatch() && batch.countOrNull() > 0 && batch.baseOffset() >= offset ? 1 : 0;
                offset = batch.nextOffset();
            }
        }
        return markers;
    }

    @Test
    void nothingAboveTheLastStableOffsetIsTouched() {
        try (CleanedLog log = log()) {
            log.put("k", "1");
            log.putInTransaction(1, 0, log.record("k", "open"));
            log.put("k", "2");
            log.fillSegments();
            log.clean();
            assertThat(log.of("k")).hasSize(3);
            log.end(1, false);
            log.fillSegments();
            log.clean();
            assertThat(log.of("k")).containsExactly(new Seen(2, "k", "2"));
        }
    }

    @Test
    void theLogStillTellsOfItsProducers() {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 20; i++) {
                log.putIdempotent(1, i, log.record("k", "v" + i));
            }
            log.putInTransaction(2, 0, log.record("k", "t"));
            log.end(2, true);
            log.put("k", "last");
            log.fillSegments();
            log.clean();
            assertThat(log.of("k")).hasSize(1);
            Map<Long, Integer> before = sequences(log);
            log.restart(false);
            assertThat(sequences(log)).isEqualTo(before).containsEntry(1L, 19);
            log.putIdempotent(1, 20, log.record("k", "next"));
            assertThat(log.log().lastStableOffset()).isEqualTo(log.log().logEndOffset());
        }
    }

    private static Map<Long, Integer> sequences(CleanedLog log) {
        return log.log().producers().stream()
                .collect(Collectors.toMap(ProducerDescription::producerId, ProducerDescription::lastSequence));
    }

    @Test
    void smallSegmentsBecomeOne() {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 300; i++) {
                log.put("k" + i % 3, "v" + i);
            }
            log.fillSegments();
            long before =
                    log.files().filter(file -> file.toString().endsWith(".log")).count();
            log.clean();
            log.fillSegments();
            log.clean();
            assertThat(before).isGreaterThan(15);
            assertThat(log.files()
                            .filter(file -> file.toString().endsWith(".log"))
                            .count())
                    .isLessThan(8);
        }
    }

    @Test
    void aDirtyPartWithMoreKeysThanFitIsCleanedInParts() {
        CleanerConfig small = new CleanerConfig(true, 1, 24 * 20, 0.9, Double.MAX_VALUE, Duration.ofMillis(1));
        try (CleanedLog log = new CleanedLog(dir, small)) {
            for (int i = 0; i < 200; i++) {
                log.put("k" + i % 60, "v" + i);
            }
            log.fillSegments();
            assertThat(log.clean()).isGreaterThan(3);
            for (int i = 0; i < 60; i++) {
                assertThat(log.of("k" + i)).extracting(Seen::value).containsExactly("v" + (i < 20 ? 180 + i : 120 + i));
            }
        }
    }

    @Test
    void recordsYoungerThanTheMinimumLagStay() {
        try (CleanedLog log = log("min.compaction.lag.ms", "60000")) {
            log.put("k", "1");
            log.put("k", "2");
            log.fillSegments();
            assertThat(log.clean()).isZero();
            log.advance(Duration.ofSeconds(61));
            log.put("k", "3");
            log.clean();
            assertThat(log.of("k")).extracting(Seen::value).containsExactly("2", "3");
        }
    }

    @Test
    void theDirtyRatioDecidesUntilARecordIsTooOld() {
        try (CleanedLog log = log("min.cleanable.dirty.ratio", "0.9", "max.compaction.lag.ms", "60000")) {
            for (int i = 0; i < 50; i++) {
                log.put("k" + i, "x".repeat(100));
            }
            log.fillSegments();
            assertThat(log.clean()).as("all is dirty").isPositive();
            log.put("k1", "again");
            log.fillSegments();
            assertThat(log.clean()).isZero();
            log.advance(Duration.ofSeconds(61));
            log.put("k2", "rolls the segment");
            assertThat(log.clean()).isPositive();
            assertThat(log.of("k1")).hasSize(1);
        }
    }

    @Test
    void thePolicyCanChange() {
        try (CleanedLog log = log("cleanup.policy", "delete", "retention.ms", "-1")) {
            log.put("k", "1");
            log.put("k", "2");
            log.fillSegments();
            assertThat(log.clean()).isZero();
            log.reconfigure("cleanup.policy", "compact,delete", "retention.ms", "-1");
            assertThat(log.clean()).isPositive();
            assertThat(log.of("k")).hasSize(1);
            log.reconfigure("cleanup.policy", "");
            log.put("k", "3");
            log.fillSegments();
            assertThat(log.clean()).isZero();
            assertThat(log.of("k")).hasSize(2);
        }
    }

    @Test
    void whatCompactionTookOutIsNotMissingAfterAKillAndAnotherPolicy() {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 60; i++) {
                log.put("k" + i % 3, i + "x".repeat(100));
            }
            log.fillSegments();
            assertThat(log.clean()).isPositive();
            List<Seen> before = log.read(IsolationLevel.READ_UNCOMMITTED);
            log.restartAfterAKill("cleanup.policy", "delete", "retention.ms", "-1");
            assertThat(log.directory().offline()).isEmpty();
            assertThat(log.read(IsolationLevel.READ_UNCOMMITTED)).isEqualTo(before);
            log.restart(true);
            assertThat(log.read(IsolationLevel.READ_UNCOMMITTED)).isEqualTo(before);
        }
    }

    @Test
    void aSegmentThatIsGoneFromWhatCompactionHasNotSeenIsMissed() throws IOException {
        try (CleanedLog log = log()) {
            log.put("k", "1");
            log.put("k", "2");
            log.fillSegments();
            assertThat(log.clean()).isPositive();
            log.reconfigure("cleanup.policy", "delete", "retention.ms", "-1");
            for (int i = 0; i < 40; i++) {
                log.put("k" + i, "x".repeat(100));
            }
            List<Path> segments = log.files()
                    .filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
            Files.delete(segments.get(segments.size() - 2));
            log.restartAfterAKill("cleanup.policy", "delete", "retention.ms", "-1");
            assertThat(log.directory().offline()).hasSize(1);
        }
    }

    @Test
    void whereAPassEndedOutlivesARestartButNotTheTopic() throws IOException {
        try (CleanedLog log = log()) {
            log.put("k", "1");
            log.put("k", "2");
            log.fillSegments();
            log.clean();
            Path checkpoint = dir.resolve("cleaner-offset-checkpoint");
            assertThat(Files.readAllLines(checkpoint))
                    .startsWith("0", "1")
                    .anyMatch(line -> line.startsWith("users 0 "));
            log.restart(true);
            assertThat(log.clean()).isZero();
            log.directory().delete(CleanedLog.USERS);
            log.directory().create(CleanedLog.USERS, Uuid.randomUuid(), CleanedLog.config());
            log.put("k", "1");
            log.put("k", "2");
            log.fillSegments();
            assertThat(log.clean()).isPositive();
            assertThat(log.of("k")).hasSize(1);
        }
    }

    @Test
    void aDamagedPartitionIsLeftAloneAndOthersAreCleaned() throws IOException {
        try (CleanedLog log = log()) {
            TopicPartition other = new TopicPartition("other", 0);
            var healthy = log.directory().create(other, Uuid.randomUuid(), CleanedLog.config());
            for (int i = 0; i < 40; i++) {
                log.put("k", "value " + i);
                healthy.durable(healthy.append(
                                        MemoryRecords.withRecords(Compression.NONE, log.record("k", "value " + i)))
                                .nextOffset())
                        .join();
            }
            log.fillSegments();
            Path first = log.files()
                    .filter(file -> file.toString().endsWith("0.log"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(first, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(new byte[] {77}), 75);
            }
            long before = healthy.sizeInBytes();
            assertThat(log.clean()).isEqualTo(2);
            assertThat(healthy.sizeInBytes()).isLessThan(before);
            assertThat(log.clean()).as("it is not tried again").isZero();
            assertThat(log.log().hasFailed()).isFalse();
            assertThat(log.files()).noneMatch(file -> file.toString().endsWith(".cleaned"));
        }
    }

    @Test
    void aDiskThatFailsForAWhileIsTriedAgainAfterAWhile() {
        FaultyFiles files = new FaultyFiles();
        try (CleanedLog log = new CleanedLog(dir, files, CleanedLog.AMPLE)) {
            for (int i = 0; i < 40; i++) {
                log.put("k", "value " + i);
            }
            log.fillSegments();
            long before = log.bytes();
            files.failForces();
            assertThat(log.clean()).as("tried once").isEqualTo(1);
            assertThat(log.bytes()).isEqualTo(before);
            files.healForces();
            assertThat(log.clean()).as("at once").isZero();
            log.advance(Duration.ofSeconds(15));
            files.failForces();
            assertThat(log.clean()).as("after the first pause").isEqualTo(1);
            files.healForces();
            log.advance(Duration.ofSeconds(29));
            assertThat(log.clean()).as("the second pause is longer").isZero();
            log.advance(Duration.ofSeconds(1));
            assertThat(log.clean()).isPositive();
            assertThat(log.bytes()).isLessThan(before);
            assertThat(log.of("k")).hasSize(1);
        }
    }

    /** What a pass has done stays done; that it cannot be noted is no failure of the next one. */
    @Test
    void aCheckpointThatCannotBeWrittenStopsNoPass() throws IOException {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 40; i++) {
                log.put("k", "value " + i);
            }
            log.fillSegments();
            Path inTheWay = Files.createDirectory(dir.resolve("cleaner-offset-checkpoint.tmp"));
            Files.createFile(inTheWay.resolve("full"));
            assertThat(log.clean()).isPositive();
            assertThat(log.of("k")).hasSize(1);
            log.put("k", "the last");
            log.fillSegments();
            assertThat(log.clean()).as("at once").isPositive();
            assertThat(dir.resolve("cleaner-offset-checkpoint")).doesNotExist();
            Files.delete(inTheWay.resolve("full"));
            Files.delete(inTheWay);
            log.put("k", "the very last");
            log.fillSegments();
            assertThat(log.clean()).isPositive();
            assertThat(dir.resolve("cleaner-offset-checkpoint")).exists();
        }
    }

    @Test
    void aPartitionThatLacksAFileIsNotTriedAtOnceAgain() throws IOException {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 40; i++) {
                log.put("k", "value " + i);
            }
            log.fillSegments();
            Path first = log.files()
                    .filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            Path aside = Files.move(first, dir.resolve("aside"));
            assertThat(log.clean()).as("tried once").isLessThanOrEqualTo(1);
            assertThat(log.clean()).as("at once").isZero();
            Files.move(aside, first);
            log.advance(Duration.ofSeconds(15));
            assertThat(log.clean()).isPositive();
            assertThat(log.of("k")).hasSize(1);
        }
    }

    @Test
    void deletedRecordsStayDeleted() {
        try (CleanedLog log = log("cleanup.policy", "compact,delete", "retention.ms", "-1")) {
            for (int i = 0; i < 60; i++) {
                log.put("k" + i, "v" + i);
            }
            log.fillSegments();
            log.log().advanceLogStartOffset(31);
            log.clean();
            log.restart(true);
            assertThat(log.log().logStartOffset()).isEqualTo(31);
            assertThat(log.table()).hasSize(30).doesNotContainKey("k30").containsKey("k31");
        }
    }

    /** Everything is read for the keys, read once more to be rewritten, and what is left is written. */
    @Test
    void aPassKeepsToItsRate() throws IOException {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 60; i++) {
                log.put("k" + i % 7, "v" + i);
            }
            log.fillSegments();
            long nowMs = log.millis();
            DirtySection section = DirtySection.of(log.log(), 0, nowMs);
            long activeBytes = log.bytes() - section.dirtyBytes();
            AtomicLong nanos = new AtomicLong();
            Throttle megabyte = new Throttle(1_000_000, nanos::get, nanos::addAndGet);
            new Cleaning(section, megabyte, () -> false, nowMs).run(new OffsetMap(1000, 0.9));
            long written = log.bytes() - activeBytes;
            assertThat(written).isBetween(1L, section.dirtyBytes() - 1);
            assertThat(nanos.get())
                    .as("a microsecond for each byte, but for what is lost in rounding")
                    .isCloseTo(1000 * (2 * section.dirtyBytes() + written), within(500L));
        }
    }

    @Test
    void theRateIsThatOfTheSettingsAndHoldsNoStopUp() {
        CleanerConfig slow = new CleanerConfig(true, 1, 1 << 20, 0.9, 1, Duration.ofMillis(10));
        try (CleanedLog log = log()) {
            for (int i = 0; i < 60; i++) {
                log.put("k", "v" + i);
            }
            log.fillSegments();
            try (LogCleaner cleaner = LogCleaner.start(log.directory(), slow, log, Threads.ofSystem())) {
                assertThat(cleaner).isNotNull();
                org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(90)).until(CompactionTest::aPassWaits);
            }
            assertThat(log.of("k")).as("it had read and not yet written").hasSize(60);
        }
    }

    private static boolean aPassWaits() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().startsWith("levada-log-cleaner"))
                .filter(each -> each.getKey().getState() == Thread.State.TIMED_WAITING)
                .flatMap(each -> Arrays.stream(each.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(Throttle.class.getName()));
    }

    @Test
    void theCleanerRunsByItselfAndEnds() throws Exception {
        try (CleanedLog log = log()) {
            for (int i = 0; i < 60; i++) {
                log.put("k", "v" + i);
            }
            log.fillSegments();
            try (LogCleaner cleaner = LogCleaner.start(log.directory(), CleanedLog.AMPLE, log, Threads.ofSystem())) {
                assertThat(cleaner).isNotNull();
                org.awaitility.Awaitility.await()
                        .atMost(Duration.ofSeconds(90))
                        .untilAsserted(() -> assertThat(log.of("k")).hasSize(1));
            }
            // An executor has ended a moment before its thread has.
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .noneMatch(thread -> thread.getName().startsWith("levada-log-cleaner")));
        }
    }

    /** Delete horizons, batches without records, indexes of transactions that are gone, and gaps: Kafka writes the same. */
    @Test
    void kafkasOwnToolReadsWhatIsLeft() throws Exception {
        try (CleanedLog log = log("delete.retention.ms", "60000")) {
            log.putIdempotent(7, 0, log.record("k1", "once"));
            for (int i = 0; i < 60; i++) {
                log.advance(Duration.ofSeconds(
                        1)); // the tool finds no time in a batch without records: none is to be the youngest
                log.put("k" + i % 7, "v" + i);
                log.putInTransaction(8, i, log.record("t" + i % 5, "v" + i));
                log.end(8, i % 3 > 0);
            }
            log.put("k2", null);
            log.fillSegments();
            assertThat(log.clean()).isPositive();
        }
        Path folder = dir.resolve("users-0");
        String dump = KafkaDump.of(folder, "--deep-iteration");
        KafkaDump.hasNoComplaint(dump);
        assertThat(KafkaDump.gaps(dump)).isNotEmpty();
        assertThat(dump).contains("deleteHorizonMs: OptionalLong[", "endTxnMarker: ABORT", "endTxnMarker: COMMIT");
        assertThat(dump.lines().filter(line -> line.contains("producerId: 7 ") && line.contains(" count: 0 ")))
                .as("the last batch of a producer, without its record")
                .hasSize(1);
        assertThat(KafkaDump.of(folder, "--index-sanity-check"))
                .doesNotContain("Exception")
                .contains("passed sanity check");
    }

    private CleanedLog log(String... keysAndValues) {
        return new CleanedLog(dir, CleanedLog.AMPLE, keysAndValues);
    }
}
