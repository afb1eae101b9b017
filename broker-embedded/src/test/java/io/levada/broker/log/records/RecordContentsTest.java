/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.levada.broker.log.Batches;
import io.levada.broker.log.LogFixture;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.Crc32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is inside a producer's batch: whether it is records, which of them are refused, and how it is stored. */
class RecordContentsTest {
    private static final Header[] HEADERS = {new RecordHeader("h", new byte[] {1, 2}), new RecordHeader("n", null)};

    @TempDir
    Path dir;

    private LogFixture fixture;

    @BeforeEach
    void open() {
        fixture = LogFixture.in(dir);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whateverBytesABatchHoldsWhatIsTakenCanBeRead(CompressionType type) {
        Random random = new Random(20261126);
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            MemoryRecords batch = batch(type);
            ByteBuffer bytes = batch.buffer();
            for (int flips = 0; flips <= random.nextInt(3); flips++) {
                int at = DefaultRecordBatch.RECORD_BATCH_OVERHEAD
                        + random.nextInt(bytes.limit() - DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
                bytes.put(at, (byte) random.nextInt(256));
            }
            refused += tookOrRefused(withRightChecksum(bytes)) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(50);
        long offset = 0;
        while (offset < fixture.log().highWatermark()) {
            for (RecordBatch batch :
                    fixture.log().read(offset, 1, true).records().batches()) {
                batch.ensureValid();
                long next = batch.baseOffset();
                for (Record record : batch) {
                    record.ensureValid();
                    assertThat(record.offset()).isEqualTo(next++);
                }
                assertThat(next).isEqualTo(batch.nextOffset());
                offset = batch.nextOffset();
            }
        }
    }

    private boolean tookOrRefused(MemoryRecords batch) {
        Throwable refusal = catchThrowable(() -> fixture.log().append(batch));
        assertThat(refusal == null
                        || refusal instanceof InvalidRecordException
                        || refusal instanceof InvalidTimestampException)
                .as("%s", refusal)
                .isTrue();
        return refusal == null;
    }

    private static MemoryRecords batch(CompressionType type) {
        SimpleRecord[] records = new SimpleRecord[5];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(
                    1000 + i,
                    i == 2 ? null : ("key" + i).getBytes(StandardCharsets.UTF_8),
                    i == 3 ? null : ("value of " + i).getBytes(StandardCharsets.UTF_8),
                    HEADERS);
        }
        return MemoryRecords.withRecords(Compression.of(type).build(), records);
    }

    private static MemoryRecords withRightChecksum(ByteBuffer batch) {
        int from = DefaultRecordBatch.CRC_OFFSET + Integer.BYTES;
        batch.putInt(DefaultRecordBatch.CRC_OFFSET, (int) Crc32C.compute(batch, from, batch.limit() - from));
        return MemoryRecords.readableRecords(batch);
    }

    @Test
    void aSnappyFrameThatClaimsHalfAGigabyteIsRefusedBeforeItIsBelieved() {
        ByteBuffer bytes = batch(CompressionType.SNAPPY).buffer();
        // After the batch's header, snappy's and the frame's length: the decompressed length, a varint.
        int at = DefaultRecordBatch.RECORD_BATCH_OVERHEAD + 16 + 4;
        for (int i = 0; i < 4; i++) {
            bytes.put(at + i, (byte) 0xff);
        }
        bytes.put(at + 4, (byte) 1);
        assertThatThrownBy(() -> fixture.log().append(withRightChecksum(bytes)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("claims to hold");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aCountThatIsNotTheNumberOfRecordsIsRefused(CompressionType type) {
        for (int wrong : new int[] {4, 6}) {
            ByteBuffer bytes = batch(type).buffer();
            bytes.putInt(DefaultRecordBatch.RECORDS_COUNT_OFFSET, wrong);
            bytes.putInt(DefaultRecordBatch.LAST_OFFSET_DELTA_OFFSET, wrong - 1);
            assertThatThrownBy(() -> fixture.log().append(withRightChecksum(bytes)))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("orders-0");
        }
        assertThat(fixture.log().logEndOffset()).isZero();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void recordsWithoutAKeyInACompactedTopicAreNamed(CompressionType type) {
        fixture.reconfigure("cleanup.policy", "compact");
        SimpleRecord[] records = new SimpleRecord[100];
        List<Integer> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records[i] = new SimpleRecord(1000, i % 10 == 7 ? null : new byte[] {1}, new byte[] {2});
            if (i % 10 == 7) {
                bad.add(i);
            }
        }
        Throwable refusal = catchThrowable(() -> fixture.log()
                .append(MemoryRecords.withRecords(Compression.of(type).build(), records)));
        assertThat(refusal).isInstanceOf(InvalidRecordException.class).hasMessageContaining("10 of the 100");
        assertThat(((RefusedRecords) refusal).recordErrors())
                .extracting(RecordError::index)
                .isEqualTo(bad);
        assertThat(fixture.log().logEndOffset()).isZero();
    }

    @Test
    void recordsOutOfTimeAreNamed() {
        fixture.reconfigure("message.timestamp.before.max.ms", "1000");
        long now = fixture.clock.millis();
        Throwable refusal =
                catchThrowable(() -> fixture.log().append(Batches.at(Compression.NONE, now, now - 2000, now)));
        assertThat(refusal).isInstanceOf(InvalidTimestampException.class);
        assertThat(((RefusedRecords) refusal).recordErrors())
                .extracting(RecordError::index)
                .containsExactly(1);
    }

    @Test
    void aLargestTimestampThatNoRecordHasIsPutRight() {
        ByteBuffer bytes = Batches.at(Compression.NONE, 1000, 3000, 2000).buffer();
        bytes.putLong(35, 999_999);
        fixture.log().append(withRightChecksum(bytes));
        RecordBatch stored =
                fixture.log().read(0, 100, true).records().batches().iterator().next();
        stored.ensureValid();
        assertThat(stored.maxTimestamp()).isEqualTo(3000);
    }

    @ParameterizedTest
    @CsvSource({"uncompressed,NONE", "gzip,GZIP", "snappy,SNAPPY", "lz4,LZ4", "zstd,ZSTD"})
    void batchesAreEncodedAnewWhereTheTopicSaysHow(String setting, CompressionType expected) {
        fixture.reconfigure("compression.type", setting);
        for (CompressionType type : CompressionType.values()) {
            long producer = 77L + type.id;
            MemoryRecords own = MemoryRecords.withIdempotentRecords(
                    Compression.of(type).build(), producer, (short) 3, 11, batchRecords());
            long base = fixture.log().append(own).baseOffset();
            RecordBatch stored = fixture.log()
                    .read(base, 100, true)
                    .records()
                    .batches()
                    .iterator()
                    .next();
            stored.ensureValid();
            assertThat(stored.compressionType()).isEqualTo(expected);
            assertThat(stored.producerId()).isEqualTo(producer);
            assertThat(stored.producerEpoch()).isEqualTo((short) 3);
            assertThat(stored.baseSequence()).isEqualTo(11);
            assertThat(stored.baseOffset()).isEqualTo(base);
            assertThat(stored.lastOffset()).isEqualTo(base + 4);
            assertThat(stored.maxTimestamp()).isEqualTo(1004);
            int i = 0;
            for (Record record : stored) {
                assertThat(record.timestamp()).isEqualTo(1000 + i);
                assertThat(record.headers()).isEqualTo(HEADERS);
                assertThat(record.hasKey()).isEqualTo(i != 2);
                i++;
            }
            assertThat(fixture.log()
                            .append(MemoryRecords.withIdempotentRecords(
                                    Compression.of(type).build(), producer, (short) 3, 11, batchRecords()))
                            .duplicate())
                    .isTrue();
        }
    }

    private static SimpleRecord[] batchRecords() {
        SimpleRecord[] records = new SimpleRecord[5];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(1000 + i, i == 2 ? null : new byte[] {(byte) i}, new byte[] {9}, HEADERS);
        }
        return records;
    }

    @Test
    void theBrokersTimeAndTheTopicsCodecGoTogether() {
        fixture.reconfigure("compression.type", "zstd", "message.timestamp.type", "LogAppendTime");
        fixture.log().append(Batches.of("a", "b"));
        RecordBatch stored =
                fixture.log().read(0, 100, true).records().batches().iterator().next();
        stored.ensureValid();
        assertThat(stored.compressionType()).isEqualTo(CompressionType.ZSTD);
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored.maxTimestamp()).isEqualTo(fixture.clock.millis());
    }

    @Test
    void theLevelDecidesHowSmallABatchGets() {
        int fast = storedBytes("1");
        int thorough = storedBytes("19");
        assertThat(thorough).isLessThan(fast);
    }

    private int storedBytes(String level) {
        fixture.reconfigure("compression.type", "zstd", "compression.zstd.level", level);
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("word").append(random.nextInt(300)).append(' ');
        }
        long base = fixture.log().append(Batches.of(text.toString())).baseOffset();
        return fixture.log()
                .read(base, 1, true)
                .records()
                .batches()
                .iterator()
                .next()
                .sizeInBytes();
    }

    @Test
    void aBatchThatGrowsPastTheLimitIsRefused() {
        fixture.reconfigure("compression.type", "uncompressed", "max.message.bytes", "1000");
        assertThatThrownBy(() -> fixture.log()
                        .append(Batches.compressed(Compression.gzip().build(), "x".repeat(2000))))
                .isInstanceOf(RecordTooLargeException.class)
                .hasMessageContaining("max.message.bytes=1000");
    }

    /** A few bytes that unpack to very many: no more of it is held than a batch may have. */
    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "LZ4", "ZSTD"})
    void aBatchThatUnpacksToMuchIsRefusedInLittleMemory(CompressionType type) {
        fixture.reconfigure("compression.type", "uncompressed");
        MemoryRecords one = bomb(type, 64 << 20, 1);
        MemoryRecords many = bomb(type, 100_000, 640);
        for (MemoryRecords bomb : List.of(one, many)) {
            assertThat(bomb.sizeInBytes()).isLessThan(1_048_588);
            long taken = allocated(() -> assertThatThrownBy(() -> fixture.log().append(bomb))
                    .isInstanceOf(RecordTooLargeException.class)
                    .hasMessageContaining("max.message.bytes=1048588"));
            assertThat(taken).isLessThan(16 << 20);
        }
        assertThat(fixture.log().logEndOffset()).isZero();
    }

    @Test
    void aBatchThatUnpacksToMuchIsEncodedAnewInLittleMemory() {
        fixture.reconfigure("compression.type", "zstd");
        MemoryRecords bomb = bomb(CompressionType.GZIP, 64 << 20, 1);
        assertThat(allocated(() -> fixture.log().append(bomb))).isLessThan(16 << 20);
        RecordBatch stored =
                fixture.log().read(0, 100, true).records().batches().iterator().next();
        stored.ensureValid();
        assertThat(stored.compressionType()).isEqualTo(CompressionType.ZSTD);
        assertThat(stored.iterator().next().valueSize()).isEqualTo(64 << 20);
    }

    @Test
    void aRecordThatUnpacksPastTheLimitIsRefused() {
        fixture.reconfigure("compression.type", "zstd", "max.decompressed.message.bytes", "1000000");
        assertThatThrownBy(() -> fixture.log().append(bomb(CompressionType.GZIP, 2_000_000, 1)))
                .isInstanceOf(InvalidRecordException.class);
    }

    private static MemoryRecords bomb(CompressionType type, int valueBytes, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        Arrays.fill(records, new SimpleRecord(1000, null, new byte[valueBytes]));
        return MemoryRecords.withRecords(Compression.of(type).build(), records);
    }

    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    @Test
    void codecsAndLevelsThatKafkaDoesNotKnowAreRefused() {
        for (String[] wrong : new String[][] {
            {"compression.type", "brotli"}, {"compression.zstd.level", "100"}, {"compression.gzip.level", "77"}
        }) {
            assertThatThrownBy(() -> LogFixture.config(wrong))
                    .isInstanceOfAny(InvalidConfigurationException.class, ConfigException.class)
                    .hasMessageContaining(wrong[0]);
        }
    }
}
