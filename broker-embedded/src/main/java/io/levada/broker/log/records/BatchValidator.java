/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import io.levada.broker.log.config.LogConfig;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/** What a batch must satisfy before the log takes it: its header here, a producer's records by {@link RecordInspection}. */
public final class BatchValidator {
    private final TopicPartition partition;

    public BatchValidator(TopicPartition partition) {
        this.partition = partition;
    }

    /**
     * Checks everything that does not depend on the producer's earlier batches.
     *
     * @throws org.apache.kafka.common.errors.ApiException of the kind whose error code Kafka answers with
     */
    public void validate(MemoryRecords batches, AppendOrigin origin, LogConfig config, long nowMs) {
        int count = 0;
        int bytes = 0;
        for (MutableRecordBatch batch : batches.batches()) {
            validate(batch, origin, config);
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
        if (origin == AppendOrigin.CLIENT) {
            new RecordInspection(partition, batches.batches().iterator().next(), config, nowMs).run(batches.buffer());
        }
    }

    private void validate(RecordBatch batch, AppendOrigin origin, LogConfig config) {
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
            validateClient(batch, config);
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

    private void validateClient(RecordBatch batch, LogConfig config) {
        if (batch.isControlBatch()) {
            throw new InvalidRecordException("control batch from a client for " + partition);
        }
        if (batch.hasProducerId() && batch.baseSequence() < 0) {
            throw new InvalidRecordException("record batch for " + partition + " has producer id " + batch.producerId()
                    + " and base sequence " + batch.baseSequence());
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME
                && config.message().timestampType() != TimestampType.LOG_APPEND_TIME) {
            throw new InvalidTimestampException("record batch for " + partition + " claims the broker's LogAppendTime");
        }
    }
}
