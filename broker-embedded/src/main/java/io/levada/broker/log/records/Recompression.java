/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import io.levada.broker.log.config.LogConfig;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Encodes a batch with the topic's {@code compression.type} where the producer used another; levels are not compared. Everything else of the batch stays what it
 * was. This is the only place where a batch is not stored as it came.
 */
public final class Recompression {
    private Recompression() {}

    /**
     * The batches to store.
     *
     * @throws RecordTooLargeException or RecordBatchTooLargeException when a batch has grown past the topic's limits
     */
    public static MemoryRecords of(MemoryRecords batches, LogConfig config, TopicPartition partition) {
        Compression wanted = config.message().compression().orElse(null);
        MutableRecordBatch batch = batches.batches().iterator().next();
        if (wanted == null || batch.compressionType() == wanted.type() || batch.isControlBatch()) {
            return batches;
        }
        MemoryRecords encoded = encode(batch, wanted, config.message().maxDecompressedBytes());
        if (encoded.sizeInBytes() > config.message().maxBytes()) {
            throw new RecordTooLargeException("record batch for " + partition + " has " + encoded.sizeInBytes()
                    + " bytes with compression.type=" + wanted.type().name + ", which exceeds max.message.bytes="
                    + config.message().maxBytes());
        }
        if (encoded.sizeInBytes() > config.segment().bytes()) {
            throw new RecordBatchTooLargeException("append of " + encoded.sizeInBytes() + " bytes to " + partition
                    + " exceeds segment.bytes=" + config.segment().bytes());
        }
        return encoded;
    }

    private static MemoryRecords encode(MutableRecordBatch batch, Compression wanted, int maxDecompressedBytes) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(ByteBuffer.allocate(batch.sizeInBytes()));
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                        out,
                        batch.magic(),
                        wanted,
                        batch.timestampType(),
                        batch.baseOffset(),
                        batch.maxTimestamp(),
                        batch.producerId(),
                        batch.producerEpoch(),
                        batch.baseSequence(),
                        batch.isTransactional(),
                        false,
                        batch.partitionLeaderEpoch(),
                        Integer.MAX_VALUE);
                var records = batch.streamingIterator(BufferSupplier.NO_CACHING, maxDecompressedBytes)) {
            while (records.hasNext()) {
                Record next = records.next();
                builder.appendWithOffset(next.offset(), next);
            }
            return builder.build();
        }
    }
}
