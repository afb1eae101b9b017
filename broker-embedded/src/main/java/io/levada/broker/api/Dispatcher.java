/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns one received frame into a call of its handler, and whatever comes of it into a {@link Reply}. Any thread may call. */
public final class Dispatcher {
    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);
    private static final AtomicLong SESSION_IDS = new AtomicLong();
    private final ApiTable table;
    private final Authorizer authorizer;
    private final Throttle throttle;

    public Dispatcher(ApiTable table, Authorizer authorizer, Throttle throttle) {
        this.table = table;
        this.authorizer = authorizer;
        this.throttle = throttle;
    }

    /** Begins the session of a connection that came from {@code address} through {@code listener}. */
    public Session open(InetAddress address, ListenerName listener) {
        return new Session(Long.toString(SESSION_IDS.incrementAndGet()), address, listener, authorizer, throttle);
    }

    /**
     * Starts the work for one frame. Records in a produce request stay slices of {@code frame}, which must not be reused.
     *
     * @param frame a request from its header on, without the leading size
     * @return completed by any thread, never exceptionally
     */
    public CompletableFuture<Reply> dispatch(ByteBuffer frame, Session session) {
        Call call;
        try {
            call = parse(frame, session);
        } catch (RuntimeException malformed) {
            // Kafka's readers signal a bad request by many kinds of exceptions; all mean that the bytes are not a
            // request.
            return CompletableFuture.completedFuture(new Reply.HangUp(String.valueOf(malformed.getMessage())));
        }
        return start(call)
                .handle((response, failure) -> failure == null ? call.answered(response) : call.failed(failure));
    }

    private Call parse(ByteBuffer frame, Session session) {
        int bytes = frame.remaining();
        RequestHeader header = RequestHeader.parse(frame);
        ApiTable.Api<?> api = table.find(header.apiKey())
                .orElseThrow(() -> new InvalidRequestException(header.apiKey() + " is not served"));
        if (!api.speaks(header.apiVersion()) && api.key() != ApiKeys.API_VERSIONS) {
            throw new InvalidRequestException(api.key() + " version " + header.apiVersion() + " is not served, "
                    + api.oldest() + " to " + api.newest() + " are");
        }
        RequestContext context = session.contextOf(header);
        return new Call(api, context.parseRequest(frame).request, new Caller(session, context), bytes);
    }

    private static CompletableFuture<? extends AbstractResponse> start(Call call) {
        try {
            return call.api.handle(call.request, call.caller);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private record Call(ApiTable.Api<?> api, AbstractRequest request, Caller caller, int bytes) {
        Reply answered(AbstractResponse response) {
            if (!expectsNoAnswer()) {
                return answer(response);
            }
            boolean failed = response.errorCounts().keySet().stream().anyMatch(error -> error != Errors.NONE);
            return failed ? new Reply.HangUp("a produce request with acks=0 failed") : new Reply.Silence();
        }

        Reply failed(Throwable failure) {
            ApiException known = ErrorCodes.asApiException(failure);
            if (known instanceof UnknownServerException) {
                LOGGER.atError()
                        .addKeyValue("api", api.key())
                        .addKeyValue("client", caller.clientId())
                        .setCause(failure)
                        .log("request failed unexpectedly");
            }
            return expectsNoAnswer()
                    ? new Reply.HangUp("a produce request with acks=0 failed")
                    : answer(request.getErrorResponse(0, known));
        }

        private Reply answer(AbstractResponse response) {
            int pauseMs = caller.session().throttle().pauseMs(caller, bytes, response);
            if (pauseMs > 0) {
                response.maybeSetThrottleTimeMs(pauseMs);
            }
            return new Reply.Answer(response, caller.request(), pauseMs);
        }

        private boolean expectsNoAnswer() {
            return request instanceof ProduceRequest produce && produce.acks() == 0;
        }
    }
}
