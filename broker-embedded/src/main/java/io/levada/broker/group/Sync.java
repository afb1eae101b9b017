/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.Outcome;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The rules of SyncGroup: the leader hands in the assignment, everybody gets a share once it is durable. Owned by the coordinator thread. */
final class Sync {
    private final Groups groups;
    private final Rebalance rebalance;
    private final InstantSource clock;

    Sync(Groups groups, Rebalance rebalance, InstantSource clock) {
        this.groups = groups;
        this.rebalance = rebalance;
        this.clock = clock;
    }

    Decision<CompletableFuture<SyncGroupResponseData>> sync(SyncGroupRequestData data) {
        Group group = groups.ofMember(data.groupId());
        Member member = group.validMember(data.memberId(), data.groupInstanceId());
        group.checkGeneration(data.generationId());
        checkProtocol(group, data.protocolType(), data.protocolName());
        return switch (group.state()) {
            case EMPTY -> throw new UnknownMemberIdException("group '" + group.id() + "' is empty");
            case PREPARING_REBALANCE -> throw new RebalanceInProgressException("group '" + group.id() + "' rebalances");
            case STABLE -> {
                told(group, member);
                yield Decision.reply(CompletableFuture.completedFuture(answer(group, member)));
            }
            case COMPLETING_REBALANCE -> await(group, member, data);
        };
    }

    private static void checkProtocol(Group group, @Nullable String type, @Nullable String name) {
        boolean typeFits = type == null || type.equals(group.protocolType());
        boolean nameFits = name == null || name.equals(group.protocol());
        if (!typeFits || !nameFits) {
            throw new InconsistentGroupProtocolException("group '" + group.id() + "' uses " + group.protocolType() + "/"
                    + group.protocol() + ", not " + type + "/" + name);
        }
    }

    private Decision<CompletableFuture<SyncGroupResponseData>> await(
            Group group, Member member, SyncGroupRequestData data) {
        CompletableFuture<SyncGroupResponseData> answer = new CompletableFuture<>();
        member.awaitSync(answer);
        group.synced(member.id());
        if (!group.isLeader(member.id())) {
            return Decision.reply(answer);
        }
        Map<String, byte[]> given = new HashMap<>();
        data.assignments().forEach(one -> given.put(one.memberId(), one.assignment()));
        return Decision.of(List.of(GroupRecords.group(group.id(), group.snapshot(clock.millis(), given))), answer)
                .then(new Assigned(group, group.generation()));
    }

    /** What comes of the record of a generation and its assignment. */
    private final class Assigned implements Outcome {
        private final Group group;
        private final int generation;

        Assigned(Group group, int generation) {
            this.group = group;
            this.generation = generation;
        }

        @Override
        public void durable() {
            if (group.is(GroupState.STABLE) && group.generation() == generation) {
                for (Member member : group.members()) {
                    if (member.isSyncing()) {
                        told(group, member);
                        member.synced(answer(group, member));
                    }
                }
            }
        }

        /** The members join again, and the generation after this one is written instead. */
        @Override
        public void failed(ApiException failure) {
            if (group.is(GroupState.COMPLETING_REBALANCE) && group.generation() == generation) {
                rebalance.turnAway(group, toldOf(failure));
                // With members there is nothing to write before they have joined.
                rebalance.advance(group);
            }
        }
    }

    /** A record too large for the log is nothing that looking for the coordinator again would mend. */
    private static Errors toldOf(ApiException failure) {
        if (failure instanceof NotCoordinatorException) {
            return Errors.NOT_COORDINATOR;
        }
        return failure instanceof org.apache.kafka.common.errors.RetriableException
                ? Errors.COORDINATOR_NOT_AVAILABLE
                : Errors.UNKNOWN_SERVER_ERROR;
    }

    private void told(Group group, Member member) {
        group.synced(member.id());
        rebalance.sessions().restart(group, member);
    }

    private static SyncGroupResponseData answer(Group group, Member member) {
        return new SyncGroupResponseData()
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setAssignment(member.assignment());
    }
}
