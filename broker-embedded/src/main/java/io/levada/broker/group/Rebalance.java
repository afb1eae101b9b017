/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a group from one generation to the next: all members join again (or are left behind when the rebalance timeout is over), the leader assigns,
 * everybody is told. Owned by the coordinator thread.
 */
final class Rebalance {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rebalance.class);
    private final OffsetsTopic topic;
    private final Sessions sessions;
    private final InstantSource clock;
    private final long firstDelayMs;

    Rebalance(OffsetsTopic topic, ScheduledExecutorService coordinator, InstantSource clock, long firstDelayMs) {
        this.topic = topic;
        this.sessions = new Sessions(coordinator, this::expired);
        this.clock = clock;
        this.firstDelayMs = firstDelayMs;
    }

    Sessions sessions() {
        return sessions;
    }

    /** A member has joined, or changed what it offers: a rebalance begins, or the present one may be complete. */
    void advance(Group group) {
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeIfAllJoined(group);
        } else {
            prepare(group);
        }
    }

    /** A member is gone. */
    void remove(Group group, Member member) {
        dismiss(group, member);
        advanceWithout(group);
    }

    /** An id that was given out is taken back, or a member left: those who remain go on without. */
    void advanceWithout(Group group) {
        if (!group.is(GroupState.EMPTY)) {
            advance(group);
        }
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

    /** Writes what the group is now; completes once that is durable. */
    CompletableFuture<Void> store(Group group) {
        try {
            return topic.append(group.id(), List.of(GroupRecords.group(group.id(), group.stored(clock.millis()))));
        } catch (ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void prepare(Group group) {
        boolean first = group.is(GroupState.EMPTY);
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            for (Member member : group.members()) {
                member.unassign();
                member.synced(syncError(Errors.REBALANCE_IN_PROGRESS));
            }
        }
        group.prepareRebalance();
        LOGGER.atInfo()
                .addKeyValue("group", group.id())
                .addKeyValue("generation", group.generation())
                .addKeyValue("members", group.members().size())
                .log("rebalance begins");
        if (first && firstDelayMs > 0) {
            group.delayFirstRebalance(true);
            delayFirst(group, group.rebalanceTimeoutMs());
        } else {
            group.timer(sessions.after(group.rebalanceTimeoutMs(), () -> complete(group)));
            completeIfAllJoined(group);
        }
    }

    /** Waits for more members as long as some come (KIP-134). */
    private void delayFirst(Group group, long leftMs) {
        long delayMs = Math.min(firstDelayMs, leftMs);
        group.takeNewMemberFlag();
        group.timer(sessions.after(delayMs, () -> {
            if (group.takeNewMemberFlag() && leftMs > delayMs) {
                delayFirst(group, leftMs - delayMs);
            } else {
                group.delayFirstRebalance(false);
                complete(group);
            }
        }));
    }

    private void completeIfAllJoined(Group group) {
        if (!group.isDelayingFirstRebalance() && group.allJoined()) {
            complete(group);
        }
    }

    private void complete(Group group) {
        group.timer(null);
        for (Member member : group.members()) {
            if (!member.isJoining() && member.instanceId() == null) {
                dismiss(group, member);
            }
        }
        if (group.hasMembers() && !group.electJoinedLeader()) {
            // Static members only, none of them back yet: their sessions decide how long they are waited for.
            group.timer(sessions.after(group.rebalanceTimeoutMs(), () -> complete(group)));
            return;
        }
        group.nextGeneration();
        if (group.is(GroupState.EMPTY)) {
            CompletableFuture<Void> ignored = store(group).whenComplete((done, failure) -> logIfFailed(group, failure));
            return;
        }
        for (Member member : group.members()) {
            member.joined(joinAnswer(group, member));
            sessions.restart(group, member);
        }
        group.timer(sessions.after(group.rebalanceTimeoutMs(), () -> dropWhoDidNotSync(group)));
    }

    private void dropWhoDidNotSync(Group group) {
        boolean dropped = false;
        for (String id : group.notSynced()) {
            group.find(id).ifPresent(member -> dismiss(group, member));
            dropped = true;
        }
        if (dropped) {
            advanceWithout(group);
        }
    }

    private void expired(Group group, Member member) {
        LOGGER.atInfo()
                .addKeyValue("group", group.id())
                .addKeyValue("member", member.id())
                .log("member removed: its session is over");
        remove(group, member);
    }

    private static void logIfFailed(Group group, Throwable failure) {
        if (failure != null) {
            LOGGER.atWarn()
                    .addKeyValue("group", group.id())
                    .setCause(failure)
                    .log(
                            "that the group is empty could not be stored; a restart will find its last members and time them out");
        }
    }

    private static JoinGroupResponseData joinError(Errors error) {
        return new JoinGroupResponseData().setErrorCode(error.code());
    }

    private static SyncGroupResponseData syncError(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
