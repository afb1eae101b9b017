/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * One batch of an idempotent producer, as remembered to recognise it when it comes again.
 *
 * @param lastSequence the sequence number of its last record
 * @param lastOffset the offset of its last record
 * @param offsetDelta its number of records, less one
 * @param timestampMs its largest timestamp
 */
public record SentBatch(int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {

    static SentBatch of(RecordBatch batch) {
        return new SentBatch(
                batch.lastSequence(),
                batch.lastOffset(),
                (int) (batch.lastOffset() - batch.baseOffset()),
                batch.maxTimestamp());
    }

    public long baseOffset() {
        return lastOffset - offsetDelta;
    }

    int baseSequence() {
        return DefaultRecordBatch.decrementSequence(lastSequence, offsetDelta);
    }

    boolean isSameAs(RecordBatch batch) {
        return baseSequence() == batch.baseSequence() && lastSequence == batch.lastSequence();
    }
}
