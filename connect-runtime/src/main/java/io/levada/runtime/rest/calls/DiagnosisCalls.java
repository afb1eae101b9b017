/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.Diagnosis;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.metrics.ReadingProgress;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /levada/v1/connectors}: the status with what the worker knows of failures and progress. Not in Kafka Connect. */
final class DiagnosisCalls {
    private final Backend backend;

    DiagnosisCalls(Backend backend) {
        this.backend = backend;
    }

    CompletionStage<Answer> one(Exchange exchange) {
        return backend.services(
                exchange,
                "the herder",
                services -> services.herder()
                        .diagnosis(exchange.connector())
                        .thenApply(diagnosis ->
                                Answer.ok(body(diagnosis, services.progress().get()))));
    }

    /** All that have a status, by name; one that is deleted between list and look is left out. */
    CompletionStage<Answer> list(Exchange exchange) {
        return backend.services(
                        exchange,
                        "the herder",
                        services -> services.herder().connectors().thenCompose(names -> all(services, names)))
                .thenApply(Answer::ok);
    }

    private static Map<String, @Nullable Object> body(
            Diagnosis diagnosis, Map<ConnectorName, Map<Integer, ReadingProgress>> progress) {
        return Bodies.diagnosis(
                diagnosis, progress.getOrDefault(diagnosis.status().name(), Map.of()));
    }

    private static CompletionStage<Map<String, @Nullable Object>> all(
            RestServices services, List<ConnectorName> names) {
        List<CompletableFuture<Optional<Diagnosis>>> asked = names.stream()
                .map(name -> services.herder()
                        .diagnosis(name)
                        .thenApply(Optional::of)
                        .exceptionallyCompose(DiagnosisCalls::goneMeanwhile)
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(ready -> {
            Map<ConnectorName, Map<Integer, ReadingProgress>> progress =
                    services.progress().get();
            Map<String, @Nullable Object> found = new LinkedHashMap<>();
            asked.forEach(one -> one.join()
                    .ifPresent(diagnosis -> found.put(diagnosis.status().name().value(), body(diagnosis, progress))));
            return found;
        });
    }

    private static CompletionStage<Optional<Diagnosis>> goneMeanwhile(Throwable failure) {
        return Failures.unwrap(failure) instanceof ConnectorNotFoundException
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.failedFuture(failure);
    }
}
