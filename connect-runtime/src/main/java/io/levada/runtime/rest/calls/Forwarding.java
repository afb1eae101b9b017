/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.peers.AnotherWorkerException;
import io.levada.runtime.peers.GroupBusyException;
import io.levada.runtime.peers.Peers;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.Route;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands requests on to the worker whose business they are, as they came, and its answer back, so that any worker of a group may be asked
 * anything. A request goes through two hands at most, as its parameter {@code forward} tells: none, then true, then false.
 */
final class Forwarding {
    private static final String FORWARD = "forward";
    private static final String AUTHORIZATION = "Authorization";
    /** Headers of another worker's answer that its client is to see; Location would name the other worker. */
    private static final Set<String> HANDED_BACK = Set.of("warning");

    private final Backend backend;
    private final Peers peers;

    Forwarding(Backend backend, Peers peers) {
        this.backend = backend;
        this.peers = peers;
    }

    /** What only the leader does. Whoever forbids to hand it on wants to know at once who that is. */
    Route.Endpoint byLeader(Route.Endpoint here) {
        Route.Endpoint handed = handed(here);
        return exchange -> mayForward(exchange)
                ? handed.answer(exchange)
                : backend.herder(exchange, herder -> CompletableFuture.completedFuture(herder.leads()))
                        .thenCompose(leads -> leads
                                ? here.answer(exchange)
                                : CompletableFuture.failedFuture(new GroupBusyException(
                                        "Cannot complete request because of a conflicting operation"
                                                + " (e.g. worker rebalance)")));
    }

    /** What is done where something runs. */
    Route.Endpoint handed(Route.Endpoint here) {
        return exchange -> here.answer(exchange).exceptionallyCompose(failure -> {
            Throwable cause = Failures.unwrap(failure);
            return cause instanceof AnotherWorkerException other && mayForward(exchange)
                    ? hand(exchange, other.url())
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private static boolean mayForward(Exchange exchange) {
        return exchange.flag(FORWARD, true);
    }

    private CompletionStage<Answer> hand(Exchange exchange, String url) {
        exchange.progress().waitingFor("the worker at " + url);
        String target = url + exchange.request().path().replaceFirst("^/", "") + "?" + query(exchange);
        Map<String, String> headers = new HashMap<>();
        String login = exchange.request().header(AUTHORIZATION);
        if (login != null) {
            headers.put(AUTHORIZATION, login);
        }
        Peers.Request request = new Peers.Request(exchange.request().method(), target, headers, exchange.content());
        return peers.send(request)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new GroupBusyException(
                        "The worker at " + url + ", whose business this is, does not answer: "
                                + Failures.unwrap(failure),
                        failure)))
                .thenCompose(answer -> answer.isDone()
                        // Who asks here next finds what was done there.
                        ? backend.herder(exchange, herder -> herder.caughtUp()).handle((read, late) -> answer)
                        : CompletableFuture.completedFuture(answer))
                .thenApply(answer -> back(exchange, answer));
    }

    /** The parameters as they came, but for the one that counts the hands. */
    private static String query(Exchange exchange) {
        boolean again = exchange.parameter(FORWARD) == null;
        StringBuilder query = new StringBuilder(FORWARD + "=" + again);
        String given = exchange.request().query();
        if (given != null) {
            for (String parameter : given.split("&", -1)) {
                if (!parameter.isEmpty() && !parameter.equals(FORWARD) && !parameter.startsWith(FORWARD + "=")) {
                    query.append('&').append(parameter);
                }
            }
        }
        return query.toString();
    }

    private static Answer back(Exchange exchange, Peers.Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        @Nullable String type = null;
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                type = header.getValue();
            } else if (name.equals("location")) {
                headers.put("Location", exchange.origin() + header.getValue().replaceFirst("^[a-z]+://[^/]*", ""));
            } else if (HANDED_BACK.contains(name)) {
                headers.put(header.getKey(), header.getValue());
            }
        }
        return new Answer(answer.status(), answer.body().length == 0 ? null : type, answer.body(), headers);
    }
}
