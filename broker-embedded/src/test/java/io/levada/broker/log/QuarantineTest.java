/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.log.directory.DirectoryRecovery;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.files.LogFileNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What was forced may have been acknowledged: where it is damaged a start leaves every byte as it is, says so, and serves the rest. */
class QuarantineTest {
    private static final TopicPartition OTHER = new TopicPartition("other", 0);
    private static final List<String> ALL =
            IntStream.range(0, 60).mapToObj(i -> "value " + i).toList();

    @TempDir
    Path dir;

    @TempDir
    Path aside;

    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(DirectoryRecovery.class);
    private LogFixture fixture;

    @BeforeEach
    void severalSegmentsAndAnotherPartition() {
        told.start();
        logger.addAppender(told);
        fixture = LogFixture.in(dir, "segment.bytes", "1024", "index.interval.bytes", "100");
        for (int i = 0; i < ALL.size(); i++) {
            fixture.log().append(Batches.at(1000 + i, ALL.get(i)));
        }
        fixture.directory()
                .create(OTHER, Uuid.randomUuid(), LogFixture.config())
                .append(Batches.of("other"));
    }

    @AfterEach
    void close() {
        fixture.close();
        logger.detachAppender(told);
    }

    @Test
    void damageBelowTheRecoveryPointIsLeftAsItIs() throws IOException {
        fixture.killWhenForcedTo(60);
        flip(active(), 100);
        staysOfflineUntouched();
    }

    @Test
    void damagePastTheRecoveryPointIsATornTail() throws IOException {
        fixture.killWhenForcedTo(LogFileNames.offset(active(), ".log").orElseThrow());
        flip(active(), Files.size(active()) - 1);
        fixture.start();
        assertThat(fixture.values()).isEqualTo(ALL.subList(0, 59));
    }

    @Test
    void aTailThatHoldsWholeBatchesIsCutButKept() throws IOException {
        fixture.killWhenForcedTo(LogFileNames.offset(active(), ".log").orElseThrow());
        flip(active(), 100);
        byte[] before = Files.readAllBytes(active());
        fixture.start();
        int kept = (int) Files.size(active());
        assertThat(fixture.log().logEndOffset()).isLessThan(60);
        assertThat(active().resolveSibling(active().getFileName() + "." + kept + ".cut"))
                .hasBinaryContent(Arrays.copyOfRange(before, kept, before.length));
    }

    @Test
    void aTailThatWasKeptBeforeIsNotReplaced() throws IOException {
        fixture.killWhenForcedTo(LogFileNames.offset(active(), ".log").orElseThrow());
        flip(active(), 100);
        int kept = Batches.of("value 59").sizeInBytes();
        Path aside = active().resolveSibling(active().getFileName() + "." + kept + ".cut");
        Files.writeString(aside, "from an earlier start");
        fixture.start();
        assertThat(Files.size(active())).isEqualTo(kept);
        assertThat(aside).hasContent("from an earlier start");
        assertThat(aside.resolveSibling(aside.getFileName() + ".1")).exists();
    }

    @Test
    void aTailWithoutAWholeBatchLeavesNothingBehind() throws IOException {
        fixture.killWhenForcedTo(0);
        Files.write(active(), Arrays.copyOf(Files.readAllBytes(active()), (int) Files.size(active()) - 5));
        fixture.start();
        assertThat(names(".cut")).isEmpty();
        assertThat(fixture.values()).isEqualTo(ALL.subList(0, 59));
    }

    @Test
    void aShortFileBelowTheRecoveryPointIsLeftAsItIs() throws IOException {
        fixture.killWhenForcedTo(60);
        int batch = Batches.of(ALL.get(59)).sizeInBytes();
        Files.write(active(), Arrays.copyOf(Files.readAllBytes(active()), (int) Files.size(active()) - batch));
        staysOfflineUntouched();
    }

    @Test
    void zerosWhereForcedRecordsWereAreLeftAsTheyAre() throws IOException {
        fixture.killWhenForcedTo(60);
        byte[] bytes = Files.readAllBytes(active());
        Arrays.fill(bytes, 69, bytes.length, (byte) 0);
        Files.write(active(), bytes);
        staysOfflineUntouched();
    }

    @Test
    void afterACleanStopTheEndIsBelievedToo() throws IOException {
        fixture.stop();
        byte[] bytes = Files.readAllBytes(active());
        Files.write(active(), Arrays.copyOf(bytes, bytes.length - 3));
        staysOfflineUntouched();
    }

    @Test
    void aMissingLastSegmentIsNoticed() throws IOException {
        fixture.stop();
        Files.delete(active());
        staysOfflineUntouched();
    }

    @Test
    void aMissingSegmentInTheMiddleIsNoticed() throws IOException {
        fixture.stop();
        Files.delete(logs().get(2));
        staysOfflineUntouched();
    }

    @Test
    void allSegmentsMissingIsNoticed() throws IOException {
        fixture.killWhenForcedTo(60);
        for (Path log : logs()) {
            Files.delete(log);
        }
        staysOfflineUntouched();
    }

    @Test
    void jumpsThatCompactionLeftAreNone() throws IOException {
        fixture.stop();
        Files.delete(logs().get(2));
        new OffsetCheckpoint(dir, OffsetCheckpoint.COMPACTED).write(Map.of(LogFixture.ORDERS, 60L));
        fixture.start();
        assertThat(fixture.log().logEndOffset()).isEqualTo(60);
    }

