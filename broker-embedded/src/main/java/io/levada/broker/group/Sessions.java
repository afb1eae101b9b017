/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The timers that end the membership of who is no longer heard of. They run on the coordinator thread, which is also who sets them. */
final class Sessions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Sessions.class);
    /** How long a member may take to come back with the id it was given, or wait for its first generation. */
    private static final long FIRST_JOIN_MS = 5L * 60 * 1000;

    private final ScheduledExecutorService coordinator;
    private final BiConsumer<Group, Member> expired;

    /**
     * The timers.
     *
     * @param expired told of a member that was silent for its session
     */
    Sessions(ScheduledExecutorService coordinator, BiConsumer<Group, Member> expired) {
        this.coordinator = coordinator;
        this.expired = expired;
    }

    /** The member was heard of: its session begins anew. */
    void restart(Group group, Member member) {
        long limit = member.isNew() ? FIRST_JOIN_MS : member.sessionTimeoutMs();
        member.session(after(limit, () -> expire(group, member)));
    }

    /** Runs a step of a group after a while, on the coordinator thread. */
    ScheduledFuture<?> after(long delayMs, Runnable step) {
        return coordinator.schedule(() -> guarded(step), delayMs, TimeUnit.MILLISECONDS);
    }

    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            // Nobody looks at the future of a timer, so this is the last chance to tell.
            LOGGER.atError().setCause(e).log("a step of a rebalance failed");
        }
    }

    private void expire(Group group, Member member) {
        // Who waits for an answer of ours cannot be expected to send heartbeats; the rebalance has a limit of its own.
        boolean waitsForUs = member.isSyncing() || (member.isJoining() && !member.isNew());
        if (!waitsForUs) {
            expired.accept(group, member);
        }
    }
}
