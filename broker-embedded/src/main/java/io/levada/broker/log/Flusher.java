/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that fsync. A partition queues once, however many appends wait for it: what is appended while its fsync runs is
 * covered by the next one. Several threads let the disk merge the journal commits of several partitions.
 */
public final class Flusher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Flusher.class);

    private final ExecutorService threads;

    /** Owns the threads from now on. */
    public Flusher(ExecutorService threads) {
        this.threads = threads;
    }

    /** Has {@code flush} run once on a flush thread. The queue is bounded by the number of partitions, each being in it once. */
    void submit(Runnable flush) {
        try {
            threads.execute(() -> flush(flush));
        } catch (RejectedExecutionException closed) {
            LOGGER.atDebug().log("no flush is queued any more: closing a log forces what is left");
        }
    }

    private static void flush(Runnable flush) {
        try {
            flush.run();
        } catch (RuntimeException | Error e) {
            LOGGER.atError().setCause(e).log("a log flush failed");
        }
    }

    /** Finishes what is queued and ends the threads. */
    @Override
    public void close() {
        threads.shutdown();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                // However long the disk takes: closing the files under an fsync would fail their partitions.
                boolean ignored = threads.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
