/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.recovery.OffsetGaps;
import io.levada.broker.log.segment.AbortedTransaction;
import io.levada.broker.log.segment.SealedSegment;
import io.levada.broker.log.segment.Segment;
import io.levada.broker.log.segment.SegmentDraft;
import io.levada.broker.log.segment.SegmentSwap;
import io.levada.broker.log.segment.Segments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cleaner sees of a partition and changes in it: sealed segments, and an atomic replacement of some of them. Appends and reads go on
 * meanwhile; no lock of theirs is held.
 *
 * <p>Retention does not wait for a cleaning: {@link #replace} looks whether the old segments are all still there, under a lock that
 * only those hold who take segments away.
 */
public final class LogCompaction {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogCompaction.class);

    private final Path folder;
    private final TopicPartition partition;
    private final Segments segments;
    private final Durability durability;
    private final LogFlush flush;
    private final LogPruner pruner;
    private final OpenFiles open;
    private final Supplier<LogConfig> config;
    private final LongSupplier lastStableOffset;
    /** Held by whoever takes segments away or closes them. Taken before every other lock of the partition. */
    private final ReentrantLock reshaping = new ReentrantLock();

    private volatile boolean closed;

    LogCompaction(
            Path folder,
            TopicPartition partition,
            Segments segments,
            Durability durability,
            LogFlush flush,
            LogPruner pruner,
            OpenFiles open,
            Supplier<LogConfig> config,
            LongSupplier lastStableOffset) {
        this.folder = folder;
        this.partition = partition;
        this.segments = segments;
        this.durability = durability;
        this.flush = flush;
        this.pruner = pruner;
        this.open = open;
        this.config = config;
        this.lastStableOffset = lastStableOffset;
    }

    /**
     * The segments that compaction may rewrite, oldest first: sealed, on disk, and entirely below the last stable offset. The active
     * segment is never among them.
     */
    public List<SealedSegment> sealed() {
        long limit = Math.min(durability.highWatermark().segmentBaseOffset(), flush.forcedSegment());
        long stable = lastStableOffset.getAsLong();
        List<SealedSegment> sealed = new ArrayList<>();
        for (Segment segment : segments.all()) {
            Segment next = segments.after(segment);
            if (next == null || next.baseOffset() > limit || next.baseOffset() > stable) {
                break;
            }
            sealed.add(new SealedSegment(segment, next.baseOffset()));
        }
        return sealed;
    }

    /** The aborted transactions that have records or their marker at the offsets from {@code fromOffset} up to {@code toOffset}, in the order of their markers. */
    public List<AbortedTransaction> aborted(long fromOffset, long toOffset) {
        List<AbortedTransaction> aborted = new ArrayList<>();
        Segment segment = segments.holding(fromOffset);
        while (segment != null && !segment.transactions().collect(fromOffset, toOffset, aborted)) {
            segment = segments.after(segment);
        }
        return aborted;
    }

    /** Begins a segment that is to take the place of {@code first} and those after it. */
    public SegmentDraft draft(SealedSegment first) throws IOException {
        return SegmentDraft.begin(
                folder,
                first.baseOffset(),
                config.get().segment(),
                first.segment().retainedFromMs(),
                open);
    }

    /**
     * Puts {@code draft} in the place of segments that follow one another; on return it is there on disk. Readers that hold a slice of an
     * old one go on for {@code file.delete.delay.ms}.
     *
     * @return false, with nothing changed, when one of the segments has gone meanwhile or the partition was closed
     * @throws KafkaStorageException when the disk refuses; if it was too late to turn back the partition takes no more records until a
     *     restart has completed the replacement
     */
    public boolean replace(List<SealedSegment> old, SegmentDraft draft, long nowMs) {
        List<Segment> replaced = old.stream().map(SealedSegment::segment).toList();
        SegmentSwap swap = new SegmentSwap(folder, open.files());
        finish(draft, replaced);
        reshaping.lock();
        try {
            if (closed || !segments.holdsAll(replaced)) {
                discard(draft);
                return false;
            }
            OffsetGaps.addCompacted(folder, old.get(old.size() - 1).nextBaseOffset());
            swap.run(replaced, draft.segment());
            segments.replace(replaced, opened(draft));
            replaced.forEach(segment ->
                    pruner.deleteLater(segment, nowMs + config.get().segment().deleteDelayMs()));
            return true;
        } catch (IOException | RuntimeException e) {
            throw failed(swap, draft, e);
        } catch (Error e) {
            // What has been renamed cannot stay unknown, whatever went wrong.
            e.addSuppressed(failed(swap, draft, e));
            throw e;
        } finally {
            reshaping.unlock();
        }
    }

    /** Outside the lock, as the disk may take its time. */
    private void finish(SegmentDraft draft, List<Segment> replaced) {
        try {
            draft.finish(modified(replaced));
        } catch (IOException | RuntimeException e) {
            throw failed(new SegmentSwap(folder, open.files()), draft, e);
        } catch (Error e) {
            e.addSuppressed(failed(new SegmentSwap(folder, open.files()), draft, e));
            throw e;
        }
    }

    private static FileTime modified(List<Segment> segments) throws IOException {
        return Files.getLastModifiedTime(
                segments.get(segments.size() - 1).file().path());
    }

    private Segment opened(SegmentDraft draft) throws IOException {
        return draft.segment().sealedUnderItsName(config.get().segment());
    }

    private KafkaStorageException failed(SegmentSwap swap, SegmentDraft draft, Throwable cause) {
        KafkaStorageException failure = new KafkaStorageException(
                "cannot put the compacted segment " + draft.segment() + " of " + partition + " in its place: "
                        + cause.getMessage(),
                cause);
        if (swap.isBegun()) {
            LOGGER.atError()
                    .setCause(cause)
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .log("segments could not be replaced, the log takes no more records; check the disk, then restart");
            durability.fail(failure);
        } else {
            discard(draft, failure);
        }
        return failure;
    }

    /**
     * Removes a draft that came to nothing. Once the partition is closed only its file is let go: the folder of that name may be another's, and the next
     * start removes what is left.
     */
    public void discard(SegmentDraft draft) throws IOException {
        reshaping.lock();
        try {
            if (closed) {
                draft.segment().close();
            } else {
                draft.discard();
            }
        } finally {
            reshaping.unlock();
        }
    }

    private void discard(SegmentDraft draft, KafkaStorageException failure) {
        try {
            discard(draft);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** The file of a segment that is part of the log and is not there; whoever takes segments away waits meanwhile. */
    public Optional<Path> missingFile() {
        reshaping.lock();
        try {
            return segments.all().stream()
                    .map(segment -> segment.file().path())
                    .filter(Files::notExists)
                    .findFirst();
        } finally {
            reshaping.unlock();
        }
    }

    /** Deletes the files of segments that went longer ago than {@code file.delete.delay.ms}. */
    public void deleteFiles(long nowMs) {
        pruner.deleteFiles(nowMs);
    }

    /** Runs {@code change}, which takes segments away, while nobody replaces any. */
    void exclusively(Runnable change) {
        reshaping.lock();
        try {
            change.run();
        } finally {
            reshaping.unlock();
        }
    }

    /** Nothing is replaced any more. Called within {@link #exclusively}. */
    void close() {
        closed = true;
    }
}
