/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The youngest batch of a segment so far.
 *
 * @param timestampMs its largest timestamp, or -1 when no batch has any
 * @param offset its last offset
 */
public record LargestTimestamp(long timestampMs, long offset) {
    static final LargestTimestamp NONE = new LargestTimestamp(RecordBatch.NO_TIMESTAMP, -1);

    LargestTimestamp with(RecordBatch batch) {
        return batch.maxTimestamp() > timestampMs
                ? new LargestTimestamp(batch.maxTimestamp(), batch.lastOffset())
                : this;
    }
}
