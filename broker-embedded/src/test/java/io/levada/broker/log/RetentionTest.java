/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.simulation.SimulatedThreads;
import io.levada.broker.simulation.disk.SimulatedDisk;
import io.levada.broker.thread.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    private static final int BATCH_BYTES = Batches.of("value 0").sizeInBytes();

    @TempDir
    Path dir;

    @Test
    void aSegmentIsFullBeforeItGrowsPastItsSize() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            append(fixture, 30);
            int perSegment = 1024 / BATCH_BYTES;
            assertThat(Files.size(fixture.file(0, ".log"))).isEqualTo((long) perSegment * BATCH_BYTES);
            assertThat(fixture.file(perSegment, ".log")).exists();
            assertThat(fixture.file(perSegment, ".snapshot")).exists();
            assertThat(fixture.values()).hasSize(30);
        }
    }

    @Test
    void aSegmentIsFullWhenItsFirstRecordIsOldEnough() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.ms", "1000")) {
            append(fixture, 1);
            fixture.clock.advance(Duration.ofSeconds(1));
            append(fixture, 1);
            assertThat(segments(fixture)).isEqualTo(1);
            fixture.clock.advance(Duration.ofMillis(1));
            append(fixture, 1);
            assertThat(segments(fixture)).isEqualTo(2);
        }
    }

    @Test
    void theAgeOfASegmentOutlivesARestart() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.ms", "1000")) {
            append(fixture, 1);
            fixture.clock.advance(Duration.ofMillis(1001));
            fixture.reopen();
            append(fixture, 1);
            assertThat(segments(fixture)).isEqualTo(2);
        }
    }

    @Test
    void aSegmentIsFullWhenItsIndexIs() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.index.bytes", "60", "index.interval.bytes", "0")) {
            append(fixture, 30);
            assertThat(segments(fixture)).isGreaterThan(2);
            assertThat(fixture.values()).hasSize(30);
        }
    }

    @Test
    void oldSegmentsGoAndTheStartFollows() {
        try (LogFixture fixture =
                LogFixture.in(dir, "segment.bytes", "1024", "retention.ms", "60000", "file.delete.delay.ms", "1000")) {
            append(fixture, 20);
            fixture.clock.advance(Duration.ofSeconds(50));
            append(fixture, 20);
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isZero();
            fixture.clock.advance(Duration.ofSeconds(20));
            Fetched inFlight = fixture.log().read(0, 1000, true);
            retain(fixture);
            long start = fixture.log().logStartOffset();
            assertThat(start).isBetween(1L, 20L);
            assertThatThrownBy(() -> fixture.log().read(0, 100, true)).isInstanceOf(OffsetOutOfRangeException.class);
            assertThat(fixture.values()).hasSize((int) (40 - start));
            assertThat(inFlight.records().records())
                    .as("a slice that is being sent")
                    .isNotEmpty();
            assertThat(files(fixture, ".deleted")).isPositive();
            fixture.clock.advance(Duration.ofSeconds(1));
            retain(fixture);
            assertThat(files(fixture, ".deleted")).isZero();
            fixture.reopen();
            assertThat(fixture.log().logStartOffset()).isEqualTo(start);
        }
    }

    @Test
    void aQuietTopicIsEmptiedToo() {
        try (LogFixture fixture = LogFixture.in(dir, "retention.ms", "60000")) {
            append(fixture, 3);
            fixture.clock.advance(Duration.ofMillis(60_001));
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isEqualTo(3);
            assertThat(fixture.log().logEndOffset()).isEqualTo(3);
            assertThat(fixture.log().sizeInBytes()).isZero();
            append(fixture, 1);
            fixture.reopen();
            assertThat(fixture.log().logEndOffset()).isEqualTo(4);
        }
    }

    @Test
    void theOldestSegmentsGoWhenThereIsTooMuch() {
        try (LogFixture fixture =
                LogFixture.in(dir, "segment.bytes", "1024", "retention.bytes", "3000", "retention.ms", "-1")) {
            append(fixture, 100);
            retain(fixture);
            assertThat(fixture.log().sizeInBytes()).isBetween(3000L, 3000L + 1024);
            assertThat(fixture.log().logStartOffset()).isPositive();
        }
    }

    /** As in Kafka: it is the one size that not even the segment that takes the appends may have. */
    @Test
    void nothingStaysWhereNoByteIsToBeKept() {
        try (LogFixture fixture = LogFixture.in(dir, "retention.bytes", "0", "retention.ms", "-1")) {
            append(fixture, 3);
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isEqualTo(3);
            assertThat(fixture.log().logEndOffset()).isEqualTo(3);
            assertThat(fixture.log().sizeInBytes()).isZero();
            retain(fixture);
            assertThat(segments(fixture)).isEqualTo(1);
            append(fixture, 1);
            fixture.reopen();
            assertThat(fixture.log().logStartOffset()).isEqualTo(3);
            assertThat(fixture.values()).hasSize(1);
        }
    }

    @Test
    void theLastSegmentStaysWhereOneByteIsToBeKept() {
        try (LogFixture fixture = LogFixture.in(dir, "retention.bytes", "1", "retention.ms", "-1")) {
            append(fixture, 3);
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isZero();
            assertThat(fixture.values()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"compact", ""})
    void aTopicWithoutTheDeletePolicyLosesNothing(String policy) {
        try (LogFixture fixture = LogFixture.in(
                dir, "cleanup.policy", policy, "segment.bytes", "1024", "retention.ms", "1", "retention.bytes", "1")) {
            for (int i = 0; i < 40; i++) {
                fixture.log().append(Batches.keyed("k" + i, "v"));
            }
            fixture.clock.advance(Duration.ofDays(365));
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isZero();
            assertThat(fixture.values()).hasSize(40);
        }
    }

    @Test
    void segmentsBelowDeletedRecordsGo() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            append(fixture, 40);
            long before = fixture.log().sizeInBytes();
            fixture.log().advanceLogStartOffset(35);
            retain(fixture);
            assertThat(fixture.log().sizeInBytes()).isLessThan(before / 2);
            assertThat(fixture.log().logStartOffset()).isEqualTo(35);
            assertThat(fixture.values()).hasSize(5);
        }
    }

    @Test
    void aChangedSettingCounts() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024", "retention.ms", "-1")) {
            append(fixture, 40);
            fixture.clock.advance(Duration.ofDays(365));
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isZero();
            fixture.reconfigure("segment.bytes", "1024", "retention.ms", "1000");
            retain(fixture);
            assertThat(fixture.log().logStartOffset()).isEqualTo(40);
        }
    }

    @Test
    void passesRepeatUntilTheyAreStopped() {
        try (LogFixture fixture = LogFixture.in(dir, "retention.ms", "1000")) {
            append(fixture, 1);
            try (Registration passes =
                    new Retention(fixture.directory()).every(Duration.ofMillis(10), Threads.ofSystem())) {
                assertThat(passes).isNotNull();
                fixture.clock.advance(Duration.ofMillis(1001));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> fixture.log().logStartOffset() == 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"300000, 30000", "10000, 10000"})
    void theFirstPassComesAfterThirtySecondsAtTheLatest(long intervalMs, long firstMs) {
        FirstDelays threads = new FirstDelays();
        try (LogFixture fixture = LogFixture.in(dir);
                Registration passes =
                        new Retention(fixture.directory()).every(Duration.ofMillis(intervalMs), threads)) {
            assertThat(passes).isNotNull();
            assertThat(threads.ofPassesMs).containsExactly(firstMs);
        }
    }

    /** Notes after which time passes are to begin. */
    private static final class FirstDelays implements Threads {
        final List<Long> ofPassesMs = new ArrayList<>();

        @Override
        public ExecutorService single(String name) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public ExecutorService pool(String name, int size) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public ScheduledExecutorService scheduler(String name) {
            return new ScheduledThreadPoolExecutor(1) {
                @Override
                public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
                    if (task instanceof Retention) {
                        ofPassesMs.add(unit.toMillis(first));
                    }
                    return super.scheduleWithFixedDelay(task, first, delay, unit);
                }
            };
        }
    }

    /** On whatever disk: thousands of partitions that nobody uses must cost nothing. */
    @Test
    void aPassOverIdlePartitionsTouchesNoFile() {
        ManualClock clock = new ManualClock();
        SimulatedDisk disk = new SimulatedDisk(clock, new SplittableRandom(1));
        LogOptions crowded = LogOptions.of(FlushPolicy.FSYNC).withOpenFilesMax(2);
        try (LogDirectory directory = LogDirectory.open(
                disk.path("/data"), partition -> LogConfig.defaults(), crowded, clock, SimulatedThreads.inline())) {
            for (String policy : new String[] {"delete", "compact", "compact,delete", ""}) {
                use(directory.create(
                        new TopicPartition("topic-" + policy.replace(',', '-'), 0),
                        Uuid.randomUuid(),
                        LogFixture.config(
                                "cleanup.policy",
                                policy,
                                "segment.bytes",
                                "1024",
                                "message.timestamp.type",
                                "LogAppendTime")));
            }
            Retention retention = new Retention(directory);
            retention.run();
            long before = disk.accesses();
            assertThat(before).isPositive();
            clock.advance(Duration.ofHours(1));
            retention.run();
            directory.checkpoint();
            assertThat(disk.accesses()).isEqualTo(before);
        }
    }

    /** With several segments, a producer that is known, and a transaction that is open. */
    private static void use(PartitionLog log) {
        for (int i = 0; i < 20; i++) {
            log.append(Batches.idempotentKeyed(1, 0, i, "key", "x".repeat(100)));
        }
        log.append(
                Batches.transactionalKeyed(2, 0, 0, "key", "open"),
                AppendOrigin.CLIENT,
                log.admit(2, (short) 0, 0, TransactionVersion.BEFORE_2));
        log.durable(log.logEndOffset()).join();
    }

    private static void append(LogFixture fixture, int batches) {
        for (int i = 0; i < batches; i++) {
            fixture.log().append(Batches.at(fixture.clock.millis(), "value " + i % 10));
        }
    }

    private static void retain(LogFixture fixture) {
        new Retention(fixture.directory()).run();
    }

    private static long segments(LogFixture fixture) {
        return files(fixture, ".log");
    }

    private static long files(LogFixture fixture, String suffix) {
        try (Stream<Path> files = Files.list(fixture.folder())) {
            return files.filter(file -> file.toString().endsWith(suffix)).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
