/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.thread.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Does the same to many partitions at once, on a bounded number of threads that end with it: most of the time each waits for the disk. */
final class Parallel {
    private final String threadName;
    private final int threadCount;
    private final Threads threads;

    Parallel(String threadName, int threadCount, Threads threads) {
        this.threadName = threadName;
        this.threadCount = threadCount;
        this.threads = threads;
    }

    /**
     * Runs all tasks and returns their results in order.
     *
     * @throws IOException or the unchecked exception of the first task that failed, after all have ended
     */
    <T> List<T> run(List<Callable<T>> tasks) throws IOException {
        ExecutorService executor = threads.pool(threadName, Math.max(1, Math.min(threadCount, tasks.size())));
        try {
            return results(executor.invokeAll(tasks));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in the middle of " + threadName, e);
        } finally {
            executor.shutdown();
        }
    }

    private <T> List<T> results(List<Future<T>> ended) throws IOException, InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> each : ended) {
            try {
                results.add(each.get());
            } catch (ExecutionException e) {
                throw unwrapped(e.getCause());
            }
        }
        return results;
    }

    private IOException unwrapped(@Nullable Throwable cause) {
        if (cause instanceof LogDirectoryException told) {
            throw told;
        }
        if (cause instanceof KafkaException told) {
            throw told;
        }
        return new IOException(threadName + " failed: " + cause, cause);
    }
}
