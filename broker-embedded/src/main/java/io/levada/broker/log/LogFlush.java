/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a partition's appends on disk and then moves its high watermark ({@link FlushPolicy#FSYNC}), or moves it at once and forces only
 * sealed segments ({@link FlushPolicy#OS}).
 */
final class LogFlush {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogFlush.class);

    private final Path folder;
    private final TopicPartition partition;
    private final LogTail tail;
    private final Durability durability;
    private final OpenFiles open;
    private final Flusher flusher;
    private final FlushPolicy policy;
    private final Runnable sealed;
    private final AtomicBoolean queued = new AtomicBoolean();
    /** Keeps files from being forced and closed at the same time. Taken before the partition's lock, never after it. */
    private final ReentrantLock forcing = new ReentrantLock();

    private volatile long forcedOffset;
    private volatile long forcedSegment;

    LogFlush(
            Path folder,
            TopicPartition partition,
            LogTail tail,
            Durability durability,
            OpenFiles open,
            Flusher flusher,
            FlushPolicy policy,
            Runnable sealed) {
        this.folder = folder;
        this.partition = partition;
        this.tail = tail;
        this.durability = durability;
        this.open = open;
        this.flusher = flusher;
        this.policy = policy;
        this.sealed = sealed;
        this.forcedOffset = tail.end().offset();
        this.forcedSegment = tail.end().segmentBaseOffset();
    }

    /** An append returned. */
    void appended() {
        LogPosition end = tail.end();
        if (policy == FlushPolicy.OS) {
            durability.advance(end);
        }
        if (isDue(end)) {
            queue();
        }
    }

    private boolean isDue(LogPosition end) {
        return !durability.hasFailed()
                && (policy == FlushPolicy.FSYNC
                        ? end.offset() > forcedOffset
                        : end.segmentBaseOffset() > forcedSegment);
    }

    private void queue() {
        if (queued.compareAndSet(false, true)) {
            flusher.submit(this::runQueued);
        }
    }

    /** One thread at a time per partition: what came in meanwhile queues it again behind the other partitions. */
    private void runQueued() {
        try {
            exclusively(() -> {});
        } finally {
            queued.set(false);
            if (isDue(tail.end())) {
                queue();
            }
        }
    }

    /** Forces everything appended so far, then runs {@code change} while no file is being forced. */
    void exclusively(Runnable change) {
        forcing.lock();
        try {
            force();
            change.run();
        } finally {
            forcing.unlock();
        }
    }

    private void force() {
        if (durability.hasFailed()) {
            return;
        }
        LogPosition end = tail.end();
        try {
            forceFiles(end);
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        forcedOffset = end.offset();
        forcedSegment = end.segmentBaseOffset();
        durability.advance(end);
    }

    private void forceFiles(LogPosition end) throws IOException {
        boolean anySealed = false;
        for (Segment full = tail.nextUnsealed(); full != null; full = tail.nextUnsealed()) {
            full.seal();
            forcedOffset = Math.max(forcedOffset, tail.endOf(full));
            anySealed = true;
        }
        if (anySealed) {
            sealed.run(); // before anything after them is acknowledged: a start must know that they cannot be torn
        }
        if (end.offset() > forcedOffset) {
            tail.segmentOf(end).file().forceWritten();
        }
        if (tail.takeNewNames()) {
            open.forceFolder(folder);
        }
    }

    private void fail(Exception cause) {
        LOGGER.atError()
                .setCause(cause)
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", tail.end().offset())
                .log("log could not be forced to disk, it takes no more records; check the disk, then restart");
        durability.fail(new KafkaStorageException("the log of " + partition + " could not be forced to disk", cause));
    }

    /** Segments that begin below this offset are sealed: whole on disk, with their indexes. */
    long forcedSegment() {
        return forcedSegment;
    }

    /** Below this offset a recovery need not look. */
    long recoveryPoint() {
        return forcedOffset;
    }
}
