/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The timers that end the membership of who is no longer heard of. Owned by the coordinator thread. */
final class Sessions {
    /** How long a member may take to come back with the id it was given, or wait for its first generation. */
    private static final long FIRST_JOIN_MS = 5L * 60 * 1000;

    private final Timers timers;
    private final BiFunction<Group, Member, Decision<?>> expired;

    /**
     * The timers.
     *
     * @param expired decides what becomes of a member that was silent for its session
     */
    Sessions(Timers timers, BiFunction<Group, Member, Decision<?>> expired) {
        this.timers = timers;
        this.expired = expired;
    }

    /** The member was heard of: its session begins anew. */
    void restart(Group group, Member member) {
        long limit = member.isNew() ? FIRST_JOIN_MS : member.sessionTimeoutMs();
        member.session(after(limit, group, () -> expire(group, member)));
    }

    /** Decides a step of a group after a while. */
    Future<?> after(long delayMs, Group group, Supplier<Decision<?>> step) {
        return timers.after(delayMs, group.id(), step);
    }

    private Decision<?> expire(Group group, Member member) {
        // Who waits for an answer of ours cannot be expected to send heartbeats; the rebalance has a limit of its own.
        boolean waitsForUs = member.isSyncing() || (member.isJoining() && !member.isNew());
        if (!waitsForUs) {
            return expired.apply(group, member);
        }
        // Not every answer begins its session anew, and a static member without one would be waited for for ever.
        restart(group, member);
        return Decision.reply(false);
    }
}
