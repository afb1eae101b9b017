/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient;
import org.apache.kafka.clients.consumer.internals.RequestFuture;
import org.apache.kafka.clients.consumer.internals.RequestFutureListener;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a group's coordinator, which sees by the brokers' answers that this worker is a member still. While a request to join waits for the
 * slowest member kafka-clients sends no heartbeats, and brokers would not read one behind it: {@link #beatWhileJoining} sends them by another connection.
 */
final class LeasedClient extends ConsumerNetworkClient {
    private final Lease lease;
    private final Time time;
    /** As what the brokers knew this member last; null before. */
    private volatile @Nullable Known known;
    /** The request to join that has no answer yet; null if there is none. */
    private volatile @Nullable Asked asked;

    private record Known(String memberId, int generation) {}

    private record Asked(Node node, JoinGroupRequestData request) {
        /** Kafka-clients calls a broker otherwise as the coordinator, which has a connection of its own by that. */
        private Node byAnotherConnection() {
            return new Node(node.id(), node.host(), node.port());
        }
    }

    LeasedClient(
            LogContext log,
            KafkaClient client,
            Metadata metadata,
            Time time,
            long backoffMs,
            int requestTimeoutMs,
            int pollMaxMs,
            Lease lease) {
        super(log, client, metadata, time, backoffMs, requestTimeoutMs, pollMaxMs);
        this.lease = lease;
        this.time = time;
    }

    @Override
    public RequestFuture<ClientResponse> send(Node node, AbstractRequest.Builder<?> request, int requestTimeoutMs) {
        long sentNanos = time.nanoseconds();
        if (request instanceof JoinGroupRequest.Builder join) {
            asked = new Asked(node, join.build().data());
        }
        RequestFuture<ClientResponse> answer = super.send(node, request, requestTimeoutMs);
        answer.addListener(new RequestFutureListener<>() {
            @Override
            public void onSuccess(ClientResponse response) {
                see(response.responseBody(), sentNanos);
            }

            @Override
            public void onFailure(RuntimeException failure) {
                if (request instanceof JoinGroupRequest.Builder) {
                    asked = null;
                }
            }
        });
        return answer;
    }

    /** Says that this member lives, if it waits to join and is known from before; any thread, does not block. */
    void beatWhileJoining() {
        Asked join = asked;
        Known member = known;
        if (join != null && member != null && member.memberId.equals(join.request.memberId())) {
            RequestFuture<ClientResponse> unused = send(
                    join.byAnotherConnection(),
                    new HeartbeatRequest.Builder(new HeartbeatRequestData()
                            .setGroupId(join.request.groupId())
                            .setMemberId(member.memberId)
                            .setGroupInstanceId(join.request.groupInstanceId())
                            .setGenerationId(member.generation)));
        }
    }

    private void see(AbstractResponse response, long sentNanos) {
        if (response instanceof HeartbeatResponse heartbeat) {
            see(heartbeat.error(), sentNanos);
        } else if (response instanceof JoinGroupResponse join) {
            asked = null;
            if (join.error() == Errors.NONE) {
                known = new Known(join.data().memberId(), join.data().generationId());
            }
            see(join.error(), sentNanos);
        } else if (response instanceof SyncGroupResponse sync) {
            see(sync.error(), sentNanos);
        }
    }

    private void see(Errors answer, long sentNanos) {
        if (answer == Errors.NONE) {
            lease.renew(sentNanos);
        } else if (answer == Errors.REBALANCE_IN_PROGRESS) {
            lease.waitedFor(sentNanos);
        } else if (answer == Errors.UNKNOWN_MEMBER_ID || answer == Errors.FENCED_INSTANCE_ID) {
            lease.end(); // The group has gone on.
        }
    }
}
