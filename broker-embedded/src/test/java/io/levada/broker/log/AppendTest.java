/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void recordsComeBackAsTheyWereSent(String codec) {
        Compression compression = Compression.of(org.apache.kafka.common.record.internal.CompressionType.forName(codec))
                .build();
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.compressed(compression, "a", "b", "c"));
            fixture.log().append(Batches.compressed(compression, "d"));
            assertThat(fixture.values()).containsExactly("a", "b", "c", "d");
        }
    }

    @Test
    void offsetsAreAssignedAndNothingElseOfTheBatchChanges() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a", "b"));
            MemoryRecords sent = Batches.of("c", "d");
            long checksum = sent.firstBatch().checksum();
            Appended appended = fixture.log().append(sent);
            assertThat(appended.baseOffset()).isEqualTo(2);
            assertThat(appended.lastOffset()).isEqualTo(3);
            RecordBatch stored = fixture.log()
                    .read(2, 1000, true)
                    .records()
                    .batches()
                    .iterator()
                    .next();
            assertThat(stored.baseOffset()).isEqualTo(2);
            assertThat(stored.checksum()).isEqualTo(checksum);
            assertThat(stored.partitionLeaderEpoch()).isEqualTo(fixture.log().leaderEpoch());
        }
    }

    @Test
    void theBrokersTimeIsWrittenWhereTheTopicAsksForIt() {
        try (LogFixture fixture = LogFixture.in(dir, "message.timestamp.type", "LogAppendTime")) {
            Appended appended = fixture.log().append(Batches.of("a"));
            assertThat(appended.logAppendTimeMs()).isEqualTo(fixture.clock.millis());
            RecordBatch stored = fixture.log()
                    .read(0, 1000, true)
                    .records()
                    .batches()
                    .iterator()
                    .next();
            assertThat(stored.isValid()).isTrue();
            assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(stored.maxTimestamp()).isEqualTo(fixture.clock.millis());
        }
    }

    @Test
    void aFlippedBitIsRefusedAndNothingIsWritten() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            MemoryRecords damaged = Batches.of("a");
            int at = DefaultRecordBatch.RECORD_BATCH_OVERHEAD + 2;
            damaged.buffer().put(at, (byte) (damaged.buffer().get(at) ^ 1));
            assertThatThrownBy(() -> fixture.log().append(damaged)).isInstanceOf(CorruptRecordException.class);
            assertThat(fixture.log().logEndOffset()).isZero();
            assertThat(fixture.log().sizeInBytes()).isZero();
        }
    }

    @Test
    void aBatchOverTheLimitIsRefusedByName() {
        refused(
                Batches.ofSize(500),
                RecordTooLargeException.class,
                "max.message.bytes=100",
                "max.message.bytes",
                "100");
    }

    @Test
    void aBatchLargerThanASegmentIsRefused() {
        refused(
                Batches.ofSize(2000),
                RecordBatchTooLargeException.class,
                "segment.bytes=1024",
                "segment.bytes",
                "1024");
    }

    @Test
    void oldFormatsAreRefused() {
        refused(Batches.format1("a"), InvalidRecordException.class, "format 1");
    }

    @Test
    void anEmptyAppendIsRefused() {
        refused(MemoryRecords.EMPTY, InvalidRecordException.class, "no record batch");
    }

    @Test
    void aClientSendsOneBatchPerPartition() {
        refused(Batches.joined(Batches.of("a"), Batches.of("b")), InvalidRecordException.class, "2 record batches");
    }

    @Test
    void bytesAfterTheBatchAreRefused() {
        MemoryRecords batch = Batches.of("a");
        java.nio.ByteBuffer longer = java.nio.ByteBuffer.allocate(batch.sizeInBytes() + 5);
        longer.put(batch.buffer().duplicate()).rewind();
        refused(MemoryRecords.readableRecords(longer), CorruptRecordException.class, "5 bytes after");
    }

    @Test
    void aCountThatDoesNotFitTheOffsetsIsRefused() {
        MemoryRecords batch = Batches.of("a", "b");
        batch.buffer().putInt(DefaultRecordBatch.RECORDS_COUNT_OFFSET, 3);
        fixChecksum(batch);
        refused(batch, InvalidRecordException.class, "3 records and 2 offsets");
    }

    @Test
    void controlBatchesAreForTheBrokerOnly() {
        MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                7, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0));
        refused(marker, InvalidRecordException.class, "control batch");
    }

    @Test
    void timesTooFarAwayAreRefused() {
        refused(
                Batches.at(0, "a"),
                InvalidTimestampException.class,
                "1000 ms before",
                "message.timestamp.before.max.ms",
                "1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void oneRecordTooOldIsEnoughToRefuseTheBatch(String codec) {
        Compression compression = Compression.of(org.apache.kafka.common.record.internal.CompressionType.forName(codec))
                .build();
        try (LogFixture fixture = LogFixture.in(dir, "message.timestamp.before.max.ms", "1000")) {
            long now = fixture.clock.millis();
            assertThatThrownBy(() -> fixture.log().append(Batches.at(compression, now, now - 1001, now)))
                    .isInstanceOf(InvalidTimestampException.class)
                    .hasMessageContaining("1000 ms before");
            assertThat(fixture.log()
                            .append(Batches.at(compression, now, now - 1000))
                            .lastOffset())
                    .isEqualTo(1);
        }
    }

    @Test
    void timesTooFarAheadAreRefused() {
        try (LogFixture fixture = LogFixture.in(dir, "message.timestamp.after.max.ms", "1000")) {
            long now = fixture.clock.millis();
            assertThatThrownBy(() -> fixture.log().append(Batches.at(now + 1001, "a")))
                    .isInstanceOf(InvalidTimestampException.class);
            assertThat(fixture.log().append(Batches.at(now + 1000, "a")).baseOffset())
                    .isZero();
        }
    }

    @Test
    void aProducerMayNotClaimTheBrokersTime() {
        refused(Batches.stampedByTheSender(), InvalidTimestampException.class, "LogAppendTime");
    }

    @Test
    void aCompactedTopicNeedsKeys() {
        refused(Batches.of("a"), InvalidRecordException.class, "has no key", "cleanup.policy", "compact");
    }

    @Test
    void aCompactedTopicTakesRecordsWithKeys() {
        try (LogFixture fixture = LogFixture.in(dir, "cleanup.policy", "compact")) {
            assertThat(fixture.log().append(Batches.keyed("k", "v")).lastOffset())
                    .isZero();
        }
    }

    @Test
    void anInterruptedThreadWritesAndStaysInterrupted() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            Thread.currentThread().interrupt();
            fixture.log().append(Batches.of("a"));
            assertThat(Thread.interrupted()).isTrue();
            fixture.log().append(Batches.of("b"));
            assertThat(fixture.values()).containsExactly("a", "b");
        }
    }

    private void refused(MemoryRecords batch, Class<? extends Exception> with, String message, String... settings) {
        try (LogFixture fixture = LogFixture.in(dir, settings)) {
            assertThatThrownBy(() -> fixture.log().append(batch))
                    .isInstanceOf(with)
                    .hasMessageContaining(message);
            assertThat(fixture.log().logEndOffset()).isZero();
        }
    }

    private static void fixChecksum(MemoryRecords batch) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        java.nio.ByteBuffer covered = batch.buffer().duplicate();
        covered.position(DefaultRecordBatch.CRC_OFFSET + 4);
        crc.update(covered);
        batch.buffer().putInt(DefaultRecordBatch.CRC_OFFSET, (int) crc.getValue());
    }
}
