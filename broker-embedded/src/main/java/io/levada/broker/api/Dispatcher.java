/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns one received frame into a call of its handler, and whatever comes of it into a {@link Reply}. Free of state; any thread may call. */
public final class Dispatcher {
    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);
    private final ApiTable table;

    public Dispatcher(ApiTable table) {
        this.table = table;
    }

    /**
     * Starts the work for one frame. Records in a produce request stay slices of {@code frame}, which must not be reused.
     *
     * @param frame a request from its header on, without the leading size
     * @return completed by any thread, never exceptionally
     */
    public CompletableFuture<Reply> dispatch(ByteBuffer frame, Caller caller) {
        Call call;
        try {
            call = parse(frame, caller);
        } catch (RuntimeException malformed) {
            // Kafka's readers signal a bad request by many kinds of exceptions; all mean that the bytes are not a
            // request.
            return CompletableFuture.completedFuture(new Reply.HangUp(String.valueOf(malformed.getMessage())));
        }
        return start(call)
                .handle((response, failure) -> failure == null ? call.answered(response) : call.failed(failure));
    }

    private Call parse(ByteBuffer frame, Caller caller) {
        RequestHeader header = RequestHeader.parse(frame);
        Api<?> api = table.find(header.apiKey())
                .orElseThrow(() -> new InvalidRequestException(header.apiKey() + " is not served"));
        if (!api.speaks(header.apiVersion()) && api.key() != ApiKeys.API_VERSIONS) {
            throw new InvalidRequestException(api.key() + " version " + header.apiVersion() + " is not served, "
                    + api.oldest() + " to " + api.newest() + " are");
        }
        RequestContext context = caller.contextOf(header);
        return new Call(api, context.parseRequest(frame).request, context);
    }

    private static CompletableFuture<? extends AbstractResponse> start(Call call) {
        try {
            return call.api.handle(call.request, call.context);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private record Call(Api<?> api, AbstractRequest request, RequestContext context) {
        Reply answered(AbstractResponse response) {
            if (!expectsNoAnswer()) {
                return new Reply.Answer(response, context);
            }
            boolean failed = response.errorCounts().keySet().stream().anyMatch(error -> error != Errors.NONE);
            return failed ? new Reply.HangUp("a produce request with acks=0 failed") : new Reply.Silence();
        }

        Reply failed(Throwable failure) {
            ApiException known = ErrorCodes.asApiException(failure);
            if (known instanceof UnknownServerException) {
                LOGGER.atError()
                        .addKeyValue("api", api.key())
                        .addKeyValue("client", context.clientId())
                        .setCause(failure)
                        .log("request failed unexpectedly");
            }
            return expectsNoAnswer()
                    ? new Reply.HangUp("a produce request with acks=0 failed")
                    : new Reply.Answer(request.getErrorResponse(0, known), context);
        }

        private boolean expectsNoAnswer() {
            return request instanceof ProduceRequest produce && produce.acks() == 0;
        }
    }
}
