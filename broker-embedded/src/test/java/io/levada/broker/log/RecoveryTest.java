/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.segment.TimestampedOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {
    private static final List<String> ALL =
            IntStream.range(0, 60).mapToObj(i -> "value " + i).toList();

    @TempDir
    Path dir;

    private LogFixture fixture;

    @BeforeEach
    void severalSegments() {
        fixture = LogFixture.in(dir, "segment.bytes", "1024", "index.interval.bytes", "100");
        for (int i = 0; i < ALL.size(); i++) {
            fixture.log().append(Batches.at(1000 + i, ALL.get(i)));
        }
        assertThat(logFiles()).hasSizeGreaterThan(3);
    }

    @Test
    void everythingIsThereAfterAKillWithNothingForced() {
        Path copy = fixture.killedCopy(dir.resolve("killed"));
        fixture.close();
        try (LogDirectory killed = LogDirectory.open(copy, LogFixture.config(), FlushPolicy.FSYNC, fixture.clock)) {
            PartitionLog log = killed.log(LogFixture.ORDERS).orElseThrow();
            assertThat(LogFixture.values(log)).isEqualTo(ALL);
            assertThat(log.firstOffsetAtOrAfter(1030, IsolationLevel.READ_UNCOMMITTED))
                    .get()
                    .extracting(TimestampedOffset::offset)
                    .isEqualTo(30L);
        }
    }

    @Test
    void missingIndexesAreRebuiltAfterACleanStop() throws IOException {
        fixture.close();
        for (Path file : files(".index", ".timeindex")) {
            Files.delete(file);
        }
        fixture.start();
        everythingIsFound();
        fixture.close();
    }

    @Test
    void indexesOfZeroBytesAreHarmless() throws IOException {
        fixture.close();
        for (Path file : files(".index", ".timeindex")) {
            Files.write(file, new byte[0]);
        }
        fixture.start();
        assertThat(fixture.values()).isEqualTo(ALL);
        fixture.close();
    }

    @Test
    void corruptIndexesAreRebuiltAfterACleanStop() throws IOException {
        fixture.close();
        for (Path file : files(".index", ".timeindex")) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0) {
                bytes[bytes.length - 1] ^= 0x55;
            }
            Files.write(file, bytes);
            Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
        }
        fixture.start();
        everythingIsFound();
        fixture.close();
    }

    @Test
    void anIndexThatPointsBetweenBatchesIsRebuilt() throws IOException {
        fixture.close();
        for (Path file : files(".index")) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0) {
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            }
        }
        fixture.start();
        everythingIsFound();
        fixture.close();
    }

    @Test
    void whatFollowsACutIsPutAside() throws IOException {
        List<Path> logs = logFiles();
        fixture.kill();
        Path second = logs.get(1);
        long base = LogFileNames.offset(second, ".log").orElseThrow();
        byte[] bytes = Files.readAllBytes(second);
        Files.write(second, Arrays.copyOf(bytes, bytes.length - 1));
        byte[] third = Files.readAllBytes(logs.get(2));
        fixture.start();
        List<String> left = fixture.values();
        assertThat(left).isEqualTo(ALL.subList(0, left.size())).hasSizeGreaterThan((int) base);
        assertThat(logs.get(2).resolveSibling(logs.get(2).getFileName() + ".cut"))
                .hasBinaryContent(third);
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(left.size());
        fixture.reopen();
        assertThat(fixture.values()).hasSize(left.size() + 1).endsWith("next");
        fixture.close();
    }

    /** Offsets jump where compaction has been, and nowhere else: the snapshot of the segment that follows knows a batch that is not there. */
    @ParameterizedTest
    @ValueSource(strings = {"delete", "compact"})
    void aBatchThatAPowerCutTookFromAFullSegmentIsNotTakenForThere(String policy) throws IOException {
        try (LogFixture other = LogFixture.in(
                Files.createDirectory(dir.resolve(policy)), "segment.bytes", "1024", "cleanup.policy", policy)) {
            int batches = 0;
            while (Files.notExists(other.file(batches - 1, ".log")) || batches < 2) {
                other.log().append(Batches.idempotentKeyed(7, 0, batches, "key", "x".repeat(300)));
                batches++;
            }
            int lost = batches - 2; // The last one began a segment.
            other.kill();
            Path full = other.file(0, ".log");
            byte[] bytes = Files.readAllBytes(full);
            Files.write(full, Arrays.copyOf(bytes, bytes.length / (lost + 1) * lost));

            other.start();

            assertThat(other.log().logEndOffset()).isEqualTo(lost);
            Appended retry = other.log().append(Batches.idempotentKeyed(7, 0, lost, "key", "x".repeat(300)));
            assertThat(retry.duplicate()).isFalse();
            assertThat(retry.baseOffset()).isEqualTo(lost);
        }
    }

    @Test
    void whatAnEarlierStartPutAsideIsNotReplaced() throws IOException {
        List<Path> logs = logFiles();
        fixture.kill();
        byte[] second = Files.readAllBytes(logs.get(1));
        Files.write(logs.get(1), Arrays.copyOf(second, second.length - 1));
        byte[] third = Files.readAllBytes(logs.get(2));
        Path aside = logs.get(2).resolveSibling(logs.get(2).getFileName() + ".cut");
        Files.writeString(aside, "from an earlier start");
        fixture.start();
        assertThat(aside).hasContent("from an earlier start");
        assertThat(aside.resolveSibling(aside.getFileName() + ".1")).hasBinaryContent(third);
        fixture.close();
    }

    @Test
    void segmentsBelowTheRecoveryPointAreNotReadAgain() throws IOException {
        fixture.directory().checkpoint();
        fixture.log().close();
        long point = fixture.log().recoveryPoint();
        assertThat(point).isPositive();
        fixture.directory().close();
        Files.delete(dir.resolve(".kafka_cleanshutdown"));
        // Damage that a verification would find, in a place that it need not look at.
        byte[] first = Files.readAllBytes(fixture.file(0, ".log"));
        first[first.length - 1] ^= 1;
        Files.write(fixture.file(0, ".log"), first);
        fixture.start();
        assertThat(fixture.log().logEndOffset()).isEqualTo(60);
        fixture.close();
    }

    @Test
    void checkpointsThatCannotBeUnderstoodMakeRecoveryLookAtEverything() throws IOException {
        fixture.close();
        Files.delete(dir.resolve(".kafka_cleanshutdown"));
        Files.writeString(dir.resolve("recovery-point-offset-checkpoint"), "7\nrubbish\n");
        Files.writeString(dir.resolve("log-start-offset-checkpoint"), "0\n1\norders zero 0\n");
        Files.writeString(fixture.folder().resolve("leader-epoch-checkpoint"), "0\n5\n");
        fixture.start();
        everythingIsFound();
        fixture.close();
    }

    @Test
    void aSegmentOfZeroBytesIsAnEmptySegment() throws IOException {
        fixture.kill();
        Files.write(fixture.file(60, ".log"), new byte[0]);
        fixture.start();
        assertThat(fixture.values()).isEqualTo(ALL);
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(60);
        fixture.close();
    }

    @Test
    void leftoversGoAndForeignFilesStay() throws IOException {
        fixture.kill();
        Path deleted = Files.writeString(fixture.folder().resolve("00000000000000000000.log.deleted"), "x");
        Path orphan = Files.writeString(fixture.folder().resolve("00000000000000000777.index"), "x");
        Path foreign = Files.writeString(fixture.folder().resolve("notes.txt"), "x");
        fixture.start();
        assertThat(deleted).doesNotExist();
        assertThat(orphan).doesNotExist();
        assertThat(foreign).exists();
        assertThat(fixture.values()).isEqualTo(ALL);
        fixture.close();
    }

    @Test
    void offsetsGoOnAfterDeletedRecordsThatAPowerCutTook() throws IOException {
        fixture.log().advanceLogStartOffset(60);
        fixture.kill();
        for (Path file : files(".log", ".index", ".timeindex")) {
            Files.delete(file);
        }
        fixture.start();
        assertThat(fixture.log().logStartOffset()).isEqualTo(60);
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(60);
        fixture.close();
    }

    private void everythingIsFound() {
        assertThat(fixture.values()).isEqualTo(ALL);
        for (int i = 0; i < ALL.size(); i++) {
            assertThat(fixture.log()
                            .read(i, 1, true)
                            .records()
                            .batches()
                            .iterator()
                            .next()
                            .baseOffset())
                    .isEqualTo(i);
            assertThat(fixture.log().firstOffsetAtOrAfter(1000 + i, IsolationLevel.READ_UNCOMMITTED))
                    .get()
                    .extracting(TimestampedOffset::offset)
                    .isEqualTo((long) i);
        }
    }

    private List<Path> logFiles() {
        return files(".log");
    }

    private List<Path> files(String... suffixes) {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(fixture.folder())) {
            all.filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .forEach(found::add);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }
}
