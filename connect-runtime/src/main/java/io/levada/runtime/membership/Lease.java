/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.time.Duration;

/**
 * Until when a member may count on its place without having heard from the brokers. They give it to others once a session has passed without
 * a heartbeat; it ends a margin before that, counted from when the last one that was answered was sent, so that what runs here has stopped
 * by then. Safe for use by any thread.
 *
 * <p>While a request to join waits for its answer no heartbeats are sent, and the brokers wait for the slowest member for as long as the
 * group's time-out says, plus a session if this one does not take the answer: the lease ends a margin before that.
 */
final class Lease {
    private final long termNanos;
    private final long joinNanos;
    private boolean held;
    private long untilNanos;

    Lease(Duration session, Duration rebalance) {
        // Time for tasks to stop in; a session must survive a heartbeat that gets lost all the same.
        Duration margin = session.dividedBy(5);
        this.termNanos = session.minus(margin).toNanos();
        this.joinNanos = rebalance.toNanos() + termNanos;
    }

    /** The brokers have answered what was sent then: this worker is a member. */
    synchronized void renew(long sentNanos) {
        extend(sentNanos + termNanos);
    }

    /** This worker asks to join. Without a lease it has none after that either: it has nothing to lose. */
    synchronized void joining(long sentNanos) {
        if (isHeld(sentNanos)) {
            extend(sentNanos + joinNanos);
        }
    }

    /** The brokers have answered that. */
    synchronized void joined(long nowNanos) {
        held = true;
        untilNanos = nowNanos + termNanos;
    }

    /** What this worker asked to join was not answered, or it was not let in. */
    synchronized void notJoined(long nowNanos) {
        if (held && untilNanos - nowNanos > termNanos) {
            untilNanos = nowNanos + termNanos;
        }
    }

    private void extend(long until) {
        if (!held || until - untilNanos > 0) {
            untilNanos = until;
        }
        held = true;
    }

    /** Whether this worker has its place still. */
    synchronized boolean isHeld(long nowNanos) {
        return held && untilNanos - nowNanos > 0;
    }

    /** Gives it up. */
    synchronized void end() {
        held = false;
    }
}
