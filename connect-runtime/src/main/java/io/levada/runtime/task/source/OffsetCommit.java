/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the offsets of one source task. Called by the flushing thread at its interval and by whoever ends the task;
 * guarded so that the two never overlap. Offsets of a commit that failed stay and go with the next.
 */
final class OffsetCommit {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetCommit.class);

    private final TaskLog log;
    private final PluginNotes notes;
    private final InFlight inFlight;
    private final ConnectorOffsets store;
    private final Duration timeout;
    private final TaskMeter meter;
    private final TaskThreads threads;
    private final Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> uncommitted = new LinkedHashMap<>();
    /** Held for the moment in which a write is handed over, so that none can follow a cancellation; never while waiting. */
    private final Object fence = new Object();

    private boolean cancelled;

    OffsetCommit(
            TaskLog log,
            PluginNotes notes,
            InFlight inFlight,
            ConnectorOffsets store,
            Duration timeout,
            TaskMeter meter,
            TaskThreads threads) {
        this.log = log;
        this.notes = notes;
        this.inFlight = inFlight;
        this.store = store;
        this.timeout = timeout;
        this.meter = meter;
        this.threads = threads;
    }

    /**
     * Writes what may be committed, waits until the brokers hold it, and tells the task, also if there was nothing new to
     * write, as Kafka Connect does. Does nothing once cancelled.
     *
     * @return whether all that could be committed is
     */
    synchronized boolean run() throws InterruptedException {
        long startNanos = System.nanoTime();
        uncommitted.putAll(inFlight.takeCommittable());
        boolean written = written();
        meter.committed(System.nanoTime() - startNanos, written); // As Kafka Connect: nothing to do is done.
        if (!written || isCancelled()) {
            return false;
        }
        notes.committed();
        return true;
    }

    /** As {@link #run}, unless nobody wants it any more when its turn comes: the last one, which it may have waited for, stays the last. */
    synchronized void runIf(BooleanSupplier wanted) throws InterruptedException {
        if (wanted.getAsBoolean()) {
            boolean unused = run();
        }
    }

    /** From now on nothing is committed any more: the task was given up, and another may stand where it stood. Does not block. */
    void cancel() {
        synchronized (fence) {
            cancelled = true;
            store.endWrites(); // What has begun may have further steps.
        }
    }

    private boolean isCancelled() {
        synchronized (fence) {
            return cancelled;
        }
    }

    private boolean written() throws InterruptedException {
        if (uncommitted.isEmpty()) {
            return true;
        }
        try {
            CompletionStage<Void> writing = write();
            if (writing == null) {
                return false;
            }
            var unused = threads.get(writing, timeout);
            uncommitted.clear();
            return true;
        } catch (ExecutionException | TimeoutException | ConnectException e) {
            if (isCancelled()) {
                return false; // That is why, or nobody waits for it any more.
            }
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            log.error(LOGGER.atError(), cause)
                    .addKeyValue("partitions", uncommitted.size())
                    .addKeyValue("timeoutMs", timeout.toMillis())
                    .log("offsets could not be committed, they go with the next commit");
            return false;
        }
    }

    private @Nullable CompletionStage<Void> write() {
        synchronized (fence) {
            return cancelled ? null : store.write(uncommitted);
        }
    }
}
