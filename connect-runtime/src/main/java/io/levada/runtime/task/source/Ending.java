/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The end of a source task, as Kafka Connect has it: what is on its way is awaited and the last offsets are committed,
 * then {@code stop()} is called, once. Usually the task's thread does it after its loop. If the plugin does not come back
 * from {@code poll()}, another thread does the same, as {@code stop()} is what many a plugin waits for there; records that
 * such a poll then still brings are sent and committed as well, rather than lost.
 */
final class Ending {
    private final Runnable finish;
    private final Runnable stop;
    private final AtomicLong batches = new AtomicLong();
    private volatile boolean polling;
    /** How many batches had been sent when the last commit began; guarded by this, as is {@code stopped}. */
    private long batchesFinished = -1;

    private boolean stopped;

    /**
     * @param finish waits and commits; may throw nothing
     * @param stop calls the plugin; may throw nothing
     */
    Ending(Runnable finish, Runnable stop) {
        this.finish = finish;
        this.stop = stop;
    }

    /** The task's thread enters or leaves {@code poll()}. */
    void polling(boolean now) {
        polling = now;
    }

    /** The task's thread has handed over one more batch. */
    void sent() {
        batches.incrementAndGet();
    }

    /** Ends the task if its thread is in {@code poll()}; blocks for as long as that takes. */
    void whilePolling() {
        if (polling) {
            end();
        }
    }

    /** Ends the task, or what another thread has not ended. */
    synchronized void end() {
        long sent = batches.get();
        if (sent != batchesFinished) {
            batchesFinished = sent;
            finish.run();
        }
        if (!stopped) {
            stopped = true;
            stop.run();
        }
    }
}
