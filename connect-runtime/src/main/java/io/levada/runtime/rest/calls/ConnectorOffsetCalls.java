/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.herder.ConnectorOffset;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code /connectors/{c}/offsets} (KIP-875) and {@code /connectors/{c}/topics} (KIP-558). */
final class ConnectorOffsetCalls {
    private final Backend backend;
    private final Json json;
    private final TopicTracking tracking;

    ConnectorOffsetCalls(Backend backend, Json json, TopicTracking tracking) {
        this.backend = backend;
        this.json = json;
        this.tracking = tracking;
    }

    CompletionStage<Answer> offsets(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.offsets(exchange.connector()))
                .thenApply(offsets -> Answer.ok(Bodies.offsets(offsets)));
    }

    CompletionStage<Answer> alter(Exchange exchange) {
        List<ConnectorOffset> offsets =
                json.read(exchange.content(), Requests.Offsets.class).checked();
        return backend.herder(exchange, herder -> herder.alterOffsets(exchange.connector(), offsets))
                .thenApply(message -> Answer.ok(Bodies.message(message)));
    }

    CompletionStage<Answer> reset(Exchange exchange) {
        return backend.herder(exchange, (Herder herder) -> herder.resetOffsets(exchange.connector()))
                .thenApply(message -> Answer.ok(Bodies.message(message)));
    }

    CompletionStage<Answer> topics(Exchange exchange) {
        if (!tracking.enabled()) {
            throw new HttpStatusException(403, "Topic tracking is disabled (topic.tracking.enable=false).");
        }
        return backend.herder(exchange, herder -> herder.activeTopics(exchange.connector()))
                .thenApply(topics -> Answer.ok(Bodies.fields(
                        exchange.connector().value(),
                        Bodies.fields("topics", topics.stream().sorted().toList()))));
    }

    CompletionStage<Answer> resetTopics(Exchange exchange) {
        if (!tracking.enabled()) {
            throw new HttpStatusException(403, "Topic tracking is disabled (topic.tracking.enable=false).");
        }
        if (!tracking.resetAllowed()) {
            throw new HttpStatusException(403, "Topic tracking reset is disabled (topic.tracking.allow.reset=false).");
        }
        return backend.herder(exchange, herder -> herder.resetActiveTopics(exchange.connector()))
                .thenApply(nothing -> Answer.empty(202));
    }
}
