/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Waits until the tasks of a stopped connector have come to their ends. That they are to stop is known at once, but the last commit of one
 * that is still at it would undo what is done to its offsets meanwhile. Owned by the herder's thread.
 */
final class StoppedTasks {
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** Beyond the time in which tasks stop or are given up: they need a moment to be gone then. */
    private static final Duration MARGIN = Duration.ofSeconds(2);
    /** Within the time in which REST answers. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final Function<ConnectorName, SortedSet<TaskId>> unfinished;
    private final BiFunction<Duration, Runnable, Future<?>> after;
    private final long looks;

    /**
     * @param unfinished the tasks of a connector that have not come to their ends
     * @param after runs something later, on the herder's thread
     * @param patience how long tasks may take to stop
     */
    StoppedTasks(
            Function<ConnectorName, SortedSet<TaskId>> unfinished,
            BiFunction<Duration, Runnable, Future<?>> after,
            Duration patience) {
        this.unfinished = unfinished;
        this.after = after;
        Duration wait = patience.plus(MARGIN);
        this.looks = (wait.compareTo(WAIT_MAX) < 0 ? wait : WAIT_MAX).dividedBy(PAUSE);
    }

    /**
     * Completes on the herder's thread.
     *
     * @param purpose what is to be done, for the failure if tasks do not end: "alter" or "reset"
     */
    CompletionStage<Void> await(ConnectorName name, String purpose) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        look(name, purpose, looks, over);
        return over;
    }

    private void look(ConnectorName name, String purpose, long more, CompletableFuture<Void> over) {
        SortedSet<TaskId> open = unfinished.apply(name);
        if (open.isEmpty()) {
            over.complete(null);
        } else if (more <= 0) {
            over.completeExceptionally(
                    new ConnectException(message(name, purpose) + " Tasks that have not ended: " + open + "."));
        } else {
            var unused = after.apply(PAUSE, () -> look(name, purpose, more - 1, over));
        }
    }

    /** Why offsets cannot be changed now, as Kafka Connect says it. */
    static String message(ConnectorName name, String purpose) {
        return "Failed to " + purpose + " the offsets of connector " + name
                + " because its tasks haven't stopped completely yet, or it was resumed meanwhile."
                + " If the connector is in a stopped state, this operation can be safely retried."
                + " If it doesn't eventually succeed, restart the worker to get rid of the zombie tasks.";
    }
}
