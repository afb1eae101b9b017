/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.produce;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/** InitProducerId for idempotent producers: a fresh id each time, with epoch 0. */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {
    private final ProducerIds ids;
    private final Executor executor;

    /**
     * The handler.
     *
     * @param executor may block on disk
     */
    public InitProducerIdHandler(ProducerIds ids, Executor executor) {
        this.ids = ids;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<InitProducerIdResponse> handle(InitProducerIdRequest request, Caller caller) {
        if (request.data().transactionalId() != null) {
            throw new InvalidRequestException("this broker serves no transactions yet");
        }
        return CompletableFuture.supplyAsync(
                () -> new InitProducerIdResponse(new InitProducerIdResponseData()
                        .setProducerId(ids.take())
                        .setProducerEpoch((short) 0)),
                executor);
    }
}
