/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;

/** Reports of skipped records that are on their way. No offset is committed over a record whose report may be lost. */
final class PendingReports {
    private final Queue<CompletableFuture<Void>> reports = new ConcurrentLinkedQueue<>();

    /** Any thread. */
    void add(CompletableFuture<Void> report) {
        reports.removeIf(known -> known.isDone() && !known.isCompletedExceptionally());
        if (!report.isDone() || report.isCompletedExceptionally()) {
            reports.add(report);
        }
    }

    /**
     * Waits until all reports are safe.
     *
     * @return false if some still are not after {@code time}
     * @throws ConnectException if one could not be made
     */
    boolean await(Duration time) throws InterruptedException {
        long endNanos = System.nanoTime() + time.toNanos();
        for (CompletableFuture<Void> report = reports.peek(); report != null; report = reports.peek()) {
            try {
                report.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                CompletableFuture<Void> safe = report;
                reports.removeIf(known -> known == safe);
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new ConnectException("A skipped record could not be reported: " + e.getCause(), e);
            }
        }
        return true;
    }
}
