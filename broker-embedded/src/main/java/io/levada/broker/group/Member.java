/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One member of a group. Owned by the coordinator thread. */
final class Member {
    private static final byte[] NOTHING = {};
    private final String id;
    private final Identity identity;
    private int sessionTimeoutMs;
    private int rebalanceTimeoutMs;
    private List<Protocol> protocols;
    private byte[] assignment = NOTHING;
    private boolean isNew = true;
    private @Nullable CompletableFuture<JoinGroupResponseData> joining;
    private @Nullable CompletableFuture<SyncGroupResponseData> syncing;
    private @Nullable Future<?> session;

    Member(String id, Identity identity, int sessionTimeoutMs, int rebalanceTimeoutMs, List<Protocol> protocols) {
        this.id = id;
        this.identity = identity;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.protocols = List.copyOf(protocols);
    }

    /**
     * Where a member comes from.
     *
     * @param instanceId the name of a static member (KIP-345), or null
     */
    record Identity(@Nullable String instanceId, String clientId, String clientHost) {}

    /** A way of assigning that a member can do, with what it tells the leader. */
    // The array is handed over and never changed.
    @SuppressWarnings("ArrayRecordComponent")
    record Protocol(String name, byte[] metadata) {}

    String id() {
        return id;
    }

    @Nullable
    String instanceId() {
        return identity.instanceId();
    }

    Identity identity() {
        return identity;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    List<Protocol> protocols() {
        return protocols;
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] given) {
        assignment = given;
    }

    void unassign() {
        assignment = NOTHING;
    }

    /** Takes over what a join request says anew. */
    void update(int sessionMs, int rebalanceMs, List<Protocol> offered) {
        sessionTimeoutMs = sessionMs;
        rebalanceTimeoutMs = rebalanceMs;
        protocols = List.copyOf(offered);
    }

    /** What this member tells the leader under {@code protocol}. */
    byte[] metadata(@Nullable String protocol) {
        return protocols.stream()
                .filter(offered -> offered.name().equals(protocol))
                .findFirst()
                .map(Protocol::metadata)
                .orElse(NOTHING);
    }

    /** The first of its protocols that all members can do; every member offers at least one of {@code candidates}. */
    String vote(Set<String> candidates) {
        return protocols.stream()
                .map(Protocol::name)
                .filter(candidates::contains)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(id + " offers none of " + candidates));
    }

    boolean offersSame(List<Protocol> others) {
        if (protocols.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < others.size(); i++) {
            Protocol mine = protocols.get(i);
            Protocol other = others.get(i);
            if (!mine.name().equals(other.name()) || !Arrays.equals(mine.metadata(), other.metadata())) {
                return false;
            }
        }
        return true;
    }

    /** Whether it has not yet been told of a first generation. */
    boolean isNew() {
        return isNew;
    }

    boolean isJoining() {
        return joining != null;
    }

    boolean isSyncing() {
        return syncing != null;
    }

    /** A request repeated on another connection takes the place of the first, which is told to start over. */
    void awaitJoin(CompletableFuture<JoinGroupResponseData> answer) {
        if (joining != null) {
            joining.complete(
                    new JoinGroupResponseData().setMemberId(id).setErrorCode(Errors.REBALANCE_IN_PROGRESS.code()));
        }
        joining = answer;
    }

    /** As {@link #awaitJoin}. */
    void awaitSync(CompletableFuture<SyncGroupResponseData> answer) {
        if (syncing != null) {
            syncing.complete(new SyncGroupResponseData().setErrorCode(Errors.REBALANCE_IN_PROGRESS.code()));
        }
        syncing = answer;
    }

    /** Answers its join, if it waits for that. */
    void joined(JoinGroupResponseData answer) {
        CompletableFuture<JoinGroupResponseData> waiting = joining;
        joining = null;
        if (waiting != null) {
            isNew = false;
            waiting.complete(answer.setMemberId(id));
        }
    }

    /** Answers its sync, if it waits for that. */
    void synced(SyncGroupResponseData answer) {
        CompletableFuture<SyncGroupResponseData> waiting = syncing;
        syncing = null;
        if (waiting != null) {
            waiting.complete(answer);
        }
    }

    /** Replaces the timer that ends its membership. */
    void session(@Nullable Future<?> timer) {
        if (session != null) {
            session.cancel(false);
        }
        session = timer;
    }

    /** What a group's record holds of it. */
    StoredGroup.StoredMember stored(@Nullable String protocol, byte[] given) {
        return new StoredGroup.StoredMember(
                id,
                identity.instanceId(),
                identity.clientId(),
                identity.clientHost(),
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                metadata(protocol),
                given);
    }

    static Member restored(StoredGroup.StoredMember stored, @Nullable String protocol) {
        List<Protocol> protocols = new ArrayList<>();
        if (protocol != null) {
            protocols.add(new Protocol(protocol, stored.subscription()));
        }
        Member member = new Member(
                stored.memberId(),
                new Identity(stored.instanceId(), stored.clientId(), stored.clientHost()),
                stored.sessionTimeoutMs(),
                stored.rebalanceTimeoutMs(),
                protocols);
        member.assignment = stored.assignment();
        member.isNew = false;
        return member;
    }

    /** The same member under the id of its new incarnation (a static member that came back). */
    Member renamed(String newId) {
        Member member = new Member(newId, identity, sessionTimeoutMs, rebalanceTimeoutMs, protocols);
        member.assignment = assignment;
        member.isNew = isNew;
        return member;
    }
}
