/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.offsets.OffsetStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the offsets of one source task. Called by the flushing thread at its interval and by the task's thread at the
 * end; guarded so that the two never overlap. Offsets of a commit that failed stay and go with the next.
 */
final class OffsetCommit {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetCommit.class);

    private final TaskId id;
    private final SourceTask task;
    private final InFlight inFlight;
    private final OffsetStore store;
    private final Duration timeout;
    private final TaskMeter meter;
    private final Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> uncommitted = new LinkedHashMap<>();

    OffsetCommit(TaskId id, SourceTask task, InFlight inFlight, OffsetStore store, Duration timeout, TaskMeter meter) {
        this.id = id;
        this.task = task;
        this.inFlight = inFlight;
        this.store = store;
        this.timeout = timeout;
        this.meter = meter;
    }

    /**
     * Writes what may be committed, waits until the brokers hold it, and tells the task. Nothing new writes nothing.
     *
     * @return whether all that could be committed is
     */
    synchronized boolean run() throws InterruptedException {
        long startNanos = System.nanoTime();
        uncommitted.putAll(inFlight.takeCommittable());
        if (uncommitted.isEmpty()) {
            meter.committed(System.nanoTime() - startNanos, true); // As Kafka Connect: nothing to do is done.
            return true;
        }
        try {
            store.write(id.connector(), uncommitted)
                    .toCompletableFuture()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            uncommitted.clear();
        } catch (ExecutionException | TimeoutException | ConnectException e) {
            meter.committed(System.nanoTime() - startNanos, false);
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            LOGGER.atError()
                    .addKeyValue("connector", id.connector())
                    .addKeyValue("task", id.task())
                    .addKeyValue("partitions", uncommitted.size())
                    .addKeyValue("timeoutMs", timeout.toMillis())
                    .addKeyValue("error", cause.toString())
                    .log("offsets could not be committed, they go with the next commit");
            return false;
        }
        meter.committed(System.nanoTime() - startNanos, true);
        task.commit();
        return true;
    }
}
