/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.LogCompaction;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.producers.LastBatch;
import io.levada.broker.log.segment.SealedSegment;
import io.levada.broker.log.segment.SegmentDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** One pass over one partition: learns the keys of the dirty part, then rewrites everything up to where that came. */
final class Cleaning {
    private final DirtySection section;
    private final PartitionLog log;
    private final LogCompaction compaction;
    private final LogConfig config;
    private final Throttle throttle;
    private final BooleanSupplier stopped;
    private final long nowMs;
    private long reached;

    /**
     * A pass.
     *
     * @param stopped whether the pass is to end early; what it has done stays
     */
    Cleaning(DirtySection section, Throttle throttle, BooleanSupplier stopped, long nowMs) {
        this.section = section;
        this.log = section.log();
        this.compaction = log.compaction();
        this.config = log.config();
        this.throttle = throttle;
        this.stopped = stopped;
        this.nowMs = nowMs;
        this.reached = section.from();
    }

    /** Where the next pass begins, also when this one has ended early: what is below has been rewritten. */
    long reached() {
        return reached;
    }

    /**
     * Runs the pass.
     *
     * @throws org.apache.kafka.common.errors.CorruptRecordException when a batch is damaged; nothing more is replaced then
     */
    void run(OffsetMap map) throws IOException {
        try (Buffers buffers = new Buffers()) {
            new KeyScan(
                            map,
                            section.from(),
                            fates(section.dirty()),
                            buffers,
                            throttle,
                            config.message().maxDecompressedBytes())
                    .run(section.dirty());
            long end = map.latestOffset() + 1;
            List<SealedSegment> rewritten = section.segments().stream()
                    .filter(segment -> segment.baseOffset() < end)
                    .toList();
            Rewrite rewrite = new Rewrite(map, new TransactionFates(), log.lastBatches(), buffers);
            for (List<SealedSegment> group : SegmentGroups.of(rewritten, config.segment())) {
                if (stopped.getAsBoolean() || !rewrite.replace(group)) {
                    return;
                }
                // Of these segments every key is known up to the end: what is left of the dirty part is that of the
                // next pass.
                reached = Math.max(
                        reached, Math.min(end, group.get(group.size() - 1).nextBaseOffset()));
            }
            reached = Math.max(reached, end);
        }
    }

    private TransactionFates fates(List<SealedSegment> segments) {
        TransactionFates fates = new TransactionFates();
        segments.forEach(segment -> expect(segment, fates));
        return fates;
    }

    private void expect(SealedSegment segment, TransactionFates fates) {
        fates.expect(segment.baseOffset(), compaction.aborted(segment.baseOffset(), segment.nextBaseOffset()));
    }

    /** Second pass: group by group into a new segment each. */
    private final class Rewrite {
        private final TransactionFates fates;
        private final CompactionFilter filter;
        private final Buffers buffers;

        Rewrite(OffsetMap map, TransactionFates fates, Map<Long, LastBatch> lastBatches, Buffers buffers) {
            this.fates = fates;
            this.buffers = buffers;
            this.filter = new CompactionFilter(
                    map, fates, lastBatches, nowMs, config.compaction().tombstoneRetentionMs());
        }

        boolean replace(List<SealedSegment> group) throws IOException {
            SegmentDraft draft = compaction.draft(group.get(0));
            boolean written = false;
            try {
                for (SealedSegment segment : group) {
                    expect(segment, fates);
                    copy(segment, draft);
                }
                draft.aborted(fates.takeKept());
                written = true;
            } finally {
                if (!written) {
                    compaction.discard(draft);
                }
            }
            return compaction.replace(group, draft, nowMs);
        }

        private void copy(SealedSegment segment, SegmentDraft draft) throws IOException {
            SegmentBatches batches = new SegmentBatches(segment, buffers, throttle);
            for (Optional<MemoryRecords> next = batches.next(); next.isPresent(); next = batches.next()) {
                var filtered = next.get()
                        .filterTo(
                                filter,
                                buffers.output(),
                                buffers.decompression(),
                                config.message().maxDecompressedBytes());
                ByteBuffer kept = filtered.outputBuffer();
                buffers.keepOutput(kept);
                if (kept.position() > 0) {
                    MemoryRecords records =
                            MemoryRecords.readableRecords(kept.duplicate().flip());
                    draft.append(records);
                    throttle.used(records.sizeInBytes());
                }
            }
        }
    }
}
