/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The rules of JoinGroup (KIP-62, 345, 394, 814). Owned by the coordinator thread. */
final class Join {
    private static final short FIRST_WITH_KNOWN_MEMBER_ID = 4;
    private static final short FIRST_WITH_SKIPPED_ASSIGNMENT = 9;
    private final Groups groups;
    private final Rebalance rebalance;
    private final GroupConfig config;

    Join(Groups groups, Rebalance rebalance, GroupConfig config) {
        this.groups = groups;
        this.rebalance = rebalance;
        this.config = config;
    }

    /** A join request with what the connection knows of its sender. */
    record Wish(JoinGroupRequestData data, short version, Member.Identity identity, List<Member.Protocol> protocols) {
        static Wish of(JoinGroupRequestData data, short version, String clientId, String clientHost) {
            List<Member.Protocol> protocols = new ArrayList<>();
            data.protocols().forEach(one -> protocols.add(new Member.Protocol(one.name(), one.metadata())));
            return new Wish(
                    data, version, new Member.Identity(data.groupInstanceId(), clientId, clientHost), protocols);
        }

        private int rebalanceTimeoutMs() {
            return data.rebalanceTimeoutMs() < 0 ? data.sessionTimeoutMs() : data.rebalanceTimeoutMs();
        }

        private Member member(String id) {
            return new Member(id, identity, data.sessionTimeoutMs(), rebalanceTimeoutMs(), protocols);
        }

        private void update(Member member) {
            member.update(data.sessionTimeoutMs(), rebalanceTimeoutMs(), protocols);
        }

        private String freshId() {
            String name = identity.instanceId() != null ? identity.instanceId() : identity.clientId();
            return name + "-" + UUID.randomUUID();
        }
    }

    /** The answer is completed once the group is whole, or at once with an error. */
    Decision<CompletableFuture<JoinGroupResponseData>> join(Wish wish) {
        JoinGroupRequestData data = wish.data();
        check(data);
        boolean unnamed = data.memberId().isEmpty();
        Optional<Group> known = groups.find(data.groupId());
        if (known.isEmpty() && !unnamed) {
            throw new UnknownMemberIdException("there is no group '" + data.groupId() + "'");
        }
        Group group = known.orElseGet(() -> groups.findOrCreate(data.groupId()));
        try {
            checkFits(group, wish);
            return unnamed ? newcomer(group, wish) : returning(group, wish);
        } catch (RuntimeException e) {
            if (known.isEmpty()) {
                groups.forget(group);
            }
            throw e;
        }
    }

    private void check(JoinGroupRequestData data) {
        if (data.groupId().isEmpty()) {
            throw new InvalidGroupIdException("the group id is empty");
        }
        if (data.sessionTimeoutMs() < config.sessionMin().toMillis()
                || data.sessionTimeoutMs() > config.sessionMax().toMillis()) {
            throw new InvalidSessionTimeoutException("session timeout " + data.sessionTimeoutMs() + " ms is not within "
                    + config.sessionMin().toMillis() + " to "
                    + config.sessionMax().toMillis()
                    + " (broker.group.min/max.session.timeout.ms)");
        }
    }

    private void checkFits(Group group, Wish wish) {
        if (!group.supports(wish.data().protocolType(), wish.protocols())) {
            throw new InconsistentGroupProtocolException("what the member offers ("
                    + wish.data().protocolType() + ") has nothing in common with group '" + group.id() + "'");
        }
        String id = wish.data().memberId();
        boolean counted = group.has(id) || group.isAnnounced(id);
        if (!counted && group.size() >= config.membersMax()) {
            throw new GroupMaxSizeReachedException("group '" + group.id() + "' has " + group.size()
                    + " members, broker.group.max.size allows no more");
        }
    }

