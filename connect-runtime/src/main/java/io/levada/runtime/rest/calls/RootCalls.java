/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.MediaTypes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code GET /} and {@code GET /health} (KIP-1017), which also answer while the worker starts. */
final class RootCalls {
    private static final long HEALTH_TIMEOUT_SECONDS = 10;
    private static final String UNHEALTHY =
            "Worker was unable to handle this request and may be unable to handle other requests.";

    private final Backend backend;
    private final BuildInfo build = BuildInfo.read();

    RootCalls(Backend backend) {
        this.backend = backend;
    }

    CompletionStage<Answer> info(Exchange exchange) {
        if (Console.isBrowser(exchange.accept()) && Console.isInstalled()) {
            return done(Console.redirect());
        }
        if (!MediaTypes.accepts(exchange.accept(), Answer.JSON)) {
            throw new HttpStatusException(406, "HTTP 406 Not Acceptable");
        }
        String cluster =
                backend.started().map(started -> started.herder().clusterId()).orElse(null);
        return done(Answer.ok(
                Bodies.fields("version", build.version(), "commit", build.commit(), "kafka_cluster_id", cluster)));
    }

    CompletionStage<Answer> health(Exchange exchange) {
        if (backend.isStarting()) {
            return done(health(503, "starting", "Worker is still starting up."));
        }
        return backend.started()
                .map(started -> started.herder()
                        .health()
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(HEALTH_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                        .handle((alive, failure) -> failure == null
                                ? health(
                                        200, "healthy", "Worker has completed startup and is ready to handle requests.")
                                : health(500, "unhealthy", UNHEALTHY + why(failure))))
                .orElseGet(() -> CompletableFuture.completedFuture(health(500, "unhealthy", UNHEALTHY)));
    }

    private static String why(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        return cause instanceof TimeoutException || cause.getMessage() == null ? "" : " " + cause.getMessage();
    }

    private static Answer health(int status, String state, String message) {
        return Answer.json(status, Bodies.fields("status", state, "message", message));
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
