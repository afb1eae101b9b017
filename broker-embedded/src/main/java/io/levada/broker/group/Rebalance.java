/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.Outcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a group from one generation to the next: all members join again (or are left behind when the rebalance timeout is over), the leader assigns,
 * everybody is told. A step gives the records to append, if the group is left without members; a generation with members is written when its leader
 * has assigned ({@link Sync}). Owned by the coordinator thread.
 */
final class Rebalance {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rebalance.class);
    /** When to write again that a group is empty, after that could not be written. */
    private static final long EMPTY_RETRY_MS = 10_000;

    private final Sessions sessions;
    private final InstantSource clock;
    private final long firstDelayMs;

    Rebalance(Timers timers, InstantSource clock, long firstDelayMs) {
        this.sessions = new Sessions(timers, this::expired);
        this.clock = clock;
        this.firstDelayMs = firstDelayMs;
    }

    Sessions sessions() {
        return sessions;
    }

    /** A member has joined, or changed what it offers: a rebalance begins, or the present one may be complete. */
    List<SimpleRecord> advance(Group group) {
        return group.is(GroupState.PREPARING_REBALANCE) ? completeIfAllJoined(group) : prepare(group);
    }

    /** A member left: those who remain go on without. */
    List<SimpleRecord> advanceWithout(Group group) {
        return group.is(GroupState.EMPTY) ? List.of() : advance(group);
    }

    /** An id that was given out is taken back: a rebalance waits for it no more, and a group that has none stays as it is. */
    List<SimpleRecord> retracted(Group group) {
        return group.is(GroupState.PREPARING_REBALANCE) ? completeIfAllJoined(group) : List.of();
    }

    /** A decision that consists of steps of a rebalance. */
    <R> Decision<R> decided(Group group, List<SimpleRecord> records, R reply) {
        return records.isEmpty()
                ? Decision.reply(reply)
                : Decision.of(records, reply).then(storedOrLater(group));
    }

    /** Removes a member and tells it so, if it waits for an answer. The rebalance is up to the caller. */
    void dismiss(Group group, Member member) {
        group.remove(member);
        member.joined(joinError(Errors.UNKNOWN_MEMBER_ID));
        member.synced(syncError(Errors.UNKNOWN_MEMBER_ID));
    }

    /** What a member is told of the present generation. */
    JoinGroupResponseData joinAnswer(Group group, Member member) {
        return new JoinGroupResponseData()
                .setMemberId(member.id())
                .setGenerationId(group.generation())
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setLeader(String.valueOf(group.leader()))
                .setMembers(group.isLeader(member.id()) ? membersFor(group) : List.of());
    }

    /** The members as the leader needs them to assign. */
    List<JoinGroupResponseMember> membersFor(Group group) {
        List<JoinGroupResponseMember> members = new ArrayList<>();
        for (Member member : group.members()) {
            members.add(new JoinGroupResponseMember()
                    .setMemberId(member.id())
                    .setGroupInstanceId(member.instanceId())
                    .setMetadata(member.metadata(group.protocol())));
        }
        return members;
    }

    /** The record of what the group is now. */
    SimpleRecord record(Group group) {
        return GroupRecords.group(group.id(), group.snapshot(clock.millis()));
    }

    /** Tells all members that wait for their assignment that they have to join again, or why there is none. */
    void turnAway(Group group, Errors why) {
        for (Member member : group.members()) {
            member.unassign();
            member.synced(syncError(why));
        }
    }

    private List<SimpleRecord> prepare(Group group) {
        boolean first = group.is(GroupState.EMPTY);
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            turnAway(group, Errors.REBALANCE_IN_PROGRESS);
        }
        // Of a generation that is written and not yet durable, members may wait for their assignment.
        group.members().forEach(member -> member.synced(syncError(Errors.REBALANCE_IN_PROGRESS)));
        group.prepareRebalance();
        LOGGER.atInfo()
                .addKeyValue("group", group.id())
                .addKeyValue("generation", group.generation())
                .addKeyValue("members", group.members().size())
                .log("rebalance begins");
        if (first && firstDelayMs > 0) {
            group.delayFirstRebalance(true);
            delayFirst(group, group.rebalanceTimeoutMs());
            return List.of();
        }
        group.timer(sessions.after(group.rebalanceTimeoutMs(), group, () -> timedOut(group)));
        return completeIfAllJoined(group);
    }

    /** Waits for more members as long as some come (KIP-134). */
    private void delayFirst(Group group, long leftMs) {
        long delayMs = Math.min(firstDelayMs, leftMs);
        group.takeNewMemberFlag();
        group.timer(sessions.after(delayMs, group, () -> {
            if (group.takeNewMemberFlag() && leftMs > delayMs) {
                delayFirst(group, leftMs - delayMs);
                return Decision.reply(true);
            }
            group.delayFirstRebalance(false);
            return timedOut(group);
        }));
    }

    private List<SimpleRecord> completeIfAllJoined(Group group) {
        return !group.isDelayingFirstRebalance() && group.allJoined() ? complete(group) : List.of();
    }

    private Decision<?> timedOut(Group group) {
        return decided(group, complete(group), true);
    }

    private List<SimpleRecord> complete(Group group) {
        group.timer(null);
        for (Member member : group.members()) {
            if (!member.isJoining() && member.instanceId() == null) {
                dismiss(group, member);
            }
        }
        if (group.hasMembers() && !group.electJoinedLeader()) {
            // Static members only, none of them back yet: their sessions decide how long they are waited for.
            group.timer(sessions.after(group.rebalanceTimeoutMs(), group, () -> timedOut(group)));
            return List.of();
        }
        group.nextGeneration();
        if (group.is(GroupState.EMPTY)) {
            return List.of(record(group));
        }
        for (Member member : group.members()) {
            member.joined(joinAnswer(group, member));
            sessions.restart(group, member);
        }
        group.timer(sessions.after(group.rebalanceTimeoutMs(), group, () -> dropWhoDidNotSync(group)));
        return List.of();
    }

    private Decision<?> dropWhoDidNotSync(Group group) {
        boolean dropped = false;
        for (String id : group.notSynced()) {
            group.find(id).ifPresent(member -> dismiss(group, member));
            dropped = true;
        }
        return decided(group, dropped ? advanceWithout(group) : List.of(), true);
    }

    private Decision<?> expired(Group group, Member member) {
        LOGGER.atInfo()
                .addKeyValue("group", group.id())
                .addKeyValue("member", member.id())
                .log("member removed: its session is over");
        dismiss(group, member);
        return decided(group, advanceWithout(group), true);
    }

    /** Nobody waits for the record that a group is empty: it is written again until the log takes it, or there are members again. */
    private Outcome storedOrLater(Group group) {
        return new Outcome() {
            @Override
            public void failed(ApiException failure) {
                LOGGER.atWarn()
                        .addKeyValue("group", group.id())
                        .addKeyValue("error", failure.toString())
                        .log("that the group is empty could not be written; it is tried again");
                group.timer(sessions.after(EMPTY_RETRY_MS, group, () -> storeEmptiness(group)));
            }
        };
    }

    private Decision<?> storeEmptiness(Group group) {
        return group.is(GroupState.EMPTY) && !group.emptinessIsStored()
                ? decided(group, List.of(record(group)), true)
                : Decision.reply(true);
    }

    private static JoinGroupResponseData joinError(Errors error) {
        return new JoinGroupResponseData().setErrorCode(error.code());
    }

    private static SyncGroupResponseData syncError(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
