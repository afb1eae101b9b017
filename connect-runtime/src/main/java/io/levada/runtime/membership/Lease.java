/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.time.Duration;

/**
 * Until when a member may count on its place without having heard from the brokers. They give it to others once a session has passed without a
 * sign of life; it ends a margin before that, counted from when the last sign was sent that they took as a member's, so that what runs here has
 * time to stop. Nothing else extends it: of what was not answered nobody knows. While the group agrees anew, signs of life do not keep the place of
 * a member whose request to join is not there when the group's time for that is over, so that it ends a margin before that as well. Safe for use by any thread.
 */
final class Lease {
    private final long termNanos;
    private final long joinNanos;
    private boolean held;
    private long untilNanos;
    /** When something was sent last that the brokers took as a member's while the group did not agree. */
    private long agreedNanos;

    Lease(Duration session, Duration rebalance, Duration heartbeat) {
        // Time for tasks to stop in. A lease must outlast the time between two signs of life all the same, however rare
        // they are.
        Duration fifth = session.dividedBy(5);
        Duration spare = session.minus(heartbeat).dividedBy(2);
        Duration margin = spare.compareTo(fifth) < 0 ? spare : fifth;
        this.termNanos = session.minus(margin).toNanos();
        this.joinNanos = rebalance.minus(margin).toNanos();
    }

    /** The brokers have answered what was sent then: this worker is a member. */
    synchronized void renew(long sentNanos) {
        if (!held || sentNanos - agreedNanos > 0) {
            agreedNanos = sentNanos;
        }
        extend(sentNanos + termNanos);
    }

    /** The brokers have answered what was sent then: this worker is a member, and the group agrees anew. Whoever has no place does not win one by that. */
    synchronized void waitedFor(long sentNanos) {
        if (held) {
            long joinedBy = agreedNanos + joinNanos;
            long until = sentNanos + termNanos;
            extend(until - joinedBy > 0 ? joinedBy : until);
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
