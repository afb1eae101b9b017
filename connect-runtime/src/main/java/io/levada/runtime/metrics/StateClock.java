/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.status.State;
import java.util.EnumMap;
import java.util.Map;

/** How long a task has been in which state. Guarded: the task changes it, whoever looks reads it. */
final class StateClock {
    private final Map<State, Long> spentMs = new EnumMap<>(State.class);
    private State state = State.UNASSIGNED;
    private long sinceMs;

    StateClock(long nowMs) {
        this.sinceMs = nowMs;
    }

    synchronized void enter(State next, long nowMs) {
        spentMs.merge(state, nowMs - sinceMs, Long::sum);
        state = next;
        sinceMs = nowMs;
    }

    /** The share of its life so far, 0 to 1, that was spent in a state. */
    synchronized double share(State asked, long nowMs) {
        long running = nowMs - sinceMs;
        long all = running;
        for (long spent : spentMs.values()) {
            all += spent;
        }
        if (all <= 0) {
            return asked == state ? 1 : 0;
        }
        long own = spentMs.getOrDefault(asked, 0L) + (asked == state ? running : 0);
        return (double) own / all;
    }
}
