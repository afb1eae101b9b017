/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.segment.AbortedTransaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Tells of each batch, in the order of the log, whether its transaction was aborted, and of each marker whether anything is left that it
 * ends. All transactions have ended: compaction stays below the last stable offset.
 */
final class TransactionFates {
    private final Queue<AbortedTransaction> coming =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Map<Long, Aborted> aborting = new HashMap<>();
    private final Set<Long> committing = new HashSet<>();
    private final List<AbortedTransaction> kept = new ArrayList<>();
    private final Set<AbortedTransaction> known = new HashSet<>();

    private static final class Aborted {
        final AbortedTransaction transaction;
        boolean hasBatches;

        Aborted(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /** Adds the transactions that touch the segment which begins at {@code fromOffset}; those that touch an earlier one too are known already. */
    void expect(long fromOffset, List<AbortedTransaction> aborted) {
        known.removeIf(transaction -> transaction.lastOffset() < fromOffset);
        for (AbortedTransaction transaction : aborted) {
            if (known.add(transaction)) {
                coming.add(transaction);
            }
        }
    }

    /** Whether a batch of records belongs to a transaction that was aborted. */
    boolean isAborted(RecordBatch batch) {
        beginUpTo(batch.lastOffset());
        if (!batch.isTransactional()) {
            return false;
        }
        Aborted aborted = aborting.get(batch.producerId());
        if (aborted == null) {
            committing.add(batch.producerId());
            return false;
        }
        aborted.hasBatches = true;
        return true;
    }

    /**
     * Whether a marker, or another control batch, ends nothing that is left in the log. What compaction removes in this very pass counts as left: its
     * marker waits for the next one, as readers may still have the old segments.
     */
    boolean endsNothing(RecordBatch controlBatch) {
        beginUpTo(controlBatch.lastOffset());
        var records = controlBatch.iterator();
        if (!records.hasNext()) {
            return true;
        }
        ControlRecordType type = ControlRecordType.parse(records.next().key());
        return switch (type) {
            case ABORT -> endsNoAbort(controlBatch.producerId());
            case COMMIT -> !committing.remove(controlBatch.producerId());
            default -> false;
        };
    }

    /** A marker ends its transaction, for who asks no more of it. */
    void pass(RecordBatch controlBatch) {
        endsNothing(controlBatch);
        kept.clear();
    }

    private boolean endsNoAbort(long producerId) {
        Aborted aborted = aborting.remove(producerId);
        if (aborted == null || !aborted.hasBatches) {
            return true;
        }
        kept.add(aborted.transaction);
        return false;
    }

    private void beginUpTo(long offset) {
        while (!coming.isEmpty() && coming.peek().firstOffset() <= offset) {
            AbortedTransaction next = coming.remove();
            aborting.putIfAbsent(next.producerId(), new Aborted(next));
        }
    }

    /** The aborted transactions whose markers were passed since the last call and of which batches were left: what the new segment's index has to name. */
    List<AbortedTransaction> takeKept() {
        List<AbortedTransaction> taken = List.copyOf(kept);
        kept.clear();
        return taken;
    }
}
