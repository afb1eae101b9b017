/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.ErrorMeter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the stages of one task's records under its {@code errors.*} settings: a retriable failure is tried again within
 * {@code errors.retry.timeout}; what then still fails is skipped and reported under {@code errors.tolerance=all}, and
 * ends the task otherwise. Used by the task's thread.
 */
public final class FailurePolicy {
    private static final long FIRST_DELAY_MS = 300;
    private static final int DOUBLINGS_MAX = 30;

    private final TaskId task;
    private final ErrorSettings settings;
    private final FailureReporter reports;
    private final RetryClock clock;
    private final Consumer<CompletableFuture<Void>> pendingReports;
    private final ErrorMeter meter;

    /**
     * @param clock by which retries wait; its waits end when the task is to stop
     * @param pendingReports is told of every report under way, so that no offset is committed before it is safe
     */
    public FailurePolicy(
            TaskId task,
            ErrorSettings settings,
            FailureReporter reports,
            RetryClock clock,
            Consumer<CompletableFuture<Void>> pendingReports,
            ErrorMeter meter) {
        this.task = task;
        this.settings = settings;
        this.reports = reports;
        this.clock = clock;
        this.pendingReports = pendingReports;
        this.meter = meter;
    }

    /** What is being processed: coordinates in words, made only if needed, and the record as consumed (sinks). */
    public record Subject(Supplier<String> where, @Nullable ConsumerRecord<byte[], byte[]> consumed) {}

    /**
     * Runs an operation.
     *
     * @return its result; empty if the record is skipped
     * @throws ConnectException if the task must fail
     * @throws InterruptedException if the task is to stop while the record waits for its next try: it is neither skipped nor done then
     */
    public <T extends @Nullable Object> Outcome<T> run(
            Stage stage, String plugin, Subject subject, Operation<T> operation) throws InterruptedException {
        long startNanos = clock.nanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return new Outcome<>(false, operation.run());
            } catch (RetriableException e) {
                meter.failed();
                if (!mayRetry(startNanos, attempt)) {
                    return failed(failure(stage, plugin, subject, operation, e, attempt), stage);
                }
                meter.retried();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) { // also checked ones, which Scala and Kotlin let through
                meter.failed();
                return failed(failure(stage, plugin, subject, operation, e, attempt), stage);
            }
        }
    }

    /** What became of an operation; the result counts only if the record was not skipped. */
    public record Outcome<T extends @Nullable Object>(
            boolean skipped, @Nullable T result) {}

    /** A failure outside an operation, such as a record that a sink task itself gives back (KIP-610). */
    public CompletableFuture<Void> tolerate(Failure failure) {
        meter.gaveBack();
        if (!settings.tolerateAll()) {
            throw new ConnectException(failure.describe(), failure.cause());
        }
        return report(failure);
    }

    private CompletableFuture<Void> report(Failure failure) {
        CompletableFuture<Void> report = reports.report(failure);
        pendingReports.accept(report);
        return report;
    }

    /** Whether a failed send is skipped; used by producers' threads. */
    public boolean toleratesAll() {
        return settings.tolerateAll();
    }

    private <T extends @Nullable Object> Outcome<T> failed(Failure failure, Stage stage) {
        meter.gaveUp();
        if (!stage.tolerable()) {
            throw new ConnectException(failure.describe(), failure.cause());
        }
        if (!settings.tolerateAll()) {
            throw new RecordFailedException(failure);
        }
        meter.skipped();
        var unused = report(failure);
        return new Outcome<>(true, null);
    }

    private Failure failure(
            Stage stage, String plugin, Subject subject, Operation<?> operation, Exception cause, int attempts) {
        String advice = operation.advice() + SchemasAdvice.forConverter(stage, cause);
        return new Failure(task, stage, plugin, subject.where.get(), subject.consumed, cause, attempts, advice);
    }

    /** Waits before the next try, unless time is up. */
    private boolean mayRetry(long startNanos, int attempt) throws InterruptedException {
        Duration timeout = settings.retryTimeout();
        long fullMs = Math.max(
                1,
                Math.min(
                        FIRST_DELAY_MS << Math.min(attempt - 1, DOUBLINGS_MAX),
                        settings.retryDelayMax().toMillis()));
        // Not all tasks of a connector come back at the same time.
        long delayMs = Math.max(1, ThreadLocalRandom.current().nextLong(fullMs / 2, fullMs + 1));
        if (!timeout.isNegative()) {
            long leftMs = timeout.toMillis() - TimeUnit.NANOSECONDS.toMillis(clock.nanos() - startNanos);
            if (leftMs <= 0) {
                return false;
            }
            delayMs = Math.min(delayMs, leftMs);
        }
        if (clock.await(Duration.ofMillis(delayMs))) {
            throw new InterruptedException("Task " + task + " is to stop while a record waits to be tried again");
        }
        return true;
    }
}
