/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Answers the requests of one API key.
 *
 * @param <Q> the request class of that key
 */
@FunctionalInterface
public interface ApiHandler<Q extends AbstractRequest> {
    /**
     * Starts the work and returns at once: this runs on an event loop. A thrown or completed exception becomes the request's error response
     * ({@link ErrorCodes}). The answer reaches the client after the answers to what the same connection asked before.
     */
    CompletableFuture<? extends AbstractResponse> handle(Q request, Caller caller);
}
