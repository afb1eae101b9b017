/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/**
 * The group protocol of one worker, over kafka-clients' own part of it. Its group is one of Kafka Connect by its type, and no other
 * worker's by the name of its protocol: the brokers let workers of Apache and of this kind not into one group. Owned by the
 * membership's thread.
 */
final class GroupCoordination extends AbstractCoordinator {
    private static final String TYPE = "connect";
    private static final String PROTOCOL = "levada-exclusive";
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(3);
    private static final int UUID_LENGTH = 36;

    private final String workerId;
    private final Optional<String> instance;
    private final Duration sessionTimeout;
    private final long heartbeatMs;
    private final Listener listener;
    private boolean holds;

    /** What becomes of the membership; called on the thread that polls. */
    interface Listener {
        /**
         * The group has agreed.
         *
         * @param own whether this worker runs the connectors
         */
        void onAgreed(int generation, Holder holder, boolean own);

        /** The group may have gone on without this worker, or nobody can say. */
        void onLost();
    }

    GroupCoordination(
            GroupRebalanceConfig group,
            LogContext log,
            ConsumerNetworkClient client,
            Metrics metrics,
            Time time,
            String workerId,
            Listener listener) {
        super(group, log, client, metrics, TYPE, time);
        this.workerId = workerId;
        this.instance = group.groupInstanceId;
        this.sessionTimeout = Duration.ofMillis(group.sessionTimeoutMs);
        this.heartbeatMs = group.heartbeatIntervalMs;
        this.listener = listener;
    }

    /** Joins when it must, says that it lives, and takes what the brokers send, for a little while. */
    void poll() {
        if (coordinatorUnknown() && !ensureCoordinatorReady(time.timer(sessionTimeout))) {
            // By now the brokers have given the place away, if they are there for others.
            lose();
            requestRejoin("the coordinator was not found for the time of a session");
            return;
        }
        if (rejoinNeededOrPending()) {
            ensureActiveGroup();
        }
        pollHeartbeat(time.milliseconds());
        client.poll(time.timer(Math.min(heartbeatMs, timeToNextHeartbeat(time.milliseconds()))));
    }

    /** Leaves, so that the next worker need not wait for the end of a session. */
    void leave() {
        close(time.timer(LEAVE_TIMEOUT), CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }

    @Override
    protected String protocolType() {
        return TYPE;
    }

    @Override
    protected JoinGroupRequestProtocolCollection metadata() {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(
                new JoinGroupRequestProtocol().setName(PROTOCOL).setMetadata(new Presence(workerId, holds).bytes()));
        return protocols;
    }

    /** Without an id the brokers do not know this worker any more. */
    @Override
    protected boolean onJoinPrepare(Timer timer, int generation, String memberId) {
        if (memberId.isEmpty()) {
            lose();
        }
        return true;
    }

    private void lose() {
        if (holds) {
            holds = false;
            listener.onLost();
        }
    }

    @Override
    protected Map<String, ByteBuffer> onLeaderElected(
            String leaderId, String protocol, List<JoinGroupResponseMember> joined, boolean skipAssignment) {
        Map<String, Presence> members = new HashMap<>();
        joined.forEach(member -> members.put(member.memberId(), Presence.parse(member.metadata())));
        Holder holder = Holder.elect(leaderId, members);
        Map<String, ByteBuffer> told = new HashMap<>();
        members.keySet().forEach(member -> told.put(member, holder.bytes()));
        return told;
    }

    @Override
    protected void onJoinComplete(int generation, String memberId, String protocol, ByteBuffer assignment) {
        Holder holder = Holder.parse(assignment);
        if (isBeforeMeInMyPlace(holder, memberId)) {
            requestRejoin("the group has agreed on an earlier member in the place of this one");
            return;
        }
        holds = holder.memberId().equals(memberId);
        listener.onAgreed(generation, holder, holds);
    }

    /**
     * Brokers give a place that is taken again to the member that they meet last, and may leave it what they told the one before, which
     * they let in no more (KIP-345). They make the id of such a member of the place's name and a UUID.
     */
    private boolean isBeforeMeInMyPlace(Holder holder, String memberId) {
        return instance.isPresent()
                && !holder.memberId().equals(memberId)
                && holder.memberId().startsWith(instance.get() + "-")
                && holder.memberId().length() == instance.get().length() + 1 + UUID_LENGTH;
    }
}
