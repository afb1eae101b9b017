/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The threads that commit source offsets: a few, because a commit waits for its brokers. */
final class FlushThreads implements AutoCloseable {
    private static final int THREADS = 4;

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "levada-offset-flush");
        thread.setDaemon(true);
        return thread;
    });

    ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
