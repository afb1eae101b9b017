/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.GroupRebalanceConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.internals.AbstractCoordinator;
import org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient;
import org.apache.kafka.clients.consumer.internals.RequestFuture;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Timer;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * The group protocol of one worker, that of Kafka Connect, over kafka-clients' own part of it: it carries what {@link Rounds} says. Owned by the
 * membership's thread, but for {@link #joinAnew}.
 */
final class GroupCoordination extends AbstractCoordinator {
    private static final String TYPE = "connect";
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(3);

    private final GroupSettings settings;
    private final Rounds rounds;

    GroupCoordination(
            GroupSettings settings,
            GroupRebalanceConfig group,
            LogContext log,
            ConsumerNetworkClient client,
            Metrics metrics,
            Time time,
            Rounds rounds) {
        super(group, log, client, metrics, TYPE, time);
        this.settings = settings;
        this.rounds = rounds;
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
        boolean unused = rounds.leaveIfLate(time.hiResClockMs(), this::leaveForAWhile);
        if (rounds.staysAway(time.hiResClockMs())) {
            client.poll(time.timer(settings.times().heartbeat()));
            return;
        }
        rounds.look(time.hiResClockMs());
        if (rejoinNeededOrPending()) {
            ensureActiveGroup();
        }
        long now = time.milliseconds();
        pollHeartbeat(now);
        long pauseMs = Math.min(settings.times().heartbeat().toMillis(), timeToNextHeartbeat(now));
        client.poll(time.timer(rounds.pauseMs(pauseMs, time.hiResClockMs())));
    }

    private void leaveForAWhile() {
        RequestFuture<Void> unused = maybeLeaveGroup(
                CloseOptions.GroupMembershipOperation.LEAVE_GROUP, "the config topic is read too late here");
    }

    /** Asks the group to agree anew; any thread. */
    void joinAnew() {
        rounds.joinAnew();
    }

    /** Leaves, so that the others need not wait for the end of a session. */
    void leave() {
        close(time.timer(LEAVE_TIMEOUT), CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }

    /** Kafka's own flag is taken back when the group has agreed, also by what it has not seen. */
    @Override
    protected synchronized boolean rejoinNeededOrPending() {
        return rounds.wantsToJoin() || super.rejoinNeededOrPending();
    }

    @Override
    protected String protocolType() {
        return TYPE;
    }

    @Override
    protected JoinGroupRequestProtocolCollection metadata() {
        WorkerState state = rounds.state();
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
        rounds.prepare(!memberId.isEmpty());
        return true;
    }

    @Override
    protected Map<String, ByteBuffer> onLeaderElected(
            String leaderId, String protocolName, List<JoinGroupResponseMember> joined, boolean skipAssignment) {
        if (skipAssignment) {
            rounds.skip();
            return Map.of();
        }
        SortedMap<String, WorkerState> members = new TreeMap<>();
        joined.forEach(member -> members.put(member.memberId(), WorkerState.parse(ByteBuffer.wrap(member.metadata()))));
        return rounds.lead(leaderId, GroupProtocol.named(protocolName), members, time.hiResClockMs());
    }

    /** The membership's thread was held up for longer than the group waits: by the time that this is left what runs here must be on its way out. */
    @Override
    protected void handlePollTimeoutExpiry() {
        rounds.expire();
        super.handlePollTimeoutExpiry();
    }

    @Override
    protected void onJoinComplete(int generation, String memberId, String protocolName, ByteBuffer assignment) {
        rounds.agreed(generation, memberId, GroupProtocol.named(protocolName), assignment, time.hiResClockMs());
    }
}
