/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.time.Duration;

/**
 * Until when a member may count on its place without having heard from the brokers. They give it to others once a session has passed without a
 * sign of life; it ends a margin before that, counted from when the last sign was sent that they took as a member's, so that what runs here has
 * time to stop. Nothing else extends it: of what was not answered nobody knows. Safe for use by any thread.
 */
final class Lease {
    private final long termNanos;
    private boolean held;
    private long untilNanos;

    Lease(Duration session) {
        // Time for tasks to stop in; a session must survive a heartbeat that gets lost all the same.
        this.termNanos = session.minus(session.dividedBy(5)).toNanos();
    }

    /** The brokers have answered what was sent then: this worker is a member. */
    synchronized void renew(long sentNanos) {
        long until = sentNanos + termNanos;
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
