/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConnectorInfo;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.Json;
import io.levada.runtime.rest.http.MalformedBodyException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /connectors} and what is below it, but for offsets and topics. */
final class ConnectorCalls {
    private final Backend backend;
    private final Json json;

    ConnectorCalls(Backend backend, Json json) {
        this.backend = backend;
        this.json = json;
    }

    CompletionStage<Answer> list(Exchange exchange) {
        if (!exchange.query().contains("expand")) {
            return backend.herder(exchange, Herder::connectors)
                    .thenApply(names ->
                            Answer.ok(names.stream().map(ConnectorName::value).toList()));
        }
        List<String> parts = exchange.parameters("expand");
        return backend.herder(
                        exchange, herder -> herder.connectors().thenCompose(names -> expanded(herder, names, parts)))
                .thenApply(Answer::ok);
    }

    private static CompletionStage<Map<String, Object>> expanded(
            Herder herder, List<ConnectorName> names, List<String> parts) {
        List<CompletableFuture<Map<String, Object>>> all = new ArrayList<>();
        for (ConnectorName name : names) {
            CompletionStage<Map<String, Object>> expanded = CompletableFuture.completedFuture(new LinkedHashMap<>());
            if (parts.contains("status")) {
                expanded = expanded.thenCombine(
                        herder.status(name), (map, status) -> with(map, "status", Bodies.status(status)));
            }
            if (parts.contains("info")) {
                expanded = expanded.thenCombine(herder.info(name), (map, info) -> with(map, "info", Bodies.info(info)));
            }
            all.add(expanded.exceptionallyCompose(ConnectorCalls::goneMeanwhile).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(ready -> {
            Map<String, Object> result = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                Map<String, Object> expanded = all.get(i).join();
                if (!expanded.containsKey("")) {
                    result.put(names.get(i).value(), expanded);
                }
            }
            return result;
        });
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        map.put(key, value);
        return map;
    }

    /** A connector deleted between list and look is left out; marked by an empty key until then. */
    private static CompletionStage<Map<String, Object>> goneMeanwhile(Throwable failure) {
        return Failures.unwrap(failure) instanceof ConnectorNotFoundException
                ? CompletableFuture.completedFuture(Map.of("", ""))
                : CompletableFuture.failedFuture(failure);
    }

    CompletionStage<Answer> create(Exchange exchange) {
        Requests.Create request = json.read(exchange.content(), Requests.Create.class);
        if (request.config() == null) {
            throw new MalformedBodyException("The request has no config; send {\"name\": ..., \"config\": {...}}");
        }
        ConnectorName name =
                new ConnectorName(request.name() == null ? "" : request.name().trim());
        Map<String, @Nullable String> config = named(name, request.config());
        return backend.herder(
                        exchange,
                        herder -> herder.createConnector(
                                name,
                                config,
                                request.initialState() == null
                                        ? null
                                        : request.initialState().target()))
                .thenApply(info -> created(exchange, info));
    }

    CompletionStage<Answer> putConfig(Exchange exchange) {
        Map<String, @Nullable String> config = named(exchange.connector(), json.strings(exchange.content()));
        return backend.herder(exchange, herder -> herder.putConfig(exchange.connector(), config))
                .thenApply(put -> put.created() ? created(exchange, put.info()) : stored(put.info()));
    }

    CompletionStage<Answer> patchConfig(Exchange exchange) {
        Map<String, @Nullable String> patch = json.strings(exchange.content());
        return backend.herder(exchange, herder -> herder.patchConfig(exchange.connector(), patch))
                .thenApply(ConnectorCalls::stored);
    }

    private static Answer stored(ConnectorInfo info) {
        return Answer.ok(Bodies.info(info)).warning(info.warnings());
    }

    private static Answer created(Exchange exchange, ConnectorInfo info) {
        return Answer.json(201, Bodies.info(info))
                .warning(info.warnings())
                .with(
                        "Location",
                        exchange.origin() + "/connectors/"
                                + LocationName.encode(info.name().value()));
    }

    private static Map<String, @Nullable String> named(ConnectorName name, Map<String, @Nullable String> config) {
        Map<String, @Nullable String> named = new LinkedHashMap<>(config);
        String own = named.putIfAbsent("name", name.value());
        if (own != null && !own.equals(name.value())) {
            throw new BadRequestException("Connector name configuration (" + own
                    + ") doesn't match connector name in the URL (" + name + ")");
        }
        return named;
    }

    CompletionStage<Answer> info(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.info(exchange.connector()))
                .thenApply(info -> Answer.ok(Bodies.info(info)));
    }

    CompletionStage<Answer> config(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.config(exchange.connector()))
                .thenApply(Answer::ok);
    }

    CompletionStage<Answer> status(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.status(exchange.connector()))
                .thenApply(status -> Answer.ok(Bodies.status(status)));
    }

    CompletionStage<Answer> delete(Exchange exchange) {
        return command(exchange, 204, herder -> herder.delete(exchange.connector()));
    }

    CompletionStage<Answer> pause(Exchange exchange) {
        return command(exchange, 202, herder -> herder.pause(exchange.connector()));
    }

    CompletionStage<Answer> resume(Exchange exchange) {
        return command(exchange, 202, herder -> herder.resume(exchange.connector()));
    }

    CompletionStage<Answer> stop(Exchange exchange) {
        return command(exchange, 204, herder -> herder.stop(exchange.connector()));
    }

    CompletionStage<Answer> restart(Exchange exchange) {
        boolean includeTasks = exchange.flag("includeTasks", false);
        boolean onlyFailed = exchange.flag("onlyFailed", false);
        return backend.herder(exchange, herder -> herder.restart(exchange.connector(), includeTasks, onlyFailed))
                .thenApply(status -> status.map(then -> Answer.json(202, Bodies.status(then)))
                        .orElseGet(() -> Answer.empty(204)));
    }

    CompletionStage<Answer> tasks(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.tasks(exchange.connector()))
                .thenApply(tasks -> Answer.ok(tasks.stream().map(Bodies::task).toList()));
    }

    CompletionStage<Answer> taskStatus(Exchange exchange) {
        return backend.herder(exchange, herder -> herder.taskStatus(exchange.task()))
                .thenApply(status -> Answer.ok(Bodies.task(status)));
    }

    CompletionStage<Answer> restartTask(Exchange exchange) {
        return command(exchange, 204, herder -> herder.restartTask(exchange.task()));
    }

    private CompletionStage<Answer> command(
            Exchange exchange, int status, Function<Herder, CompletionStage<Void>> call) {
        return backend.herder(exchange, call).thenApply(nothing -> Answer.empty(status));
    }
}
