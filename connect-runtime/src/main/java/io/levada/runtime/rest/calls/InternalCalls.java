/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.peers.InternalRequest;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.Json;
import java.util.concurrent.CompletionStage;

/** What followers ask of their leader, signed (KIP-507): {@code POST /connectors/{c}/tasks} and {@code PUT /connectors/{c}/fence}. */
final class InternalCalls {
    private final Backend backend;
    private final Json json;

    InternalCalls(Backend backend, Json json) {
        this.backend = backend;
        this.json = json;
    }

    CompletionStage<Answer> putTasks(Exchange exchange) {
        InternalRequest request = request(exchange);
        return backend.herder(exchange, herder -> {
                    herder.check(request); // Of a stranger's request nothing is read.
                    return herder.putTaskConfigs(exchange.connector(), json.listOfStrings(exchange.content()), request);
                })
                .thenApply(done -> Answer.empty(204));
    }

    CompletionStage<Answer> fence(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.fence(exchange.connector(), request(exchange)))
                .thenApply(done -> Answer.empty(204));
    }

    private static InternalRequest request(Exchange exchange) {
        return new InternalRequest(
                exchange.content(),
                exchange.request().header(InternalRequest.SIGNATURE),
                exchange.request().header(InternalRequest.ALGORITHM));
    }
}
