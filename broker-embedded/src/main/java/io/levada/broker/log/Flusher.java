/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that fsync. A partition queues once, however many appends wait for it: what is appended while its fsync runs is
 * covered by the next one. Several threads let the disk merge the journal commits of several partitions.
 */
final class Flusher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Flusher.class);

    /** Partitions to force; an empty entry ends the thread that takes it. */
    private final BlockingQueue<Optional<Runnable>> dirty = new LinkedBlockingQueue<>();

    private final List<Thread> threads = new ArrayList<>();

    Flusher(int threadCount) {
        for (int i = 0; i < threadCount; i++) {
            Thread thread = new Thread(this::run, "levada-log-flush-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** Has {@code flush} run once on a flush thread. The queue is bounded by the number of partitions, each being in it once. */
    void submit(Runnable flush) {
        dirty.add(Optional.of(flush));
    }

    private void run() {
        try {
            for (Optional<Runnable> next = dirty.take(); next.isPresent(); next = dirty.take()) {
                flush(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        threads.forEach(thread -> dirty.add(Optional.empty()));
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
