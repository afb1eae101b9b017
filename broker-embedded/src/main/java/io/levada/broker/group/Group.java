/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * A group of the classic protocol. What the log says of it ({@link #stored()}) is changed by replay alone; beside that is the generation that is being
 * formed: who joins, who waits, what the next generation will be. That part no restart would find, and decisions may change it. Once the group is
 * stable or empty the two tell the same, or a record that says so is on its way. Owned by the coordinator thread.
 */
final class Group {
    private static final byte[] NOTHING = {};
    private final String id;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, Future<?>> announced = new HashMap<>();
    private final Set<String> notSynced = new HashSet<>();
    private GroupState state = GroupState.EMPTY;
    private String protocolType = "";
    private int generation;
    private @Nullable String protocol;
    private @Nullable String leader;
    private @Nullable Future<?> timer;
    private boolean newMemberWhileWaiting;
    private boolean delayingFirstRebalance;
    private @Nullable StoredGroup stored;

    Group(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState... any) {
        return List.of(any).contains(state);
    }

    String protocolType() {
        return protocolType;
    }

    @Nullable
    String protocol() {
        return protocol;
    }

    int generation() {
        return generation;
    }

    @Nullable
    String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    /** What the log says, or null if no record was written yet. */
    @Nullable
    StoredGroup stored() {
        return stored;
    }

    /** Whether the log knows of a group without members what there is to know. */
    boolean emptinessIsStored() {
        return stored != null
                && stored.generation() == generation
                && stored.members().isEmpty();
    }

    Collection<Member> members() {
        return List.copyOf(members.values());
    }

    boolean hasMembers() {
        return !members.isEmpty();
    }

    boolean has(String memberId) {
        return members.containsKey(memberId);
    }

    Optional<Member> find(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    Optional<Member> findStatic(String instanceId) {
        return Optional.ofNullable(staticMembers.get(instanceId)).map(members::get);
    }

    /** Members, and ids given out to clients that are about to come back with them (KIP-394). */
    int size() {
        return members.size() + announced.size();
    }

    /** The member that a request speaks for, whose static name, if any, must still be its own. */
    Member validMember(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String current = staticMembers.get(instanceId);
            if (current == null) {
                throw new UnknownMemberIdException("group " + id + " has no member with the instance id " + instanceId);
            }
            if (!current.equals(memberId)) {
                throw new FencedInstanceIdException(
                        "another member has taken over the instance id " + instanceId + " in group " + id);
            }
        }
        return find(memberId)
                .orElseThrow(() -> new UnknownMemberIdException("group " + id + " has no member " + memberId));
    }

    void checkGeneration(int claimed) {
        if (claimed != generation) {
            throw new IllegalGenerationException(
                    "generation " + claimed + " is not that of group " + id + ", which is " + generation);
        }
    }

    /** Whether a member that can do {@code offered} fits in. */
    boolean supports(String type, List<Member.Protocol> offered) {
        if (type.isEmpty() || offered.isEmpty()) {
            return false;
        }
        if (members.isEmpty()) {
            return true;
        }
        Set<String> common = commonProtocols();
        return type.equals(protocolType) && offered.stream().anyMatch(one -> common.contains(one.name()));
    }

    void add(Member member, String type) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        members.put(member.id(), member);
        if (member.instanceId() != null) {
            staticMembers.put(member.instanceId(), member.id());
        }
        if (leader == null) {
            leader = member.id();
        }
        newMemberWhileWaiting = true;
    }

    void remove(Member member) {
        member.session(null);
        members.remove(member.id());
        notSynced.remove(member.id());
        if (member.instanceId() != null) {
            staticMembers.remove(member.instanceId(), member.id());
        }
        if (isLeader(member.id())) {
            leader = members.keySet().stream().findFirst().orElse(null);
        }
    }

    /** Gives a static member the id of its new incarnation. */
    Member replace(Member old, String newId) {
        boolean led = isLeader(old.id());
        Member renamed = old.renamed(newId);
        remove(old);
        members.put(newId, renamed);
        if (renamed.instanceId() != null) {
            staticMembers.put(renamed.instanceId(), newId);
        }
        if (led || leader == null) {
            leader = newId;
        }
        return renamed;
    }

    /** What the members of a group of consumers subscribe to; empty if one does not say so in a way that is known here. */
    Optional<Set<String>> subscribedTopics() {
        Set<String> topics = new HashSet<>();
        for (Member member : members.values()) {
            for (Member.Protocol offered : member.protocols()) {
                try {
                    topics.addAll(ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(offered.metadata()))
                            .topics());
                } catch (SchemaException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(topics);
    }

    /** Notes that {@code memberId} was given out; {@code expiry} forgets it. */
    void announce(String memberId, Future<?> expiry) {
        announced.put(memberId, expiry);
    }

    boolean isAnnounced(String memberId) {
        return announced.containsKey(memberId);
    }

    /** Forgets a given-out id; false if it was not. */
    boolean retract(String memberId) {
        Future<?> expiry = announced.remove(memberId);
        if (expiry != null) {
            expiry.cancel(false);
        }
        return expiry != null;
    }

    boolean allJoined() {
        return announced.isEmpty() && members.values().stream().allMatch(Member::isJoining);
    }

    int rebalanceTimeoutMs() {
        return members.values().stream()
                .mapToInt(Member::rebalanceTimeoutMs)
                .max()
                .orElse(0);
    }

    /** The protocol that most members prefer among those that all can do. */
    String selectProtocol() {
        Set<String> candidates = commonProtocols();
        Map<String, Integer> votes = new LinkedHashMap<>();
        members.values().forEach(member -> votes.merge(member.vote(candidates), 1, Integer::sum));
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("group " + id + " has no members to vote"));
    }

    /** If the leader did not join again, another one that did becomes it; false if none did. */
    boolean electJoinedLeader() {
        Member current = leader == null ? null : members.get(leader);
        if (current != null && current.isJoining()) {
            return true;
        }
        Optional<Member> other =
                members.values().stream().filter(Member::isJoining).findFirst();
        other.ifPresent(member -> leader = member.id());
        return other.isPresent();
    }

    void prepareRebalance() {
        state = GroupState.PREPARING_REBALANCE;
    }

    /** All have joined: the next generation begins. */
    void nextGeneration() {
        generation++;
        notSynced.clear();
        if (members.isEmpty()) {
            state = GroupState.EMPTY;
            protocol = null;
            leader = null;
            return;
        }
        protocol = selectProtocol();
        state = GroupState.COMPLETING_REBALANCE;
        notSynced.addAll(members.keySet());
    }

    void synced(String memberId) {
        notSynced.remove(memberId);
    }

    Set<String> notSynced() {
        return Set.copyOf(notSynced);
    }

    /** Replaces the timer of the present step of a rebalance. */
    void timer(@Nullable Future<?> next) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = next;
    }

    /** Nothing about this group is due any more. */
    void endTimers() {
        timer(null);
        List.copyOf(announced.keySet()).forEach(this::retract);
    }

    /** While a first rebalance is delayed, joining completes nothing. */
    void delayFirstRebalance(boolean delaying) {
        delayingFirstRebalance = delaying;
    }

    boolean isDelayingFirstRebalance() {
        return delayingFirstRebalance;
    }

    /** Whether a member came since this was last asked. */
    boolean takeNewMemberFlag() {
        boolean came = newMemberWhileWaiting;
        newMemberWhileWaiting = false;
        return came;
    }

    /** The record of what this generation is, with what its members are given. */
    StoredGroup snapshot(long nowMs, Map<String, byte[]> assignments) {
        List<StoredGroup.StoredMember> described = members.values().stream()
                .map(member -> member.stored(protocol, assignments.getOrDefault(member.id(), NOTHING)))
                .toList();
        return new StoredGroup(protocolType, generation, protocol, leader, nowMs, described);
    }

    /** The record of what this generation is. */
    StoredGroup snapshot(long nowMs) {
        Map<String, byte[]> assignments = new HashMap<>();
        members.values().forEach(member -> assignments.put(member.id(), member.assignment()));
        return snapshot(nowMs, assignments);
    }

    /** A record says what the group is; if it ends the forming of the present generation, the members have what it assigns. */
    void replay(StoredGroup now) {
        stored = now;
        if (state == GroupState.COMPLETING_REBALANCE && now.generation() == generation) {
            now.members()
                    .forEach(described ->
                            find(described.memberId()).ifPresent(member -> member.assign(described.assignment())));
            state = GroupState.STABLE;
        }
    }

    /** After the log was read back: the members that it tells of are the members. */
    void restore() {
        StoredGroup known = stored;
        if (known == null) {
            return;
        }
        protocolType = known.protocolType();
        generation = known.generation();
        protocol = known.protocol();
        known.members().forEach(member -> add(Member.restored(member, known.protocol()), known.protocolType()));
        leader = known.leader();
        state = known.members().isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
    }

    private Set<String> commonProtocols() {
        Set<String> common = new HashSet<>();
        boolean first = true;
        for (Member member : members.values()) {
            Set<String> offered = new HashSet<>();
            member.protocols().forEach(one -> offered.add(one.name()));
            if (first) {
                common.addAll(offered);
            } else {
                common.retainAll(offered);
            }
            first = false;
        }
        return common;
    }
}
