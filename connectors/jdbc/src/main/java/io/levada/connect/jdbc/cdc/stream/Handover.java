/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Batches between the capturing thread and the worker's, bounded by records and bytes: at least one batch always fits. */
final class Handover {

    private final int recordsMax;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private final Consumer<CaptureMeters.Waiting> meter;
    private int records;
    private long bytes;
    private boolean ended;

    /** @param meter is told what waits, whenever that changes, in the order of the changes */
    Handover(FlowOptions options, Consumer<CaptureMeters.Waiting> meter) {
        this.meter = meter;
        this.recordsMax = options.queueSize();
        this.bytesMax = options.queueBytes() == 0 ? Long.MAX_VALUE : options.queueBytes();
        tell(); // what waited for an earlier run does not any more
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
            tell();
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
                tell();
                changed.signalAll();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Within the lock: otherwise what is told last might be what was told first. */
    private void tell() {
        meter.accept(new CaptureMeters.Waiting(records, bytes));
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
