/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of an internal topic, where it lies in the log.
 *
 * @param partition of the internal topic
 * @param key what it is about; null in a record that nobody here wrote
 * @param value null where the thing is gone
 * @param producerId whose transaction it is part of, or {@link RecordBatch#NO_PRODUCER_ID}
 */
public record LoggedRecord(
        int partition,
        long offset,
        long timestampMs,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        long producerId,
        short producerEpoch) {

    static LoggedRecord read(int partition, RecordBatch batch, Record record) {
        boolean transactional = batch.isTransactional();
        return new LoggedRecord(
                partition,
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                transactional ? batch.producerId() : RecordBatch.NO_PRODUCER_ID,
                transactional ? batch.producerEpoch() : RecordBatch.NO_PRODUCER_EPOCH);
    }

    static LoggedRecord written(int partition, long offset, SimpleRecord record, Decision.@Nullable Producer producer) {
        return new LoggedRecord(
                partition,
                offset,
                record.timestamp(),
                copy(record.key()),
                copy(record.value()),
                producer == null ? RecordBatch.NO_PRODUCER_ID : producer.id(),
                producer == null ? RecordBatch.NO_PRODUCER_EPOCH : producer.epoch());
    }

    public boolean isTransactional() {
        return producerId != RecordBatch.NO_PRODUCER_ID;
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : buffer.duplicate();
    }
}
