/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.recovery.LogRecovery;
import io.levada.broker.log.storage.PartitionReport;
import io.levada.broker.log.storage.Storage;
import io.levada.broker.log.storage.StorageProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whatever the log starts on disk say, no record goes that nobody deleted. */
class WrongLogStartTest {
    private static final int COUNT = 60;
    private static final List<String> ALL =
            IntStream.range(0, COUNT).mapToObj(i -> "value " + i).toList();
    private static final TopicPartition OTHER = new TopicPartition("other", 0);

    @TempDir
    Path dir;

    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LogRecovery.class);
    private LogFixture fixture;

    @BeforeEach
    void severalSegments() {
        told.start();
        logger.addAppender(told);
        fixture = LogFixture.in(dir, "segment.bytes", "1024", "index.interval.bytes", "100");
        for (int i = 0; i < COUNT; i++) {
            fixture.log().append(Batches.at(1000 + i, ALL.get(i)));
        }
    }

    @AfterEach
    void close() {
        fixture.close();
        logger.detachAppender(told);
    }

    @ParameterizedTest
    @ValueSource(longs = {COUNT + 1, 1_000_000_000_000L})
    void afterACleanStopOneThatIsPastTheEndIsIgnoredAndToldOnce(long logStart) throws IOException {
        fixture.stop();
        note(logStart);
        fixture.start();
        assertThat(told.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getKeyValuePairs())
                        .extracting(pair -> pair.key + "=" + pair.value)
                        .containsExactly(
                                "topic=orders", "partition=0", "logStartOffset=" + logStart, "logEndOffset=" + COUNT));
        goesOn();
        fixture.reopen();
        assertThat(told.list).hasSize(1);
        assertThat(fixture.values()).hasSize(COUNT + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {COUNT + 1, 1_000_000_000_000L})
    void afterACrashSegmentsBelowOneThatIsPastTheEndAreKeptBeside(long logStart) throws IOException {
        fixture.kill();
        note(logStart);
        Map<String, byte[]> before = logs("");
        assertThat(before).hasSizeGreaterThan(3);
        fixture.start();
        assertThat(told.list).isNotEmpty();
        Map<String, byte[]> kept = logs(".cut");
        assertThat(kept.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(kept.get(name)).as(name).isEqualTo(bytes));
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(logStart);
        fixture.reopen();
        assertThat(fixture.values()).containsExactly("next");
    }

    /** It may be half of a larger one, or of a smaller one, as far as anybody knows. */
    @Test
    void checkpointsThatEndWithinANumberAreNotBelieved() throws IOException {
        fixture.log().advanceLogStartOffset(10);
        fixture.stop();
        Path file = dir.resolve(OffsetCheckpoint.LOG_START);
        byte[] whole = Files.readAllBytes(file);
        assertThat(new String(whole, StandardCharsets.US_ASCII)).endsWith("orders 0 10\n");
        for (String name : List.of(OffsetCheckpoint.LOG_START, OffsetCheckpoint.RECOVERY_POINT)) {
            for (int length = 0; length < whole.length; length++) {
                Files.write(dir.resolve(name), Arrays.copyOf(whole, length));
                assertThat(new OffsetCheckpoint(dir, name).read())
                        .as("%s of %d bytes", name, length)
                        .isEmpty();
            }
        }
        fixture.start();
        goesOn();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9223372036854775807", "9223372036854775808", "", "1e3"})
    void whatIsNoOffsetIsNoLogStart(String number) throws IOException {
        fixture.kill();
        Files.writeString(dir.resolve(OffsetCheckpoint.LOG_START), "0\n1\norders 0 " + number + "\n");
        fixture.start();
        goesOn();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0\n1\n2147483647 0\n", "0\n1\n-3 0\n", "0\n1\n3 -7\n", "0\n1\n3 0", "0\n2\n3 0\n", "0\n1\nx 0\n"
            })
    void whatIsNoEpochIsNotBelievedEither(String epochs) throws IOException {
        Path file = fixture.folder().resolve("leader-epoch-checkpoint");
        fixture.kill();
        Files.writeString(file, epochs);
        assertThat(verify().problems()).extracting(StorageProblem::file).containsExactly(file);
        byte[] last = Files.readAllBytes(fixture.folder().resolve(lastLog()));
        Files.write(fixture.folder().resolve(lastLog()), Arrays.copyOf(last, last.length - 1));
        fixture.start();
        assertThat(fixture.log().leaderEpoch()).isEqualTo(1);
    }

    @Test
    void aCheckTellsThatAStartIgnoresIt() throws IOException {
        fixture.stop();
        note(700);
        PartitionReport report = verify();
        assertThat(report.isDamaged()).isFalse();
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(dir.resolve(OffsetCheckpoint.LOG_START));
            assertThat(problem.what()).contains("700", "end of the log, 60", "ignores it");
        });
    }

    @Test
    void aCheckTellsThatAStartAfterACrashBelievesIt() throws IOException {
        fixture.kill();
        note(700);
        assertThat(verify().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(dir.resolve(OffsetCheckpoint.LOG_START));
            assertThat(problem.what())
                    .contains("700", "end of the log, 60", ".cut", "take the line 'orders 0 700' out");
        });
    }

    /** Where all was deleted by offset, a log that is shorter than it was has lost nothing. */
    @Test
    void aLogOfWhichAllWasDeletedGoesOnAtItsStart() throws IOException {
        fixture.log().advanceLogStartOffset(COUNT);
        fixture.stop();
        Files.write(fixture.folder().resolve(lastLog()), new byte[0]);
        fixture.start();
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(COUNT);
    }

    /** It takes away the mark of the clean stop. */
    @Test
    void theRepairOfAnotherPartitionDoesNotMakeItBelieved() throws IOException {
        fixture.directory()
                .create(OTHER, Uuid.randomUuid(), LogFixture.config())
                .append(Batches.of("other"));
        fixture.stop();
        note(700);
        Files.delete(dir.resolve("other-0").resolve("00000000000000000000.log"));
        Storage storage = Storage.of(dir);
        storage.repair(List.of(storage.verify(OTHER, false)));
        fixture.start();
        goesOn();
    }

    /** After which there are no clean stops any more. */
    @Test
    void itIsNotBelievedLaterWhereThePartitionIsOfflineAtFirst() throws IOException {
        fixture.stop();
        note(700);
        Path id = fixture.folder().resolve("partition.metadata");
        byte[] right = Files.readAllBytes(id);
        Files.writeString(id, "rubbish");
        fixture.start();
        assertThat(fixture.directory().offline()).hasSize(1);
        fixture.stop();
        Files.write(id, right);
        fixture.start();
        goesOn();
    }

    /** The process is killed once the mark of the clean stop is gone and before the log is open. */
    @Test
    void itIsNotBelievedAfterAStartThatWasKilled(@TempDir Path killed) throws IOException {
        fixture.stop();
        note(700);
        LogDirectory.Settings settings = partition -> {
            fixture.killedCopy(killed);
            return LogFixture.config();
        };
        LogDirectory.open(dir, settings, LogOptions.of(FlushPolicy.FSYNC), InstantSource.system())
                .close();
        assertThat(Storage.of(killed).verify(LogFixture.ORDERS, false).problems())
                .isEmpty();
    }

    /** A folder that the start does not find is looked for again later, when nobody knows of the clean stop any more. */
    @Test
    void itIsNotBelievedLaterWhereTheFolderIsAwayAtFirst(@TempDir Path elsewhere) throws IOException {
        fixture.stop();
        note(700);
        Path away = elsewhere.resolve("orders-0");
        Files.move(fixture.folder(), away);
        fixture.start();
        fixture.stop();
        Files.move(away, fixture.folder());
        fixture.start();
        goesOn();
    }

    private void goesOn() {
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(COUNT);
        assertThat(fixture.values()).startsWith(ALL.toArray(String[]::new)).hasSize(COUNT + 1);
    }

    private void note(long logStart) throws IOException {
        OffsetCheckpoint file = new OffsetCheckpoint(dir, OffsetCheckpoint.LOG_START);
        Map<TopicPartition, Long> starts = new HashMap<>(file.read().orElseThrow());
        starts.put(LogFixture.ORDERS, logStart);
        file.write(starts);
    }

    private PartitionReport verify() throws IOException {
        return Storage.of(dir).verify(LogFixture.ORDERS, false);
    }

    private String lastLog() throws IOException {
        return logs("").keySet().stream()
                .sorted()
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The log files with this ending, by their names without it. */
    private Map<String, byte[]> logs(String ending) throws IOException {
        Map<String, byte[]> logs = new HashMap<>();
        try (Stream<Path> all = Files.list(fixture.folder())) {
            for (Path file : all.filter(each -> each.toString().endsWith(".log" + ending))
                    .toList()) {
                String name = file.getFileName().toString();
                logs.put(name.substring(0, name.length() - ending.length()), Files.readAllBytes(file));
            }
        }
        return logs;
    }
}
