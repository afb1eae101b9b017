/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Rebalance;
import io.levada.runtime.assign.Rebalance.Memory;
import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this worker says and is told in the rounds in which its group agrees, whoever carries the messages. Owned by the membership's thread, but
 * for {@link #joinAnew} and {@link #wantsToJoin}. Times are milliseconds of one clock that does not go back.
 */
final class Rounds {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rounds.class);
    private static final long NEVER = -1;

    private final GroupSettings settings;
    private final Surroundings surroundings;
    private final Place place;
    private final WorkSeen work;
    private volatile boolean rejoin = true;

    private GroupProtocol spoken;
    private Memory memory = Memory.NONE;
    /** What this worker has said as the leader in the round that goes on. */
    private Said said = Said.NOTHING;

    /** Whether the brokers take this leader for one that was there before, and what it says for nothing. */
    private boolean skipped;
    /** Whether this worker has told the round that goes on of something that it runs. */
    private boolean toldOfWork;

    /** When to join anew of itself: when work that waits for a member that went is due, or a leader may know more. */
    private long dueMs = NEVER;
    /** Whether the last round came to nothing, as its leader knew too little. */
    private boolean undecided;

    /** The offset of the config topic that the group has agreed by. */
    private long needed = -1;
    /** By when that must be known here. */
    private long syncMs = NEVER;
    /** Until when this worker stays out of the group. */
    private long awayMs = NEVER;

    /** What a round needs of the rest of the worker; called on the thread that owns this. */
    interface Surroundings {
        /** The config, read to the end of its topic if that is possible within the time there is for it; blocks. */
        ClusterConfig readConfig();

        /** Returns when what was taken away has stopped, or is given up; blocks. */
        void awaitStopped();

        /** Whether the brokers were heard of so lately that this worker is a member still. */
        boolean isMember();
    }

    private record Said(Memory next, Map<String, Share> byUrl, boolean alone) {
        static final Said NOTHING = new Said(Memory.NONE, Map.of(), false);
    }

    Rounds(GroupSettings settings, Surroundings surroundings, Place place, WorkSeen work) {
        this.settings = settings;
        this.spoken = settings.protocol();
        this.surroundings = surroundings;
        this.place = place;
        this.work = work;
    }

    /** Asks the group to agree anew; any thread. */
    void joinAnew() {
        rejoin = true;
    }

    /** Whether this worker has to join, by what it knows itself; any thread. */
    boolean wantsToJoin() {
        return rejoin;
    }

    /** Time has passed: what waited may be due. */
    void look(long nowMs) {
        if (dueMs != NEVER && nowMs >= dueMs) {
            dueMs = NEVER;
            rejoin = true;
        }
    }

    /** For how long nothing comes of itself, at most so long. */
    long pauseMs(long maxMs, long nowMs) {
        if (rejoin) {
            return 0;
        }
        return dueMs == NEVER ? maxMs : Math.max(0, Math.min(maxMs, dueMs - nowMs));
    }

    /**
     * Leaves the group if it is time to: this worker does not learn what the others know and runs nothing of it, so that they had better do it
     * ({@code worker.unsync.backoff.ms}). What runs here stops before, as others are given it at once; blocks.
     *
     * @param leave tells the brokers
     */
    boolean leaveIfLate(long nowMs, Runnable leave) {
        if (!isLate(nowMs)) {
            return false;
        }
        LOGGER.atWarn()
                .addKeyValue("group", settings.groupId())
                .addKeyValue("read", work.newest().offset())
                .addKeyValue("needed", needed)
                .addKeyValue("backoffMs", settings.times().away().toMillis())
                .log("the config topic is not read as far as the group has agreed by;"
                        + " this worker leaves the group until it is, or for a while");
        syncMs = NEVER;
        awayMs = nowMs + settings.times().away().toMillis();
        place.lose();
        surroundings.awaitStopped();
        rejoin = true;
        leave.run();
        return true;
    }

    private boolean isLate(long nowMs) {
        if (syncMs != NEVER && work.newest().offset() >= needed) {
            syncMs = NEVER;
            rejoin |= undecided; // Nobody else brings a group to agree whose leader stays.
        }
        return syncMs != NEVER && nowMs >= syncMs;
    }

    /** The group goes on without this worker; any thread. */
    void expire() {
        place.lose();
        rejoin = true;
    }

    /** Whether this worker stays out of the group still. */
    boolean staysAway(long nowMs) {
        if (awayMs != NEVER && (nowMs >= awayMs || work.newest().offset() >= needed)) {
            awayMs = NEVER;
        }
        return awayMs != NEVER;
    }

    /** What this worker tells of itself as it joins; blocks. */
    WorkerState state() {
        rejoin = false; // What comes from here on is not told of any more.
        Agreement allocation = place.allocation();
        surroundings
                .awaitStopped(); // What is not told of must not run, also where it was lost since the group began to
        // agree.
        toldOfWork = allocation != null;
        skipped = false;
        return new WorkerState(settings.url(), work.newest().offset(), allocation);
    }

    /**
     * The group agrees anew.
     *
     * @param isMember whether the brokers know this worker still
     */
    void prepare(boolean isMember) {
        if (!isMember) {
            place.lose();
        }
        place.agreeAnew();
        if (spoken == GroupProtocol.EAGER) {
            place.revokeAll();
        }
        surroundings.awaitStopped();
    }

    /** This worker leads, but the brokers keep what its earlier life has said. */
    void skip() {
        skipped = true;
    }

    /** This worker leads: what it tells each member. */
    Map<String, ByteBuffer> lead(
            String ownId, GroupProtocol protocol, SortedMap<String, WorkerState> members, long nowMs) {
        long known = members.values().stream()
                .mapToLong(WorkerState::configOffset)
                .max()
                .orElse(-1);
        ClusterConfig config = work.newest();
        if (config.offset() < known) {
            config = surroundings.readConfig();
        }
        Agreement common = new Agreement(
                config.offset() < known ? Agreement.LEADER_IS_BEHIND : Agreement.NO_ERROR,
                ownId,
                settings.url(),
                Math.max(config.offset(), known),
                Share.NONE,
                Share.NONE,
                0);
        return common.error() == Agreement.NO_ERROR && !isFirstEager(protocol)
                ? assign(protocol, members, config, common, nowMs)
                : toAll(protocol, members, common);
    }

    /** The group has just gone over to everything stopping before it is assigned, and when it began to agree nothing was stopped. */
    private boolean isFirstEager(GroupProtocol protocol) {
        return protocol == GroupProtocol.EAGER && spoken != GroupProtocol.EAGER;
    }

    private Map<String, ByteBuffer> assign(
            GroupProtocol protocol,
            Map<String, WorkerState> members,
            ClusterConfig config,
            Agreement common,
            long nowMs) {
        Rebalance next = protocol == GroupProtocol.EAGER
                ? Rebalance.ofAll(members.keySet(), config, memory)
                : Rebalance.of(
                        held(members),
                        config,
                        memory,
                        nowMs,
                        settings.times().delay().toMillis());
        Map<String, Share> byUrl = new HashMap<>();
        Map<String, ByteBuffer> told = new HashMap<>();
        members.forEach((member, state) -> {
            byUrl.merge(state.url(), next.after().getOrDefault(member, Share.NONE), Share::with);
            told.put(
                    member,
                    new Agreement(
                                    common.error(),
                                    common.leader(),
                                    common.leaderUrl(),
                                    common.configOffset(),
                                    next.given().getOrDefault(member, Share.NONE),
                                    next.revoked().getOrDefault(member, Share.NONE),
                                    next.delayMs())
                            .bytes(protocol));
        });
        said = new Said(next.next(), byUrl, members.size() == 1); // Several may have the same URL.
        return told;
    }

    private static Map<String, Share> held(Map<String, WorkerState> members) {
        Map<String, Share> held = new HashMap<>();
        members.forEach((member, state) -> {
            Agreement allocation = state.allocation();
            held.put(member, allocation == null ? Share.NONE : allocation.assigned());
        });
        return held;
    }

    private static Map<String, ByteBuffer> toAll(
            GroupProtocol protocol, Map<String, WorkerState> members, Agreement common) {
        Map<String, ByteBuffer> told = new HashMap<>();
        members.keySet().forEach(member -> told.put(member, common.bytes(protocol)));
        return told;
    }

    /** The group has agreed, and this worker is told what its leader says. */
    void agreed(int generation, String ownId, GroupProtocol protocol, ByteBuffer assignment, long nowMs) {
        boolean isFirstEager = isFirstEager(protocol);
        spoken = protocol;
        Agreement agreement = Agreement.parse(assignment);
        boolean leads = agreement.leader().equals(ownId);
        needed = agreement.configOffset();
        undecided = agreement.error() != Agreement.NO_ERROR;
        if (undecided) {
            LOGGER.atInfo()
                    .addKeyValue("generation", generation)
                    .addKeyValue("leader", agreement.leaderUrl())
                    .log("the group's leader is still reading the config topic; the group agrees anew");
            boolean isBehind = surroundings.readConfig().offset() < needed;
            syncMs = leads && isBehind ? nowMs : NEVER; // Nobody is given anything while such a one leads: it leaves.
            // Brokers tell a follower the same again and again, at once, as long as its leader does not join.
            dueMs = leads ? NEVER : nowMs + settings.times().heartbeat().toMillis();
            rejoin = leads && !isBehind;
            return;
        }
        Agreement kept = place.allocation();
        // What is told counts on what this worker ran, and may be long ago by now.
        boolean isLost = (toldOfWork && kept == null) || !surroundings.isMember();
        if (skipped || isFirstEager || isLost) {
            place.revokeAll();
            surroundings.awaitStopped();
            rejoin = true;
            return;
        }
        syncMs = nowMs + settings.times().sync().toMillis();
        memory = leads ? said.next : Memory.NONE;
        dueMs = agreement.delayMs() > 0 ? nowMs + agreement.delayMs() : NEVER;
        work.assigned(agreement.configOffset());
        Share share = agreement.assigned();
        if (spoken != GroupProtocol.EAGER && kept != null) {
            share = share.with(kept.assigned().without(agreement.revoked()));
        }
        place.revoke(agreement.revoked());
        place.agreed(generation, spoken, agreement, leads, share, leads ? said.byUrl : Map.of(), leads && said.alone);
        if (!agreement.revoked().isEmpty()) {
            surroundings.awaitStopped();
            rejoin = true;
        } else if (work.hasChanged()) {
            rejoin = true;
        }
    }
}