    @Test
    void withoutARecoveryPointOnlyTheLastSegmentIsCut() throws IOException {
        fixture.killWhenForcedTo(0);
        Files.delete(dir.resolve(OffsetCheckpoint.RECOVERY_POINT));
        flip(logs().get(1), 100);
        staysOfflineUntouched();
    }

    /** An empty file is one that was lost, not one that says that nothing was forced. */
    @Test
    void anEmptyRecoveryPointIsNone() throws IOException {
        fixture.killWhenForcedTo(0);
        Files.write(dir.resolve(OffsetCheckpoint.RECOVERY_POINT), new byte[0]);
        flip(logs().get(1), 100);
        staysOfflineUntouched();
    }

    @Test
    void damageBesideTheRecordsKeepsNobodyElseOffline() throws IOException {
        fixture.stop();
        Files.write(fixture.folder().resolve("partition.metadata"), new byte[] {1, 2, 3});
        staysOfflineUntouched();
    }

    @Test
    void theErrorNamesTheFileThePlaceAndTheCommand() throws IOException {
        fixture.killWhenForcedTo(60);
        flip(active(), 100);
        fixture.start();
        assertThat(told.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getMessage())
                            .contains("levada storage verify " + dir)
                            .contains("levada storage repair " + dir + " --topic orders --partition 0");
                    assertThat(event.getKeyValuePairs().toString())
                            .contains(active().toString())
                            .contains("position ")
                            .contains("offset ")
                            .contains("checksum");
                });
    }

    @Test
    void aPartitionThatIsOfflineIsDeletedWithItsTopicAndMadeOnlyThen() throws IOException {
        fixture.killWhenForcedTo(60);
        flip(active(), 100);
        fixture.start();
        assertThatThrownBy(() -> fixture.directory().create(LogFixture.ORDERS, Uuid.randomUuid(), LogFixture.config()))
                .isInstanceOf(TopicExistsException.class);
        fixture.directory().delete(LogFixture.ORDERS);
        assertThat(fixture.folder()).doesNotExist();
        fixture.directory().create(LogFixture.ORDERS, Uuid.randomUuid(), LogFixture.config());
        assertThat(fixture.values()).isEmpty();
    }

    @Test
    void theOffsetsOfADeletedPartitionAreNotThoseOfItsNamesake() throws Exception {
        fixture.log().advanceLogStartOffset(50);
        fixture.directory().checkpoint();
        fixture.directory().delete(LogFixture.ORDERS);
        fixture.directory()
                .create(LogFixture.ORDERS, Uuid.randomUuid(), LogFixture.config())
                .append(Batches.of("new"));
        Path copy = fixture.killedCopy(aside.resolve("killed"));
        try (LogDirectory killed = LogDirectory.open(copy, LogFixture.config(), FlushPolicy.FSYNC, fixture.clock)) {
            assertThat(LogFixture.values(killed.log(LogFixture.ORDERS).orElseThrow()))
                    .containsExactly("new");
        }
    }

    @Test
    void aSealedSegmentIsKnownToBeSoBeforeAnythingAfterItIsAcknowledged() throws Exception {
        FaultyFiles disk = new FaultyFiles();
        try (LogFixture forced = LogFixture.forced(aside.resolve("forced"), disk, "segment.bytes", "1024")) {
            for (int i = 0; i < 20; i++) {
                forced.log()
                        .durable(forced.log().append(Batches.of("safe " + i)).nextOffset())
                        .get(120, TimeUnit.SECONDS);
            }
            Path copy = forced.killedCopy(aside.resolve("copy"));
            Path sealed = copy.resolve("orders-0/00000000000000000000.log");
            flip(sealed, 70); // in a value, where only the checksum tells
            byte[] before = Files.readAllBytes(sealed);
            try (LogDirectory killed = LogDirectory.open(copy, LogFixture.config(), FlushPolicy.FSYNC, forced.clock)) {
                assertThat(killed.log(LogFixture.ORDERS))
                        .hasValueSatisfying(
                                log -> assertThat(log.logEndOffset()).isEqualTo(20));
            }
            assertThat(sealed).hasBinaryContent(before);
        }
    }

    /** The start leaves all of the partition as it is, the other one serves, and it is so at the next start too. */
    private void staysOfflineUntouched() throws IOException {
        Map<String, String> before = records();
        for (int start = 0; start < 2; start++) {
            fixture.start();
            assertThat(fixture.directory().log(LogFixture.ORDERS)).isEmpty();
            assertThat(fixture.directory().offline(LogFixture.ORDERS)).isPresent();
            assertThat(LogFixture.values(fixture.directory().log(OTHER).orElseThrow()))
                    .containsExactly("other");
            fixture.stop();
            assertThat(records()).isEqualTo(before);
        }
    }

    private Map<String, String> records() throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        for (Path file : logs()) {
            bytes.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
        return bytes;
    }

    private static void flip(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 1;
        Files.write(file, bytes);
    }

    private Path active() {
        List<Path> logs = logs();
        return logs.get(logs.size() - 1);
    }

    private List<Path> logs() {
        return names(".log");
    }

    private List<Path> names(String suffix) {
        try (Stream<Path> all = Files.list(fixture.folder())) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