    private Decision<CompletableFuture<JoinGroupResponseData>> newcomer(Group group, Wish wish) {
        String id = wish.freshId();
        if (wish.identity().instanceId() != null) {
            return group.findStatic(wish.identity().instanceId())
                    .map(present -> takeOver(group, present, id, wish))
                    .orElseGet(() -> add(group, id, wish));
        }
        if (wish.version() < FIRST_WITH_KNOWN_MEMBER_ID) {
            return add(group, id, wish);
        }
        group.announce(id, rebalance.sessions().after(wish.data().sessionTimeoutMs(), group, () -> {
            group.retract(id);
            return rebalance.decided(group, rebalance.retracted(group), true);
        }));
        return now(new JoinGroupResponseData().setMemberId(id).setErrorCode(Errors.MEMBER_ID_REQUIRED.code()));
    }

    private Decision<CompletableFuture<JoinGroupResponseData>> returning(Group group, Wish wish) {
        String id = wish.data().memberId();
        if (group.retract(id)) {
            return add(group, id, wish);
        }
        Member member = group.validMember(id, wish.identity().instanceId());
        boolean same = member.offersSame(wish.protocols());
        // A leader that joins a stable group asks for a rebalance; anybody else lost the answer to its last join.
        boolean missedAnswer = same
                && (group.is(GroupState.COMPLETING_REBALANCE) || (group.is(GroupState.STABLE) && !group.isLeader(id)));
        if (missedAnswer) {
            rebalance.sessions().restart(group, member);
            return now(rebalance.joinAnswer(group, member));
        }
        wish.update(member);
        return await(group, member);
    }

    private Decision<CompletableFuture<JoinGroupResponseData>> add(Group group, String id, Wish wish) {
        Member member = wish.member(id);
        group.add(member, wish.data().protocolType());
        rebalance.sessions().restart(group, member);
        return await(group, member);
    }

    private Decision<CompletableFuture<JoinGroupResponseData>> await(Group group, Member member) {
        CompletableFuture<JoinGroupResponseData> answer = new CompletableFuture<>();
        member.awaitJoin(answer);
        return rebalance.decided(group, rebalance.advance(group), answer);
    }

    /** A static member is back under a new id. If that changes nothing for the others, it gets its old assignment without a rebalance. */
    private Decision<CompletableFuture<JoinGroupResponseData>> takeOver(
            Group group, Member old, String newId, Wish wish) {
        String formerLeader = String.valueOf(group.leader());
        Member member = group.replace(old, newId);
        old.joined(new JoinGroupResponseData().setErrorCode(Errors.FENCED_INSTANCE_ID.code()));
        old.synced(new SyncGroupResponseData().setErrorCode(Errors.FENCED_INSTANCE_ID.code()));
        wish.update(member);
        rebalance.sessions().restart(group, member);
        if (!group.is(GroupState.STABLE) || !group.selectProtocol().equals(group.protocol())) {
            return await(group, member);
        }
        boolean maySkip = wish.version() >= FIRST_WITH_SKIPPED_ASSIGNMENT && group.isLeader(newId);
        JoinGroupResponseData answer = rebalance.joinAnswer(group, member);
        if (maySkip) {
            answer.setSkipAssignment(true);
        } else {
            // A client that does not know how to skip would assign anew if it learned that it leads.
            answer.setLeader(formerLeader).setMembers(List.of());
        }
        return Decision.of(List.of(rebalance.record(group)), CompletableFuture.completedFuture(answer))
                .then(new Outcome() {
                    @Override
                    public void failed(ApiException failure) {
                        giveBack(group, member, old);
                    }
                });
    }

    /** The log did not take the new id of a static member: the old one, which it knows, stays until the client comes back once more. */
    private void giveBack(Group group, Member member, Member old) {
        if (group.find(member.id()).filter(present -> present == member).isPresent()) {
            rebalance.sessions().restart(group, group.replace(member, old.id()));
        }
    }

    private static Decision<CompletableFuture<JoinGroupResponseData>> now(JoinGroupResponseData answer) {
        return Decision.reply(CompletableFuture.completedFuture(answer));
    }
}
