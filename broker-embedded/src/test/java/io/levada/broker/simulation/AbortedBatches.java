/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Tells of the batches of one answer, in their order, which of them a reader shows, as Kafka's consumer does by the answer's list of aborted transactions. */
final class AbortedBatches {
    private final Queue<AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Set<Long> producers = new HashSet<>();

    /** With null for a reader of all records. */
    AbortedBatches(@Nullable List<AbortedTransaction> aborted) {
        if (aborted != null) {
            ahead.addAll(aborted);
        }
    }

    boolean counts(RecordBatch batch) {
        while (!ahead.isEmpty() && ahead.peek().firstOffset() <= batch.lastOffset()) {
            producers.add(ahead.remove().producerId());
        }
        if (batch.isControlBatch()) {
            // Compaction may have left nothing but the header of it.
            for (Record marker : batch) {
                if (ControlRecordType.parse(marker.key()) == ControlRecordType.ABORT) {
                    producers.remove(batch.producerId());
                }
            }
            return false;
        }
        return !batch.isTransactional() || !producers.contains(batch.producerId());
    }
}
