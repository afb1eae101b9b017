/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.requests.TransactionResult;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of transactions: the same as was, up to where the log was cut. */
@Timeout(600)
class TransactionRecoveryTest {
    private static final long ME = 7;
    private static final long YOU = 8;

    @TempDir
    Path dir;

    @TempDir
    Path copy;

    @Test
    void anOpenTransactionSurvivesAKillWithItsFirstOffset() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            fixture.log().append(Batches.of("a"));
            fixture.begin(ME, 0, 0, "b");
            for (int i = 0; i < 30; i++) {
                fixture.log().append(Batches.of("v" + i));
            }
            fixture.kill();
            fixture.start();
            assertThat(fixture.log().lastStableOffset()).isEqualTo(1);
            assertThat(fixture.log().hasOpenTransaction(ME, (short) 0)).isTrue();
            assertThat(fixture.committed()).containsExactly("a");
            fixture.log().append(Batches.transactional(ME, 0, 1, "c"));
            fixture.abort(ME, 0);
            assertThat(fixture.committed()).hasSize(31).doesNotContain("b", "c");
        }
    }

    @Test
    void aTransactionIsOpenAgainWhenItsMarkerWasLost() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.ms", "" + Long.MAX_VALUE)) {
            fixture.begin(ME, 0, 0, "a");
            fixture.begin(YOU, 0, 0, "b");
            fixture.abort(YOU, 0);
            fixture.log().append(Batches.of("c"));
            fixture.abort(ME, 0);
            fixture.kill();
            assertThat(fixture.file(0, ".txnindex")).hasSize(2 * 34);
            cutLastByte(fixture.file(0, ".log"));
            fixture.start();
            assertThat(fixture.log().lastStableOffset()).isZero();
            assertThat(fixture.log().hasOpenTransaction(ME, (short) 0)).isTrue();
            fixture.commit(ME, 0);
            assertThat(fixture.committed()).containsExactly("a", "c");
            fixture.stop();
            assertThat(fixture.file(0, ".txnindex"))
                    .as("without the abort that was cut off")
                    .hasSize(34);
            fixture.start();
            assertThat(fixture.committed()).containsExactly("a", "c");
        }
    }

    @Test
    void rebuiltIndexesAreTheOnesThatWereWritten() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            interleave(fixture);
            List<String> committed = fixture.committed();
            fixture.kill();
            Map<String, byte[]> written = indexes(fixture);
            assertThat(written).hasSizeGreaterThan(3);
            for (String name : written.keySet()) {
                Files.delete(fixture.folder().resolve(name));
            }
            fixture.start();
            assertThat(fixture.committed()).isEqualTo(committed);
            fixture.stop();
            assertThat(indexes(fixture)).usingRecursiveComparison().isEqualTo(written);
            fixture.start();
        }
    }

    @Test
    void damagedIndexesAreRebuiltAfterACleanStopToo() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            interleave(fixture);
            List<String> committed = fixture.committed();
            fixture.stop();
            Map<String, byte[]> written = indexes(fixture);
            int i = 0;
            for (Map.Entry<String, byte[]> each : written.entrySet()) {
                byte[] bytes = each.getValue().clone();
                bytes[i++ % 2 == 0 ? 1 : 18] ^= 1; // the version, or the marker's offset beyond all sense
                Files.write(
                        fixture.folder().resolve(each.getKey()),
                        i % 3 == 0 ? new byte[33] : bytes,
                        StandardOpenOption.TRUNCATE_EXISTING);
            }
            fixture.start();
            assertThat(fixture.committed()).isEqualTo(committed);
            fixture.stop();
            assertThat(indexes(fixture)).usingRecursiveComparison().isEqualTo(written);
            fixture.start();
        }
    }

    /** The checkpoint says that all below the roll was forced, but the indexes beside it are those of the last clean stop. */
    @Test
    void indexesOfAnEarlierStopAreNotTakenForWhole() throws Exception {
        FaultyFiles files = new FaultyFiles();
        try (LogFixture fixture = LogFixture.forced(
                dir, files, "segment.ms", "" + Long.MAX_VALUE, "segment.bytes", "1024", "index.interval.bytes", "0")) {
            fixture.log().append(Batches.of("a"));
            fixture.log().append(Batches.of("b"));
            fixture.reopen();
            fixture.begin(ME, 0, 0, "aborted");
            long end = fixture.abort(ME, 0).nextOffset();
            fixture.log().durable(end).get(120, TimeUnit.SECONDS);
            files.stall();
            fixture.log().append(Batches.ofSize(900));
            fixture.killedCopy(copy);
            Files.writeString(copy.resolve(OffsetCheckpoint.RECOVERY_POINT), "0\n1\norders 0 " + end + "\n");
            files.go();
            assertThat(fixture.file(end, ".log")).exists();
            try (LogDirectory again = LogDirectory.open(copy, LogFixture.config(), FlushPolicy.OS, fixture.clock)) {
                PartitionLog log = again.log(LogFixture.ORDERS).orElseThrow();
                assertThat(LogFixture.committed(log, 10_000)).hasSize(3).startsWith("a", "b");
            }
        }
    }

    /** What is left of the first lost segment is an empty file; it takes the next appends, and all that belongs to them. */
    @Test
    void transactionsAreIndexedWhereAPowerCutTookWholeSegments() throws Exception {
        FaultyFiles files = new FaultyFiles();
        LogConfig config = LogFixture.config("segment.ms", "" + Long.MAX_VALUE);
        try (LogFixture fixture = LogFixture.forced(dir, files, "segment.bytes", "1024")) {
            fixture.log().append(Batches.of("a"));
            fixture.log().durable(1).get(120, TimeUnit.SECONDS);
            files.stall();
            for (int i = 0; i < 3; i++) {
                fixture.log().append(Batches.ofSize(900));
            }
            fixture.killedCopy(copy);
            files.cutPower(dir, copy);
            files.go();
            try (LogDirectory again = LogDirectory.open(copy, config, FlushPolicy.OS, fixture.clock)) {
                PartitionLog log = again.log(LogFixture.ORDERS).orElseThrow();
                assertThat(log.logEndOffset()).isEqualTo(1);
                Admission admission = log.admit(ME, (short) 0, 0, TransactionVersion.BEFORE_2);
                log.append(Batches.transactional(ME, 0, 0, "aborted"), AppendOrigin.CLIENT, admission);
                log.endTransaction(ME, (short) 0, 0, TransactionResult.ABORT);
                log.append(Batches.of("b"));
                assertThat(LogFixture.committed(log, 10_000)).containsExactly("a", "b");
            }
            try (LogDirectory again = LogDirectory.open(copy, config, FlushPolicy.OS, fixture.clock)) {
                PartitionLog log = again.log(LogFixture.ORDERS).orElseThrow();
                assertThat(LogFixture.committed(log, 10_000)).containsExactly("a", "b");
            }
        }
    }

    @Test
    void aMarkerAmongDeletedRecordsCounts() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.ms", "" + Long.MAX_VALUE, "segment.bytes", "1024")) {
            fixture.begin(ME, 0, 0, "a");
            while (fixture.log().sizeInBytes() < 700) {
                fixture.log().append(Batches.of("v"));
            }
            fixture.log().append(Batches.ofSize(500));
            long end = fixture.abort(ME, 0).nextOffset();
            fixture.log().append(Batches.of("last"));
            fixture.log().advanceLogStartOffset(end);
            fixture.stop();
            LogFixture.delete(fixture.file(end + 1, ".snapshot"));
            fixture.start();
            assertThat(fixture.log().hasOpenTransaction(ME, (short) 0)).isFalse();
            assertThat(fixture.log().lastStableOffset()).isEqualTo(end + 1);
            assertThat(fixture.committed()).containsExactly("last");
        }
    }

    @Test
    void everySegmentButTheFirstHasASnapshotOfWhereItBegins() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            interleave(fixture);
            List<Long> segments = offsets(fixture, ".log");
            assertThat(segments).hasSizeGreaterThan(3);
            assertThat(offsets(fixture, ".snapshot")).isEqualTo(segments.subList(1, segments.size()));
            fixture.kill();
            fixture.start();
            assertThat(offsets(fixture, ".snapshot")).containsAll(segments.subList(1, segments.size()));
        }
    }

    @Test
    void theIndexGoesWithItsSegment() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024", "retention.ms", "60000")) {
            interleave(fixture);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !offsets(fixture, ".txnindex").isEmpty());
            fixture.clock.advance(Duration.ofDays(1));
            new Retention(fixture.directory()).run();
            assertThat(offsets(fixture, ".txnindex")).isEmpty();
            long start = fixture.log().logStartOffset();
            fixture.stop();
            Files.write(fixture.file(start + 5, ".txnindex"), new byte[34]);
            Files.write(fixture.file(start + 5, ".txnindex.deleted"), new byte[34]);
            fixture.start();
            assertThat(fixture.file(start + 5, ".txnindex")).doesNotExist();
            assertThat(fixture.file(start + 5, ".txnindex.deleted")).doesNotExist();
        }
    }

    @Test
    void abortedTransactionsOfDeletedSegmentsAreAskedForNoMore() {
        try (LogFixture fixture =
                LogFixture.in(dir, "segment.bytes", "1024", "retention.bytes", "1500", "retention.ms", "-1")) {
            interleave(fixture);
            List<String> before = fixture.committed();
            new Retention(fixture.directory()).run();
            List<String> after = fixture.committed();
            assertThat(after).hasSizeLessThan(before.size()).isNotEmpty();
            assertThat(before).endsWith(after.toArray(String[]::new));
            assertThat(fixture.log()
                            .read(fixture.log().logStartOffset(), 10_000, true, IsolationLevel.READ_COMMITTED)
                            .abortedTransactions())
                    .allMatch(transaction ->
                            transaction.lastOffset() >= fixture.log().logStartOffset());
        }
    }

    private static void interleave(LogFixture fixture) {
        for (int i = 0; i < 20; i++) {
            fixture.begin(ME, 0, i, "mine " + i);
            fixture.log().append(Batches.of("plain " + i));
            fixture.begin(YOU, 0, i, "yours " + i);
            if (i % 3 == 0) {
                fixture.abort(ME, 0);
            } else {
                fixture.commit(ME, 0);
            }
            if (i % 2 == 0) {
                fixture.abort(YOU, 0);
            } else {
                fixture.commit(YOU, 0);
            }
        }
    }

    private static void cutLastByte(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
    }

    private static Map<String, byte[]> indexes(LogFixture fixture) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        for (long offset : offsets(fixture, ".txnindex")) {
            Path file = fixture.file(offset, ".txnindex");
            found.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        return found;
    }

    private static List<Long> offsets(LogFixture fixture, String suffix) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (Stream<Path> files = Files.list(fixture.folder())) {
            files.forEach(file -> LogFileNames.offset(file, suffix).ifPresent(offsets::add));
        }
        return offsets.stream().sorted().toList();
    }
}
