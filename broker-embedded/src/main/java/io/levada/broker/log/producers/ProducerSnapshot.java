/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.Crc32C;

/**
 * The producers of a partition as of an offset, which is the file's name. The file is
 * <pre>
 *   0   int16   version, 1
 *   2   uint32  CRC-32C of what follows
 *   6   int32   number of entries, each 46 bytes:
 *       int64 producer id, int16 epoch, int32 last sequence, int64 last offset, int32 offset delta, int64 timestamp,
 *       int32 coordinator epoch, int64 first offset of the open transaction or -1
 * </pre>
 * A producer has an entry for each of its batches that may be sent again, oldest first, so that a retry is known after a restart too. Kafka writes the
 * last one alone, and takes the last one where it finds several. The file need not be forced: a torn one fails its CRC and is rebuilt.
 */
public final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC_AT = 2;
    private static final int ENTRIES_AT = 6;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;

    private static final SentBatch NO_BATCH = new SentBatch(RecordBatch.NO_SEQUENCE, -1, 0, RecordBatch.NO_TIMESTAMP);

    private ProducerSnapshot() {}

    public static void write(Path file, Collection<ProducerEntry> producers) throws IOException {
        int count = producers.stream()
                .mapToInt(producer -> Math.max(1, producer.batches().size()))
                .sum();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + ENTRY_BYTES * count);
        bytes.putShort(VERSION).putInt(0).putInt(count);
        for (ProducerEntry producer : producers) {
            List<SentBatch> batches = producer.batches().isEmpty() ? List.of(NO_BATCH) : producer.batches();
            batches.forEach(batch -> write(bytes, producer, batch));
        }
        bytes.putInt(CRC_AT, (int) Crc32C.compute(bytes.array(), ENTRIES_AT, bytes.capacity() - ENTRIES_AT));
        Files.write(file, bytes.array());
    }

    private static void write(ByteBuffer bytes, ProducerEntry producer, SentBatch batch) {
        bytes.putLong(producer.producerId())
                .putShort(producer.epoch())
                .putInt(batch.lastSequence())
                .putLong(batch.lastOffset())
                .putInt(batch.offsetDelta())
                .putLong(producer.lastSeenMs())
                .putInt(producer.coordinatorEpoch())
                .putLong(producer.openTransactionOffset());
    }

    /** @throws CorruptIndexException when the bytes are not what was written */
    public static List<ProducerEntry> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            short version = bytes.getShort();
            int crc = bytes.getInt();
            if (version != VERSION) {
                throw new CorruptIndexException(file, "unknown version " + version);
            }
            if (crc != (int) Crc32C.compute(bytes.array(), ENTRIES_AT, bytes.capacity() - ENTRIES_AT)) {
                throw new CorruptIndexException(file, "its checksum does not match");
            }
            int count = bytes.getInt();
            Map<Long, ProducerEntry> producers = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                ProducerEntry entry = readEntry(bytes);
                producers.merge(entry.producerId(), entry, ProducerEntry::with);
            }
            return List.copyOf(producers.values());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new CorruptIndexException(file, "it is too short");
        }
    }

    private static ProducerEntry readEntry(ByteBuffer bytes) {
        long producerId = bytes.getLong();
        short epoch = bytes.getShort();
        int lastSequence = bytes.getInt();
        long lastOffset = bytes.getLong();
        int offsetDelta = bytes.getInt();
        long timestampMs = bytes.getLong();
        int coordinatorEpoch = bytes.getInt();
        long openTransactionOffset = bytes.getLong();
        List<SentBatch> batches = lastSequence == RecordBatch.NO_SEQUENCE
                ? List.of()
                : List.of(new SentBatch(lastSequence, lastOffset, offsetDelta, timestampMs));
        return new ProducerEntry(
                producerId, epoch, batches, timestampMs, timestampMs, coordinatorEpoch, openTransactionOffset);
    }
}
