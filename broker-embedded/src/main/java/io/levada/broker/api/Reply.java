/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;

/** What a connection has to do once a request is worked off. */
public sealed interface Reply {
    /**
     * Sends {@link #bytes()}, then starts nothing more for {@code pauseMs}.
     *
     * @param pauseMs what the {@link Throttle} decided, 0 for no pause
     */
    record Answer(AbstractResponse response, RequestContext context, int pauseMs) implements Reply {
        /** The whole response frame. Serialises at each call, so that the connection decides on which thread that happens. */
        public Send bytes() {
            return context.buildResponseSend(response);
        }
    }

    /** Sends nothing: a produce request with acks=0 expects no answer. */
    record Silence() implements Reply {}

    /** Closes the connection: what came is not Kafka's protocol, or the client can be told of a failure in no other way. */
    record HangUp(String reason) implements Reply {}
}
