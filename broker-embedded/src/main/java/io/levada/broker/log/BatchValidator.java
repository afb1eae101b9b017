/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.function.Consumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * What a batch must satisfy before the log takes it. Headers are enough for that, records are not decoded; only a compacted
 * topic, where every record needs a key, has its records looked at.
 */
final class BatchValidator {
    private final TopicPartition partition;

    BatchValidator(TopicPartition partition) {
        this.partition = partition;
    }

    /**
     * Checks everything that does not depend on the producer's earlier batches.
     *
     * @throws org.apache.kafka.common.errors.ApiException of the kind whose error code Kafka answers with
     */
    void validate(MemoryRecords batches, AppendOrigin origin, LogConfig config, long nowMs) {
        int count = 0;
        int bytes = 0;
        for (MutableRecordBatch batch : batches.batches()) {
            validate(batch, origin, config, nowMs);
            bytes += batch.sizeInBytes();
            count++;
        }
        if (bytes != batches.sizeInBytes()) {
            throw new CorruptRecordException(
                    (batches.sizeInBytes() - bytes) + " bytes after the last whole batch for " + partition);
        }
        if (count == 0) {
            throw new InvalidRecordException(
                    "no record batch for " + partition + "; a produce request holds one per partition");
        }
        if (count > 1 && origin == AppendOrigin.CLIENT) {
            throw new InvalidRecordException(
                    count + " record batches for " + partition + "; a produce request holds one per partition");
        }
        if (bytes > config.segment().bytes()) {
            throw new RecordBatchTooLargeException("append of " + bytes + " bytes to " + partition
                    + " exceeds segment.bytes=" + config.segment().bytes());
        }
    }

    private void validate(RecordBatch batch, AppendOrigin origin, LogConfig config, long nowMs) {
        if (batch.magic() != RecordBatch.MAGIC_VALUE_V2) {
            throw new InvalidRecordException("record batch of format " + batch.magic() + " for " + partition
                    + "; only format 2 (Kafka 0.11 and later) is accepted");
        }
        // A marker is let through: a topic whose limit is smaller would never see its transactions end.
        if (batch.sizeInBytes() > config.message().maxBytes() && !batch.isControlBatch()) {
            throw new RecordTooLargeException("record batch of " + batch.sizeInBytes() + " bytes for " + partition
                    + " exceeds max.message.bytes=" + config.message().maxBytes());
        }
        batch.ensureValid();
        validateCount(batch);
        if (origin == AppendOrigin.CLIENT) {
            validateClient(batch, config, nowMs);
        }
    }

    private void validateCount(RecordBatch batch) {
        Integer count = batch.countOrNull();
        long offsets = batch.lastOffset() - batch.baseOffset() + 1;
        if (count == null || count <= 0 || count != offsets) {
            throw new InvalidRecordException(
                    "record batch for " + partition + " claims " + count + " records and " + offsets + " offsets");
        }
    }

    private void validateClient(RecordBatch batch, LogConfig config, long nowMs) {
        if (batch.isControlBatch()) {
            throw new InvalidRecordException("control batch from a client for " + partition);
        }
        if (batch.hasProducerId() && batch.baseSequence() < 0) {
            throw new InvalidRecordException("record batch for " + partition + " has producer id " + batch.producerId()
                    + " and base sequence " + batch.baseSequence());
        }
        validateTimestamp(batch, config.message(), nowMs);
        if (config.retention().compacts()) {
            validateKeys(batch, config.message());
        }
    }

    private void validateTimestamp(RecordBatch batch, LogConfig.Message config, long nowMs) {
        if (config.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return;
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            throw new InvalidTimestampException("record batch for " + partition + " claims the broker's LogAppendTime");
        }
        requireWithin(batch.maxTimestamp(), config, nowMs);
        // The header tells the largest timestamp alone: for the smallest the records must be looked at, where there is
        // a limit at all.
        if (config.beforeMaxMs() != Long.MAX_VALUE) {
            forEachRecord(batch, config, record -> requireWithin(record.timestamp(), config, nowMs));
        }
    }

    private void requireWithin(long timestamp, LogConfig.Message config, long nowMs) {
        if (timestamp != RecordBatch.NO_TIMESTAMP && isOutside(timestamp, config, nowMs)) {
            throw new InvalidTimestampException(
                    "timestamp " + timestamp + " for " + partition + " is not within " + config.beforeMaxMs()
                            + " ms before and " + config.afterMaxMs() + " ms after the broker's " + nowMs);
        }
    }

    private static boolean isOutside(long timestamp, LogConfig.Message config, long nowMs) {
        return nowMs - timestamp > config.beforeMaxMs() || timestamp - nowMs > config.afterMaxMs();
    }

    private void validateKeys(RecordBatch batch, LogConfig.Message config) {
        forEachRecord(batch, config, record -> {
            if (!record.hasKey()) {
                throw new InvalidRecordException("record " + (record.offset() - batch.baseOffset())
                        + " for the compacted " + partition + " has no key");
            }
        });
    }

    private static void forEachRecord(RecordBatch batch, LogConfig.Message config, Consumer<Record> check) {
        try (var records = ((MutableRecordBatch) batch)
                .skipKeyValueIterator(BufferSupplier.NO_CACHING, config.maxDecompressedBytes())) {
            records.forEachRemaining(check);
        }
    }
}
