/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.levada.broker.log.config.LogConfig;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that are small on the wire and huge when they are unpacked. */
final class RecordInspectionTest {
    private static final int HUGE = 64 << 20;
    private static final long MEMORY_MAX = 8 << 20;
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "LZ4", "ZSTD"})
    void aRecordThatUnpacksToMuchTakesLittleMemory(CompressionType type) {
        MemoryRecords records = records(type, HUGE);
        inspect(records);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        inspect(records);
        assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                .isLessThan(MEMORY_MAX);
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "LZ4", "ZSTD", "SNAPPY"})
    void aBatchThatClaimsAnotherNumberOfRecordsIsRefused(CompressionType type) {
        for (int claimed : new int[] {1, 3}) {
            ByteBuffer bytes = records(type, 10, 10).buffer();
            bytes.putInt(57, claimed);
            assertThatThrownBy(() -> inspect(MemoryRecords.readableRecords(bytes)))
                    .isInstanceOf(InvalidRecordException.class);
        }
    }

    private static void inspect(MemoryRecords records) {
        new RecordInspection(PARTITION, records.batches().iterator().next(), LogConfig.defaults(), 1)
                .run(records.buffer());
    }

    private static MemoryRecords records(CompressionType type, int... valueSizes) {
        SimpleRecord[] all = new SimpleRecord[valueSizes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = new SimpleRecord(1, null, new byte[valueSizes[i]]);
        }
        return MemoryRecords.withRecords(Compression.of(type).build(), all);
    }
}
