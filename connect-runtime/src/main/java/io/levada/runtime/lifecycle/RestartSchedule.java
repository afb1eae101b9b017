/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.config.RestartPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When what has failed is started again, by policy: later each time, sooner if the cause may pass by itself, and anew
 * from the start after a healthy spell. Owned by the herder's thread.
 *
 * @param <K> connectors or tasks
 */
final class RestartSchedule<K> {
    private static final Duration FIRST_DELAY_OF_PASSING = Duration.ofSeconds(1);

    private final HerderThread thread;
    private final LongSupplier nanoTime;
    private final Map<K, History> records = new HashMap<>();

    private static final class History {
        private int restarts;
        private @Nullable Long runningSinceNanos;
        private @Nullable Future<?> next;
    }

    /** One planned restart: the {@code number}-th in a row, after {@code delay}. */
    record Planned(int number, Duration delay) {}

    RestartSchedule(HerderThread thread, LongSupplier nanoTime) {
        this.thread = thread;
        this.nanoTime = nanoTime;
    }

    /** It runs. */
    void running(K key) {
        History history = records.computeIfAbsent(key, first -> new History());
        if (history.runningSinceNanos == null) {
            history.runningSinceNanos = nanoTime.getAsLong();
        }
    }

    /** It has failed: plans the restart that the policy allows. */
    Optional<Planned> failed(K key, RestartPolicy policy, Throwable cause, Runnable restart) {
        History history = records.computeIfAbsent(key, first -> new History());
        if (history.runningSinceNanos != null
                && nanoTime.getAsLong() - history.runningSinceNanos
                        >= policy.healthy().toNanos()) {
            history.restarts = 0;
        }
        history.runningSinceNanos = null;
        if (!policy.allows(history.restarts)) {
            return Optional.empty();
        }
        Duration delay = effective(policy, cause).delayAfter(history.restarts);
        history.restarts++;
        cancel(history);
        history.next = thread.after(delay, restart);
        return Optional.of(new Planned(history.restarts, delay));
    }

    /** It is gone, or started again by hand: nothing is planned and nothing held against it. */
    void forget(K key) {
        History history = records.remove(key);
        if (history != null) {
            cancel(history);
        }
    }

    private static RestartPolicy effective(RestartPolicy policy, Throwable cause) {
        return Failures.mayPass(cause) && policy.delay().compareTo(FIRST_DELAY_OF_PASSING) > 0
                ? new RestartPolicy(policy.restartsMax(), FIRST_DELAY_OF_PASSING, policy.delayMax(), policy.healthy())
                : policy;
    }

    private static void cancel(History history) {
        if (history.next != null) {
            history.next.cancel(false);
            history.next = null;
        }
    }
}
