/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Batches between the capturing thread and the worker's, bounded by records and bytes: at least one batch always fits. */
final class Handover {

    private final int recordsMax;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private int records;
    private long bytes;
    private boolean ended;

    Handover(FlowOptions options) {
        this.recordsMax = options.queueSize();
        this.bytesMax = options.queueBytes() == 0 ? Long.MAX_VALUE : options.queueBytes();
    }

    /** Puts a batch, waiting so long for room; false if there was none. */
    boolean put(Batch batch, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!waiting.isEmpty()
                    && (records + batch.records().size() > recordsMax || bytes + batch.bytes() > bytesMax)) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            waiting.add(batch);
            records += batch.records().size();
            bytes += batch.bytes();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next batch, waiting so long for one; null if there was none, or none comes any more. */
    @Nullable
    Batch take(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !ended && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            Batch batch = waiting.poll();
            if (batch != null) {
                records -= batch.records().size();
                bytes -= batch.bytes();
                changed.signalAll();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** What waits now. */
    CaptureMeters.Waiting waiting() {
        lock.lock();
        try {
            return new CaptureMeters.Waiting(records, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be put. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
