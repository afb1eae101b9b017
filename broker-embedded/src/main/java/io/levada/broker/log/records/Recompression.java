/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import io.levada.broker.log.config.LogConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Encodes a batch with the topic's {@code compression.type} where the producer used another; levels are not compared. Everything else of the batch stays what it
 * was. This is the only place where a batch is not stored as it came.
 */
public final class Recompression {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int LENGTH_AT = 8;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int CODEC = 0b111;

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
        int bytesMax = Math.min(config.message().maxBytes(), config.segment().bytes());
        BoundedBytes encoded = new BoundedBytes(batch.sizeInBytes(), bytesMax);
        if (encode(batches.buffer(), (DefaultRecordBatch) batch, wanted, encoded)) {
            return MemoryRecords.readableRecords(encoded.content());
        }
        String tooLarge = "record batch for " + partition + " has more than " + bytesMax
                + " bytes with compression.type=" + wanted.type().name + ", which exceeds ";
        throw bytesMax == config.message().maxBytes()
                ? new RecordTooLargeException(tooLarge + "max.message.bytes=" + bytesMax)
                : new RecordBatchTooLargeException(tooLarge + "segment.bytes=" + bytesMax);
    }

    /**
     * Records lie in a batch as they do in one of another codec, so they go from decoder to encoder a piece at a time: none is held whole, whatever it
     * unpacks to. False once the batch is too large.
     */
    private static boolean encode(
            ByteBuffer bytes, DefaultRecordBatch batch, Compression wanted, BoundedBytes encoded) {
        byte[] piece = new byte[PIECE_BYTES];
        bytes.duplicate().get(piece, 0, DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        encoded.write(piece, 0, DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        try (InputStream records = batch.recordInputStream(BufferSupplier.NO_CACHING);
                OutputStream encoder = wanted.wrapForOutput(encoded, batch.magic())) {
            for (int read = records.read(piece); read >= 0 && !encoded.isOver(); read = records.read(piece)) {
                encoder.write(piece, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode a batch with " + wanted.type().name, e);
        }
        if (!encoded.isOver()) {
            complete(encoded.content(), wanted);
        }
        return !encoded.isOver();
    }

    /** What the header says of the bytes after it. */
    private static void complete(ByteBuffer batch, Compression wanted) {
        short attributes = batch.getShort(ATTRIBUTES_AT);
        batch.putShort(ATTRIBUTES_AT, (short) ((attributes & ~CODEC) | wanted.type().id));
        batch.putInt(LENGTH_AT, batch.limit() - Records.LOG_OVERHEAD);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES_AT));
        batch.putInt(CRC_AT, (int) crc.getValue());
    }
}
