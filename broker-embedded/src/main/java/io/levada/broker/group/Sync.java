/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The rules of SyncGroup: the leader hands in the assignment, everybody gets a share once it is durable. Owned by the coordinator thread. */
final class Sync {
    private static final byte[] NOTHING = {};
    private final Groups groups;
    private final Rebalance rebalance;
    private final Executor coordinator;

    Sync(Groups groups, Rebalance rebalance, Executor coordinator) {
        this.groups = groups;
        this.rebalance = rebalance;
        this.coordinator = coordinator;
    }

    CompletableFuture<SyncGroupResponseData> sync(SyncGroupRequestData data) {
        Group group = groups.find(data.groupId())
                .orElseThrow(() -> new UnknownMemberIdException("there is no group '" + data.groupId() + "'"));
        Member member = group.validMember(data.memberId(), data.groupInstanceId());
        group.checkGeneration(data.generationId());
        checkProtocol(group, data.protocolType(), data.protocolName());
        return switch (group.state()) {
            case EMPTY -> throw new UnknownMemberIdException("group '" + group.id() + "' is empty");
            case PREPARING_REBALANCE -> throw new RebalanceInProgressException("group '" + group.id() + "' rebalances");
            case STABLE -> {
                told(group, member);
                yield CompletableFuture.completedFuture(answer(group, member));
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

    private CompletableFuture<SyncGroupResponseData> await(Group group, Member member, SyncGroupRequestData data) {
        CompletableFuture<SyncGroupResponseData> answer = new CompletableFuture<>();
        member.awaitSync(answer);
        group.synced(member.id());
        if (group.isLeader(member.id())) {
            Map<String, byte[]> given = new HashMap<>();
            data.assignments().forEach(one -> given.put(one.memberId(), one.assignment()));
            group.members().forEach(one -> one.assign(given.getOrDefault(one.id(), NOTHING)));
            int generation = group.generation();
            CompletableFuture<Void> ignored = rebalance
                    .store(group)
                    .whenCompleteAsync((done, failure) -> stored(group, generation, failure), coordinator);
        }
        return answer;
    }

    private void stored(Group group, int generation, @Nullable Throwable failure) {
        if (!group.is(GroupState.COMPLETING_REBALANCE) || group.generation() != generation) {
            return;
        }
        if (failure != null) {
            for (Member member : group.members()) {
                member.unassign();
                member.synced(new SyncGroupResponseData().setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code()));
            }
            rebalance.advance(group);
            return;
        }
        group.stable();
        for (Member member : group.members()) {
            if (member.isSyncing()) {
                told(group, member);
                member.synced(answer(group, member));
            }
        }
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
