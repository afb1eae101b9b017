/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.segment.AbortedTransaction;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;

/** What kafka-clients' consumer does with a fetched slice in read_committed, from the answer alone. */
final class CommittedReader {
    private final Fetched fetched;
    private final PriorityQueue<AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Set<Long> aborting = new HashSet<>();

    CommittedReader(Fetched fetched) {
        this.fetched = fetched;
        this.ahead.addAll(fetched.abortedTransactions());
    }

    /** Adds the values from {@code offset} on that are neither aborted nor markers, and returns the next offset to fetch. */
    long read(long offset, List<String> values) {
        long next = offset;
        for (RecordBatch batch : fetched.records().batches()) {
            next = batch.nextOffset();
            while (!ahead.isEmpty() && ahead.peek().firstOffset() <= batch.lastOffset()) {
                aborting.add(ahead.remove().producerId());
            }
            if (batch.isControlBatch()) {
                if (isAbort(batch)) {
                    aborting.remove(batch.producerId());
                }
            } else if (!(batch.isTransactional() && aborting.contains(batch.producerId()))) {
                addValues(batch, offset, values);
            }
        }
        return next;
    }

    private static boolean isAbort(RecordBatch batch) {
        Iterator<Record> marker =
                batch.iterator(); // without a record when compaction has kept the batch for its sequence alone
        return marker.hasNext() && ControlRecordType.parse(marker.next().key()) == ControlRecordType.ABORT;
    }

    private static void addValues(RecordBatch batch, long fromOffset, List<String> values) {
        for (Record record : batch) {
            if (record.offset() >= fromOffset) {
                values.add(new String(Utils.toArray(record.value()), StandardCharsets.UTF_8));
            }
        }
    }
}
