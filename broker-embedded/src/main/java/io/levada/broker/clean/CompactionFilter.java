/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.producers.LastBatch;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Which records compaction keeps: the last one of each key; a tombstone until its delete horizon (KIP-534), which the first pass that
 * keeps it writes into its batch; no record of an aborted transaction; a marker until nothing is left that it ends, and then as long as
 * a tombstone. Of each remembered producer the last batch stays, if need be without records, as its sequence is in the header.
 */
final class CompactionFilter extends RecordFilter {
    private final OffsetMap map;
    private final TransactionFates fates;
    private final Map<Long, LastBatch> lastBatches;
    private boolean dropsRecords;

    CompactionFilter(
            OffsetMap map,
            TransactionFates fates,
            Map<Long, LastBatch> lastBatches,
            long nowMs,
            long tombstoneRetentionMs) {
        super(nowMs, tombstoneRetentionMs);
        this.map = map;
        this.fates = fates;
        this.lastBatches = lastBatches;
    }

    @Override
    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
        boolean control = batch.isControlBatch();
        boolean needless = control ? fates.endsNothing(batch) : fates.isAborted(batch);
        dropsRecords = needless && (!control || isPastHorizon(batch));
        return new BatchRetentionResult(retention(batch), control && needless);
    }

    private BatchRetention retention(RecordBatch batch) {
        if (batch.hasProducerId() && isLastOfItsProducer(batch)) {
            return BatchRetention.RETAIN_EMPTY;
        }
        return dropsRecords ? BatchRetention.DELETE : BatchRetention.DELETE_EMPTY;
    }

    private boolean isPastHorizon(RecordBatch batch) {
        OptionalLong horizon = batch.deleteHorizonMs();
        return horizon.isPresent() && horizon.getAsLong() <= currentTime;
    }

    private boolean isLastOfItsProducer(RecordBatch batch) {
        LastBatch last = lastBatches.get(batch.producerId());
        if (last == null) {
            return false;
        }
        return last.lastOffset().isPresent()
                ? last.lastOffset().getAsLong() == batch.lastOffset()
                : batch.isControlBatch() && batch.producerEpoch() == last.epoch();
    }

    @Override
    protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
        if (dropsRecords) {
            return false;
        }
        // Past the map's end nothing is known of later records with the same key.
        if (batch.isControlBatch() || record.offset() > map.latestOffset()) {
            return true;
        }
        return record.hasKey()
                && record.offset() >= map.get(record.key())
                && (record.hasValue() || !isPastHorizon(batch));
    }
}
