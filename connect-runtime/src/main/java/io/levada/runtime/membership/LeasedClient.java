/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient;
import org.apache.kafka.clients.consumer.internals.RequestFuture;
import org.apache.kafka.clients.consumer.internals.RequestFutureListener;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/** The connection to a group's coordinator, which sees by the brokers' answers that this worker is a member still. */
final class LeasedClient extends ConsumerNetworkClient {
    private final Lease lease;
    private final Time time;

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
        boolean joins = request instanceof JoinGroupRequest.Builder;
        if (joins) {
            lease.joining(sentNanos);
        }
        RequestFuture<ClientResponse> answer = super.send(node, request, requestTimeoutMs);
        answer.addListener(new RequestFutureListener<>() {
            @Override
            public void onSuccess(ClientResponse response) {
                see(response.responseBody(), sentNanos);
            }

            @Override
            public void onFailure(RuntimeException failure) {
                if (joins) {
                    lease.notJoined(time.nanoseconds());
                }
            }
        });
        return answer;
    }

    private void see(AbstractResponse response, long sentNanos) {
        if (response instanceof HeartbeatResponse heartbeat) {
            // While the group agrees anew, this worker is one of those who are waited for.
            if (heartbeat.error() == Errors.NONE || heartbeat.error() == Errors.REBALANCE_IN_PROGRESS) {
                lease.renew(sentNanos);
            }
        } else if (response instanceof JoinGroupResponse join) {
            if (join.error() == Errors.NONE) {
                lease.joined(time.nanoseconds());
            } else {
                lease.notJoined(time.nanoseconds());
            }
        } else if (response instanceof SyncGroupResponse sync && sync.error() == Errors.NONE) {
            lease.renew(sentNanos);
        }
    }
}
