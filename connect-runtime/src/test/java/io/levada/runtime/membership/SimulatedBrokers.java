/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The coordinator of one group, as Kafka's: who joins is answered when all have, sessions end, the leader stays as long as it is a member. */
final class SimulatedBrokers {
    static final long SESSION_MS = 10_000;
    static final long REBALANCE_MS = 20_000;
    private static final long LOOK_MS = 100;

    private enum State {
        PREPARING,
        COMPLETING,
        STABLE
    }

    /** What a request to join comes to. */
    record Joined(
            Errors error, String memberId, int generation, boolean leads, SortedMap<String, ByteBuffer> members) {}

    /** What a request for an assignment comes to. */
    record Synced(Errors error, @Nullable ByteBuffer assignment) {}

    private static final class Member {
        private ByteBuffer metadata = ByteBuffer.allocate(0);
        private @Nullable Consumer<Joined> joining;
        private @Nullable Consumer<Synced> syncing;
        private long heardMs;
    }

    private final GroupWorld world;
    private final SortedMap<String, Member> members = new TreeMap<>();
    private final Set<String> expected = new HashSet<>();
    private Map<String, ByteBuffer> assignment = Map.of();
    private State state = State.STABLE;
    private @Nullable String leader;
    private int generation;
    private int names;
    private long preparingMs;

    SimulatedBrokers(GroupWorld world) {
        this.world = world;
        look();
    }

    private void look() {
        for (Map.Entry<String, Member> member : Map.copyOf(members).entrySet()) {
            if (member.getValue().joining == null && world.nowMs() - member.getValue().heardMs >= SESSION_MS) {
                world.note("the session of " + member.getKey() + " is over");
                remove(member.getKey());
            }
        }
        if (state == State.PREPARING && world.nowMs() - preparingMs >= REBALANCE_MS) {
            members.values().removeIf(member -> member.joining == null);
            tryToComplete();
        }
        world.after(LOOK_MS, this::look);
    }

    void join(String memberId, ByteBuffer metadata, Consumer<Joined> answer) {
        if (memberId.isEmpty()) {
            String name = "m" + names++;
            expected.add(name);
            answer.accept(new Joined(Errors.MEMBER_ID_REQUIRED, name, -1, false, new TreeMap<>()));
            return;
        }
        Member member = members.get(memberId);
        if (member == null) {
            if (!expected.remove(memberId)) {
                answer.accept(new Joined(Errors.UNKNOWN_MEMBER_ID, "", -1, false, new TreeMap<>()));
                return;
            }
            member = new Member();
            members.put(memberId, member);
        }
        boolean same = member.metadata.equals(metadata);
        member.metadata = metadata;
        if (state == State.STABLE && same && !memberId.equals(leader)) {
            member.heardMs = world.nowMs();
            answer.accept(new Joined(Errors.NONE, memberId, generation, false, new TreeMap<>()));
            return;
        }
        member.joining = answer;
        prepare();
        tryToComplete();
    }

    private void prepare() {
        if (state != State.PREPARING) {
            state = State.PREPARING;
            preparingMs = world.nowMs();
            members.values().forEach(member -> {
                Consumer<Synced> waits = member.syncing;
                member.syncing = null;
                if (waits != null) {
                    waits.accept(new Synced(Errors.REBALANCE_IN_PROGRESS, null));
                }
            });
        }
    }

    private void tryToComplete() {
        if (state != State.PREPARING || members.values().stream().anyMatch(member -> member.joining == null)) {
            return;
        }
        generation++;
        state = members.isEmpty() ? State.STABLE : State.COMPLETING;
        assignment = Map.of();
        if (leader == null || !members.containsKey(leader)) {
            leader = members.isEmpty() ? null : members.firstKey();
        }
        SortedMap<String, ByteBuffer> told = new TreeMap<>();
        members.forEach((id, member) -> told.put(id, member.metadata));
        world.note("generation " + generation + " led by " + leader + " of " + told.keySet());
        members.forEach((id, member) -> {
            Consumer<Joined> answer = member.joining;
            member.joining = null;
            member.heardMs = world.nowMs();
            if (answer != null) {
                boolean leads = id.equals(leader);
                answer.accept(new Joined(Errors.NONE, id, generation, leads, leads ? told : new TreeMap<>()));
            }
        });
    }

    private Errors judged(String memberId, int said) {
        Member member = members.get(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (said != generation) {
            return Errors.ILLEGAL_GENERATION;
        }
        member.heardMs = world.nowMs();
        return state == State.PREPARING ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    void sync(String memberId, int said, Map<String, ByteBuffer> told, Consumer<Synced> answer) {
        Errors error = judged(memberId, said);
        Member member = members.get(memberId);
        if (error != Errors.NONE || member == null) {
            answer.accept(new Synced(error, null));
        } else if (state == State.STABLE) {
            answer.accept(new Synced(Errors.NONE, assignment.get(memberId)));
        } else {
            member.syncing = answer;
            if (memberId.equals(leader)) {
                assignment = new HashMap<>(told);
                state = State.STABLE;
                members.forEach((id, other) -> {
                    Consumer<Synced> waits = other.syncing;
                    other.syncing = null;
                    if (waits != null) {
                        other.heardMs = world.nowMs();
                        waits.accept(new Synced(Errors.NONE, assignment.get(id)));
                    }
                });
            }
        }
    }

    Errors heartbeat(String memberId, int said) {
        return judged(memberId, said);
    }

    void leave(String memberId) {
        if (members.containsKey(memberId)) {
            remove(memberId);
        }
    }

    private void remove(String memberId) {
        members.remove(memberId);
        prepare();
        tryToComplete();
    }
}
