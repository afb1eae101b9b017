/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /levada/v1/connectors/{c}/signals}: asks a connector for something while it runs. Not in Kafka Connect. */
final class SignalCalls {
    private final Backend backend;
    private final Json json;

    SignalCalls(Backend backend, Json json) {
        this.backend = backend;
        this.json = json;
    }

    /** Accepted, and not done yet: whether it made sense, the connector says in its log. */
    CompletionStage<Answer> send(Exchange exchange) {
        Requests.Signal wanted = json.read(exchange.content(), Requests.Signal.class);
        String id = wanted.id() == null ? UUID.randomUUID().toString() : wanted.id();
        Map<String, @Nullable Object> signal = Bodies.fields(
                "id", id, "type", wanted.checkedType(), "data", wanted.data() == null ? Map.of() : wanted.data());
        String text = new String(json.write(signal), StandardCharsets.UTF_8);
        return backend.herder(exchange, herder -> herder.signal(exchange.connector(), text))
                .thenApply(written -> Answer.json(
                        202,
                        Bodies.fields(
                                "id", id,
                                "topic", written.topic(),
                                "partition", written.partition(),
                                "offset", written.offset())));
    }
}
