/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import io.levada.broker.log.config.LogConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Looks at every record of a producer's batch: whether the bytes are records at all, and whether their keys and timestamps are allowed. A
 * batch with a right checksum and rubbish inside would stop every consumer at its offset for good.
 */
final class RecordInspection {
    private static final int ERRORS_TOLD_MAX = 3;
    private static final int BASE_TIMESTAMP_AT = 27;

    /** By thread, as partitions are many and threads that append few. */
    private static final ThreadLocal<BufferSupplier> DECOMPRESSION = ThreadLocal.withInitial(BufferSupplier::create);

    private final TopicPartition partition;
    private final MutableRecordBatch batch;
    private final LogConfig config;
    private final boolean needsKeys;
    private final boolean limitsTime;
    private final long nowMs;
    private final List<RecordError> errors = new ArrayList<>();
    private boolean untimely;
    private long baseTimestampMs;
    private long largestMs = RecordBatch.NO_TIMESTAMP;

    RecordInspection(TopicPartition partition, MutableRecordBatch batch, LogConfig config, long nowMs) {
        this.partition = partition;
        this.batch = batch;
        this.config = config;
        this.needsKeys = config.retention().compacts();
        this.limitsTime = config.message().timestampType() == TimestampType.CREATE_TIME;
        this.nowMs = nowMs;
    }

    /**
     * Looks at the records, and puts their largest timestamp into the header if that says another.
     *
     * @param bytes the whole batch
     * @throws InvalidRecordException or InvalidTimestampException, with {@link RefusedRecords} where single records are at fault
     */
    void run(ByteBuffer bytes) {
        int count = batch.countOrNull();
        baseTimestampMs = bytes.getLong(bytes.position() + BASE_TIMESTAMP_AT);
        try {
            if (batch.isCompressed()) {
                requireModestFrames(bytes);
                decompress(count);
            } else {
                walk(RecordBytes.lying(afterHeader(bytes)), count);
            }
        } catch (InvalidRecordException e) {
            throw new InvalidRecordException("batch for " + partition + " refused: " + e.getMessage(), e);
        }
        if (!errors.isEmpty()) {
            throw refusal(count);
        }
        if (limitsTime && largestMs != batch.maxTimestamp()) {
            batch.setMaxTimestamp(batch.timestampType(), largestMs);
        }
    }

    private void walk(RecordBytes records, int count) {
        RecordWalk walk = new RecordWalk(records, baseTimestampMs);
        for (int i = 0; i < count; i++) {
            walk.next();
            check(i, walk.hasKey(), walk.timestampMs());
        }
        walk.end();
    }

    private void requireModestFrames(ByteBuffer bytes) {
        if (batch.compressionType() == CompressionType.SNAPPY) {
            SnappyFrames.requireModest(afterHeader(bytes));
        }
    }

    private static ByteBuffer afterHeader(ByteBuffer bytes) {
        return bytes.duplicate().position(bytes.position() + DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    }

    private void decompress(int count) {
        // Every field, as consumers read them, but never a record as a whole: what unpacks to gigabytes takes no memory
        // here.
        try (InputStream records = ((DefaultRecordBatch) batch).recordInputStream(DECOMPRESSION.get())) {
            walk(new InflatedBytes(records, config.message().maxDecompressedBytes()), count);
        } catch (InvalidRecordException e) {
            throw e;
        } catch (RuntimeException | IOException e) {
            // Decoders meet damaged bytes with whatever happens to fail first.
            throw new InvalidRecordException("it cannot be decompressed: " + e, e);
        } catch (Error e) {
            // snappy-java tells of some damage by an error of its own.
            if (e.getClass().getName().startsWith("org.xerial.snappy.")) {
                throw new InvalidRecordException("it cannot be decompressed: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private void check(int index, boolean hasKey, long timestampMs) {
        largestMs = Math.max(largestMs, timestampMs);
        if (needsKeys && !hasKey) {
            errors.add(new RecordError(index, "it has no key, which a compacted topic needs"));
        } else if (limitsTime && timestampMs != RecordBatch.NO_TIMESTAMP && isOutside(timestampMs)) {
            untimely = true;
            errors.add(new RecordError(
                    index,
                    "timestamp " + timestampMs + " is not within "
                            + config.message().beforeMaxMs() + " ms before and "
                            + config.message().afterMaxMs() + " ms after the broker's " + nowMs));
        }
    }

    private boolean isOutside(long timestampMs) {
        return nowMs - timestampMs > config.message().beforeMaxMs()
                || timestampMs - nowMs > config.message().afterMaxMs();
    }

    private RuntimeException refusal(int count) {
        StringBuilder message = new StringBuilder(
                errors.size() + " of the " + count + " records of a batch for " + partition + " are refused:");
        errors.stream()
                .limit(ERRORS_TOLD_MAX)
                .forEach(error -> message.append(" record ")
                        .append(error.index())
                        .append(": ")
                        .append(error.message())
                        .append(';'));
        message.setLength(message.length() - 1);
        return untimely
                ? new RefusedRecords.Untimely(message.toString(), errors)
                : new RefusedRecords.Invalid(message.toString(), errors);
    }
}
