/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.diagnosis.TellingCause;
import io.levada.runtime.lifecycle.FailureReport.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When what has failed is started again, by policy: later each time, sooner if the cause may pass by itself, and anew
 * from the start after a healthy spell. And when an attempt counts as healthy: once it has done work, or could have for
 * longer than those before it needed to fail. Work that was followed by another failure proves nothing any more in that
 * row, so that what fails again and again does not flap. Owned by the herder's thread.
 *
 * @param <K> connectors or tasks
 */
final class RestartSchedule<K> {
    private final Timer timer;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Map<K, History> histories = new HashMap<>();

    RestartSchedule(Timer timer, LongSupplier nanoTime, InstantSource clock) {
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    private static final class History {
        private int restarts;
        private Duration delay = Duration.ZERO;
        private @Nullable Instant firstFailedAt;
        private String firstCause = "";
        /** Null while it is healthy, as far as is known. */
        private @Nullable Failed open;

        /** Null while it cannot do what it is for: before it is ready, while it keeps still, and while it closes. */
        private @Nullable Long readySinceNanos;
        /** How long this life could, without the time since then. */
        private Duration ready = Duration.ZERO;
        /** Whether this life has done work. */
        private boolean worked;
        /** Whether work has closed a failure of this row and another one followed. */
        private boolean workDeceived;
        /** The longest time in which a life of this row could work, did not, and failed. */
        private Duration longestIdleRun = Duration.ZERO;
        /** The restart, or the end of an attempt's probation. */
        private @Nullable Future<?> next;
    }

    private record Failed(FailureReport report, String trace) {}

    /**
     * It runs.
     *
     * @return whether it is healthy as far as is known; false if it has failed before and has to prove it
     */
    boolean running(K key) {
        History history = histories.computeIfAbsent(key, first -> new History());
        Failed open = history.open;
        if (open == null) {
            return true;
        }
        String advice = FailureTexts.trying(open.report, clock.instant());
        history.open = new Failed(trying(open.report, advice), open.trace);
        cancel(history);
        return false;
    }

    /**
     * It can do what it is for from now on. Time before that proves nothing: a sink waits for its partitions, which takes longer the more others are in
     * its group.
     *
     * @param onHealthy called if the time that passes proves it healthy
     */
    void ready(K key, RestartPolicy policy, Runnable onHealthy) {
        History history = histories.get(key);
        if (history == null) {
            return;
        }
        if (history.readySinceNanos == null) {
            history.readySinceNanos = nanoTime.getAsLong();
        }
        if (history.open == null) {
            return;
        }
        cancel(history);
        history.next = timer.after(probation(history, policy), () -> {
            history.open = null;
            onHealthy.run();
        });
    }

    /** It is about to end, however long that takes: no time proves it healthy any more. */
    void closing(K key) {
        History history = histories.get(key);
        if (history != null) {
            notReady(history);
            cancel(history);
        }
    }

    /** It keeps still, which proves nothing. */
    void still(K key) {
        History history = histories.get(key);
        if (history != null) {
            notReady(history);
            cancel(history);
            Failed open = history.open;
            if (open != null) {
                history.open = new Failed(trying(open.report, FailureTexts.still(open.report)), open.trace);
            }
        }
    }

    /** It has done what it is for. True if that is what was waited for: from now on it is healthy. */
    boolean worked(K key) {
        History history = histories.get(key);
        if (history == null) {
            return false;
        }
        history.worked = true;
        if (history.open == null || history.workDeceived) {
            return false;
        }
        history.open = null;
        cancel(history);
        return true;
    }

    /** It has failed: plans the restart that the policy allows, unless the cause is one that stays. */
    FailureReport failed(K key, RestartPolicy policy, KnownFailure failure, Optional<String> fatal, Runnable restart) {
        History history = histories.computeIfAbsent(key, first -> new History());
        String trace = failure.trace();
        note(history, policy, TellingCause.of(trace));
        cancel(history);
        Instant now = clock.instant();
        FailureReport report;
        if (fatal.isPresent() || !policy.allows(history.restarts)) {
            String advice = fatal.map(FailureTexts::fatal).orElseGet(() -> FailureTexts.noMore(policy));
            report = report(history, policy, Phase.GIVEN_UP, now, null, TellingCause.of(trace), advice);
        } else {
            history.delay = effective(policy, failure).delayAfter(history.restarts);
            history.restarts++;
            history.next = timer.after(history.delay, restart);
            Instant next = now.plus(history.delay);
            String advice = FailureTexts.planned(history.restarts, policy, next);
            report = report(history, policy, Phase.WAITING, now, next, TellingCause.of(trace), advice);
        }
        history.open = new Failed(report, trace);
        return report;
    }

    /** Takes down what this life was, and whether a new row of failures begins. */
    private void note(History history, RestartPolicy policy, String cause) {
        notReady(history);
        Duration run = history.ready;
        if (run.compareTo(policy.healthy()) >= 0) {
            history.restarts = 0;
            history.firstFailedAt = null;
            history.workDeceived = false;
            history.longestIdleRun = Duration.ZERO;
        } else {
            history.workDeceived |= history.worked && history.restarts > 0;
            boolean idle = !history.worked || history.workDeceived;
            if (idle && run.compareTo(history.longestIdleRun) > 0) {
                history.longestIdleRun = run;
            }
        }
        if (history.firstFailedAt == null) {
            history.firstFailedAt = clock.instant();
            history.firstCause = cause;
        }
        history.ready = Duration.ZERO;
        history.worked = false;
    }

    private void notReady(History history) {
        Long since = history.readySinceNanos;
        if (since != null) {
            history.ready = history.ready.plusNanos(nanoTime.getAsLong() - since);
            history.readySinceNanos = null;
        }
    }

    /** What is known of a failure; empty if it is healthy. */
    Optional<FailureReport> failure(K key) {
        History history = histories.get(key);
        return history == null
                ? Optional.empty()
                : Optional.ofNullable(history.open).map(Failed::report);
    }

    /** What status shows of a failure: the newest stack trace, then what follows. */
    String trace(K key) {
        History history = histories.get(key);
        Failed open = history == null ? null : history.open;
        return open == null ? "" : open.trace + FailureTexts.belowTrace(open.report);
    }

    /** It is gone, or started again by hand: nothing is planned and nothing held against it. */
    void forget(K key) {
        History history = histories.remove(key);
        if (history != null) {
            cancel(history);
        }
    }

    private static Duration probation(History history, RestartPolicy policy) {
        Duration twice = history.longestIdleRun.multipliedBy(2);
        Duration longer = twice.compareTo(history.delay) > 0 ? twice : history.delay;
        return longer.compareTo(policy.healthy()) < 0 ? longer : policy.healthy();
    }

    private static FailureReport trying(FailureReport report, String advice) {
        return new FailureReport(
                Phase.TRYING,
                report.attempt(),
                report.attemptsMax(),
                report.firstFailedAt(),
                report.lastFailedAt(),
                null,
                report.firstCause(),
                report.lastCause(),
                advice);
    }

    private static FailureReport report(
            History history,
            RestartPolicy policy,
            Phase phase,
            Instant now,
            @Nullable Instant next,
            String cause,
            String advice) {
        Instant first = history.firstFailedAt == null ? now : history.firstFailedAt;
        return new FailureReport(
                phase, history.restarts, policy.restartsMax(), first, now, next, history.firstCause, cause, advice);
    }

    private static RestartPolicy effective(RestartPolicy policy, KnownFailure failure) {
        return failure.mayPass() ? policy.forWhatMayPass() : policy;
    }

    private static void cancel(History history) {
        if (history.next != null) {
            history.next.cancel(false);
            history.next = null;
        }
    }
}
