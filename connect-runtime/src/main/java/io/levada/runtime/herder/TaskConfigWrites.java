/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.NotLeadingException;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.peers.GroupBusyException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the task configs that connectors make. Those of one connector take turns: whether they are news is known only once those before have come back
 * from the config topic. While the topic cannot be written for a reason that may pass they are tried again, as Kafka Connect does. Owned by the herder's
 * thread.
 */
final class TaskConfigWrites {
    private static final Logger LOGGER = LoggerFactory.getLogger(TaskConfigWrites.class);

    /** Longer than most outages: nothing but these writes tells that one is over. */
    private static final Duration DELAY_MAX = Duration.ofMinutes(1);

    /** A group has agreed soon, and tasks wait for it. */
    private static final Duration BUSY_DELAY = Duration.ofMillis(200);

    private static final Duration BUSY_DELAY_MAX = Duration.ofSeconds(5);
    private static final int BUSY_DOUBLINGS_MAX = 10;

    private final Supplier<ClusterConfig> snapshot;
    private final Leadership leadership;
    private final RestartPolicy retries;
    private final Executor thread;
    private final BiFunction<Duration, Runnable, Future<?>> after;
    private final Turns turns;
    /** Completes, for the newest write of each connector, when there is a newer one. */
    private final Map<ConnectorName, CompletableFuture<Void>> newest = new HashMap<>();

    /**
     * @param retries how long to wait between tries, of which there is no end; no wait is longer than a minute
     * @param thread the herder's
     * @param after runs something later, on the herder's thread
     */
    TaskConfigWrites(
            Supplier<ClusterConfig> snapshot,
            Leadership leadership,
            RestartPolicy retries,
            Executor thread,
            BiFunction<Duration, Runnable, Future<?>> after) {
        this.snapshot = snapshot;
        this.leadership = leadership;
        this.retries = retries.forWhatMayPass();
        this.thread = thread;
        this.after = after;
        this.turns = new Turns(thread);
    }

    /**
     * Writes them if they are news: tasks are not restarted for nothing.
     *
     * @param current whether the life of the connector that made them still is the one there is
     * @return completes once they are written, or need not be
     */
    CompletionStage<Void> write(ConnectorName name, List<Map<String, @Nullable String>> made, BooleanSupplier current) {
        CompletableFuture<Void> replaced = new CompletableFuture<>();
        CompletableFuture<Void> older = newest.put(name, replaced);
        if (older != null) {
            older.complete(null);
        }
        CompletionStage<Void> written = turns.take(name, () -> attempt(new Write(name, made, current, replaced), 0));
        CompletionStage<Void> unused =
                written.whenCompleteAsync((done, failure) -> newest.remove(name, replaced), thread);
        return written;
    }

    /** @param replaced done once a newer one waits for its turn: this one is not tried again then */
    private record Write(
            ConnectorName connector,
            List<Map<String, @Nullable String>> made,
            BooleanSupplier current,
            CompletableFuture<Void> replaced) {}

    private CompletionStage<Void> attempt(Write write, int failures) {
        ConnectorName name = write.connector;
        List<Map<String, @Nullable String>> made = write.made;
        if (!write.current.getAsBoolean() || !isNews(name, made)) {
            return CompletableFuture.completedFuture(null);
        }
        LOGGER.atInfo()
                .addKeyValue("connector", name)
                .addKeyValue("tasks", made.size())
                .log("task configs changed");
        return leadership
                .putTasks(name, made)
                .exceptionallyComposeAsync(
                        failure -> Failures.mayPass(failure)
                                ? again(write, failures, Failures.unwrap(failure))
                                : CompletableFuture.failedFuture(failure),
                        thread);
    }

    private Duration delay(int failures, Throwable why) {
        if (isOfGroup(why)) {
            Duration doubled = BUSY_DELAY.multipliedBy(1L << Math.min(failures, BUSY_DOUBLINGS_MAX));
            return doubled.compareTo(BUSY_DELAY_MAX) < 0 ? doubled : BUSY_DELAY_MAX;
        }
        Duration backoff = retries.delayAfter(failures);
        return backoff.compareTo(DELAY_MAX) < 0 ? backoff : DELAY_MAX;
    }

    private static boolean isOfGroup(Throwable why) {
        return why instanceof GroupBusyException || why instanceof NotLeadingException;
    }

    private boolean isNews(ConnectorName name, List<Map<String, @Nullable String>> made) {
        ClusterConfig.Entry entry = snapshot.get().connectors().get(name);
        return entry != null
                && entry.target() == TargetState.STARTED
                && !(entry.tasks().equals(made) && entry.config().equals(entry.appliedConfig()));
    }

    private CompletionStage<Void> again(Write write, int failures, Throwable why) {
        Duration delay = delay(failures, why);
        // Each new connector makes the group agree anew, which is over soon: nobody has to know.
        boolean isUsual = isOfGroup(why) && delay.compareTo(BUSY_DELAY_MAX) < 0;
        LOGGER.atLevel(isUsual ? Level.INFO : Level.WARN)
                .addKeyValue("connector", write.connector)
                .addKeyValue("error", String.valueOf(why.getMessage()))
                .addKeyValue("failures", failures + 1)
                .addKeyValue("retryInMs", delay.toMillis())
                .log("task configs cannot be written now, trying again");
        CompletableFuture<Void> due = new CompletableFuture<>();
        Future<?> timer = after.apply(delay, () -> due.complete(null));
        return CompletableFuture.anyOf(due, write.replaced).thenCompose(now -> {
            timer.cancel(false);
            return write.replaced.isDone() ? CompletableFuture.completedFuture(null) : attempt(write, failures + 1);
        });
    }
}
