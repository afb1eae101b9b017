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

/**
 * The connection to a group's coordinator, which sees by the brokers' answers that this worker is a member still. While a request to join waits for
 * the slowest member no heartbeats are sent: {@link #joining} says who else can be asked meanwhile.
 */
final class LeasedClient extends ConsumerNetworkClient {
    private final Lease lease;
    private final Time time;
    private final Joining joining;

    /** Hears of requests to join; any thread. */
    interface Joining {
        /** This member asks to join; an id is what the brokers know it by, empty for none. */
        void asked(String memberId);

        /** That was answered, or will not be. */
        void over();
    }

    LeasedClient(
            LogContext log,
            KafkaClient client,
            Metadata metadata,
            Time time,
            long backoffMs,
            int requestTimeoutMs,
            int pollMaxMs,
            Lease lease,
            Joining joining) {
        super(log, client, metadata, time, backoffMs, requestTimeoutMs, pollMaxMs);
        this.lease = lease;
        this.time = time;
        this.joining = joining;
    }

    @Override
    public RequestFuture<ClientResponse> send(Node node, AbstractRequest.Builder<?> request, int requestTimeoutMs) {
        long sentNanos = time.nanoseconds();
        boolean joins = request instanceof JoinGroupRequest.Builder;
        if (joins) {
            joining.asked(((JoinGroupRequest) request.build()).data().memberId());
        }
        RequestFuture<ClientResponse> answer = super.send(node, request, requestTimeoutMs);
        answer.addListener(new RequestFutureListener<>() {
            @Override
            public void onSuccess(ClientResponse response) {
                if (joins) {
                    joining.over();
                }
                see(response.responseBody(), sentNanos);
            }

            @Override
            public void onFailure(RuntimeException failure) {
                if (joins) {
                    joining.over();
                }
            }
        });
        return answer;
    }

    private void see(AbstractResponse response, long sentNanos) {
        if (response instanceof HeartbeatResponse heartbeat) {
            see(heartbeat.error(), sentNanos);
        } else if (response instanceof JoinGroupResponse join) {
            see(join.error(), sentNanos);
        } else if (response instanceof SyncGroupResponse sync) {
            see(sync.error(), sentNanos);
        }
    }

    /** While the group agrees anew, this worker is one of those who are waited for. */
    private void see(Errors answer, long sentNanos) {
        if (answer == Errors.NONE || answer == Errors.REBALANCE_IN_PROGRESS) {
            lease.renew(sentNanos);
        } else if (answer == Errors.UNKNOWN_MEMBER_ID || answer == Errors.FENCED_INSTANCE_ID) {
            lease.end(); // The group has gone on.
        }
    }
}
