/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Rebalance;
import io.levada.runtime.assign.Rebalance.Memory;
import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.GroupRebalanceConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.internals.AbstractCoordinator;
import org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Timer;
import org.apache.kafka.common.utils.internals.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group protocol of one worker, that of Kafka Connect, over kafka-clients' own part of it. Owned by the membership's thread, but for
 * {@link #joinAnew}.
 */
final class GroupCoordination extends AbstractCoordinator {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupCoordination.class);
    private static final String TYPE = "connect";
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(3);
    private static final long NO_DELAY = -1;

    private final GroupSettings settings;
    private final Surroundings surroundings;
    private final Place place;
    private final WorkSeen work;
    /** Set by any thread. Kafka's own flag is taken back when the group has agreed, also by what it has not seen. */
    private volatile boolean rejoin = true;

    private GroupProtocol spoken;
    private Memory memory = Memory.NONE;
    /** What this worker has said as the leader in the round that goes on. */
    private Round round = Round.NONE;

    /** When work that waits for a member that went is due, by the clock of {@link Time#hiResClockMs}. */
    private long dueMs = NO_DELAY;

    /** What a round needs of the rest of the worker; called on the thread that polls. */
    interface Surroundings {
        /** The config, read to the end of its topic if that is possible within the time there is for it; blocks. */
        ClusterConfig readConfig();

        /** Returns when what was taken away has stopped, or is given up; blocks. */
        void awaitStopped();
    }

    private record Round(Memory next, Map<String, Share> byUrl) {
        static final Round NONE = new Round(Memory.NONE, Map.of());
    }

    GroupCoordination(
            GroupSettings settings,
            GroupRebalanceConfig group,
            LogContext log,
            ConsumerNetworkClient client,
            Metrics metrics,
            Time time,
            Surroundings surroundings,
            Place place,
            WorkSeen work) {
        super(group, log, client, metrics, TYPE, time);
        this.settings = settings;
        this.spoken = settings.protocol();
        this.surroundings = surroundings;
        this.place = place;
        this.work = work;
    }

    /** Looks for the coordinator of the group, a little. */
    void prepare() {
        if (coordinatorUnknown()) {
            boolean unused = ensureCoordinatorReady(time.timer(settings.times().heartbeat()));
        }
    }

    /** Joins when it must, says that it lives, and takes what the brokers send, for a little while. */
    void poll() {
        prepare();
        if (coordinatorUnknown()) {
            return; // How long a worker may run what it runs without the brokers, its lease says.
        }
        if (dueMs != NO_DELAY && time.hiResClockMs() >= dueMs) {
            dueMs = NO_DELAY;
            rejoin = true;
        }
        if (rejoinNeededOrPending()) {
            ensureActiveGroup();
        }
        long now = time.milliseconds();
        pollHeartbeat(now);
        long pauseMs = Math.min(settings.times().heartbeat().toMillis(), timeToNextHeartbeat(now));
        if (dueMs != NO_DELAY) {
            pauseMs = Math.max(0, Math.min(pauseMs, dueMs - time.hiResClockMs()));
        }
        client.poll(time.timer(rejoin ? 0 : pauseMs));
    }

    /** Asks the group to agree anew; any thread. */
    void joinAnew() {
        rejoin = true;
    }

    /** Leaves, so that the others need not wait for the end of a session. */
    void leave() {
        close(time.timer(LEAVE_TIMEOUT), CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }

    @Override
    protected synchronized boolean rejoinNeededOrPending() {
        return rejoin || super.rejoinNeededOrPending();
    }

    @Override
    protected String protocolType() {
        return TYPE;
    }

    @Override
    protected JoinGroupRequestProtocolCollection metadata() {
        rejoin = false; // What comes from here on is not told of any more.
        WorkerState state = new WorkerState(settings.url(), work.newest().offset(), place.allocation());
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        settings.protocol()
                .spoken()
                .forEach(protocol -> protocols.add(new JoinGroupRequestProtocol()
                        .setName(protocol.protocolName())
                        .setMetadata(state.bytes(protocol).array())));
        return protocols;
    }

    /** Without an id the brokers do not know this worker any more. */
    @Override
    protected boolean onJoinPrepare(Timer timer, int generation, String memberId) {
        if (memberId.isEmpty()) {
            place.lose();
        }
        place.agreeAnew();
        if (spoken == GroupProtocol.EAGER) {
            place.revokeAll();
        }
        surroundings.awaitStopped();
        return true;
    }

    @Override
    protected Map<String, ByteBuffer> onLeaderElected(
            String leaderId, String protocolName, List<JoinGroupResponseMember> joined, boolean skipAssignment) {
        if (skipAssignment) {
            return Map.of(); // The brokers keep what they were told before.
        }
        GroupProtocol protocol = GroupProtocol.named(protocolName);
        SortedMap<String, WorkerState> members = new TreeMap<>();
        joined.forEach(member -> members.put(member.memberId(), WorkerState.parse(ByteBuffer.wrap(member.metadata()))));
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
                leaderId,
                settings.url(),
                Math.max(config.offset(), known),
                Share.NONE,
                Share.NONE,
                0);
        return common.error() == Agreement.NO_ERROR
                ? assign(protocol, members, config, common)
                : told(protocol, members, common);
    }

    private Map<String, ByteBuffer> assign(
            GroupProtocol protocol, Map<String, WorkerState> members, ClusterConfig config, Agreement common) {
        Rebalance next = protocol == GroupProtocol.EAGER
                ? Rebalance.ofAll(members.keySet(), config, memory)
                : Rebalance.of(
                        held(members),
                        config,
                        memory,
                        time.hiResClockMs(),
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
        round = new Round(next.next(), byUrl);
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

    private static Map<String, ByteBuffer> told(
            GroupProtocol protocol, Map<String, WorkerState> members, Agreement toAll) {
        Map<String, ByteBuffer> told = new HashMap<>();
        members.keySet().forEach(member -> told.put(member, toAll.bytes(protocol)));
        return told;
    }

    @Override
    protected void onJoinComplete(int generation, String memberId, String protocolName, ByteBuffer assignment) {
        spoken = GroupProtocol.named(protocolName);
        Agreement agreement = Agreement.parse(assignment);
        boolean leads = agreement.leader().equals(memberId);
        if (agreement.error() != Agreement.NO_ERROR) {
            LOGGER.atInfo()
                    .addKeyValue("generation", generation)
                    .addKeyValue("leader", agreement.leaderUrl())
                    .log("the group's leader is still reading the config topic; the group agrees anew");
            ClusterConfig unused = surroundings.readConfig();
            rejoin = true;
            return;
        }
        memory = leads ? round.next : Memory.NONE;
        dueMs = agreement.delayMs() > 0 ? time.hiResClockMs() + agreement.delayMs() : NO_DELAY;
        work.assigned(agreement.configOffset());
        Agreement kept = place.allocation();
        Share share = agreement.assigned();
        if (spoken != GroupProtocol.EAGER && kept != null) {
            share = share.with(kept.assigned().without(agreement.revoked()));
        }
        place.revoke(agreement.revoked());
        place.agreed(generation, spoken, agreement, leads, share, leads ? round.byUrl : Map.of());
        if (!agreement.revoked().isEmpty()) {
            surroundings.awaitStopped();
            rejoin = true;
        } else if (work.hasChanged()) {
            rejoin = true;
        }
    }
}
