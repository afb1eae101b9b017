/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches as producers send them. */
public final class Batches {
    private Batches() {}

    public static MemoryRecords of(String... values) {
        return at(1_000, values);
    }

    /** Values that all carry one timestamp. */
    public static MemoryRecords at(long timestampMs, String... values) {
        return MemoryRecords.withRecords(Compression.NONE, simple(timestampMs, values));
    }

    /** One record for each timestamp. */
    public static MemoryRecords at(Compression compression, long... timestampsMs) {
        return MemoryRecords.withRecords(
                compression,
                Arrays.stream(timestampsMs)
                        .mapToObj(timestampMs -> new SimpleRecord(timestampMs, new byte[] {1}))
                        .toArray(SimpleRecord[]::new));
    }

    public static MemoryRecords compressed(Compression compression, String... values) {
        return MemoryRecords.withRecords(compression, simple(1_000, values));
    }

    static MemoryRecords keyed(String key, String value) {
        return MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(1_000, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    }

    static MemoryRecords ofSize(int valueBytes) {
        return of("x".repeat(valueBytes));
    }

    public static MemoryRecords idempotent(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) epoch, sequence, simple(1_000, values));
    }

    static MemoryRecords idempotentKeyed(long producerId, int epoch, int sequence, String key, String value) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                producerId,
                (short) epoch,
                sequence,
                new SimpleRecord(1_000, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    }

    static MemoryRecords transactional(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE, producerId, (short) epoch, sequence, simple(1_000, values));
    }

    static MemoryRecords transactionalKeyed(long producerId, int epoch, int sequence, String key, String value) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producerId,
                (short) epoch,
                sequence,
                new SimpleRecord(1_000, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    }

    static MemoryRecords format1(String value) {
        return MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V1, Compression.NONE, simple(1_000, value));
    }

    static MemoryRecords stampedByTheSender() {
        return MemoryRecords.withRecords(
                RecordBatch.MAGIC_VALUE_V2, 0, Compression.NONE, TimestampType.LOG_APPEND_TIME, simple(1_000, "a"));
    }

    static MemoryRecords joined(MemoryRecords... each) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(each).mapToInt(MemoryRecords::sizeInBytes).sum());
        for (MemoryRecords records : each) {
            all.put(records.buffer().duplicate());
        }
        return MemoryRecords.readableRecords(all.flip());
    }

    private static SimpleRecord[] simple(long timestampMs, String... values) {
        return Arrays.stream(values)
                .map(value -> new SimpleRecord(timestampMs, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
    }
}
