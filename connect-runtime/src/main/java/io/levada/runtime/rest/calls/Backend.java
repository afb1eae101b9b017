/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.herder.Herder;
import io.levada.runtime.rest.http.Exchange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The rest of the worker, as far as it has started. Calls that come earlier wait for it. */
public final class Backend {
    private final CompletableFuture<RestServices> services;

    /** @param services complete once the worker has started, and fail if it cannot */
    public Backend(CompletionStage<RestServices> services) {
        this.services = services.toCompletableFuture();
    }

    <T> CompletionStage<T> herder(Exchange exchange, Function<Herder, CompletionStage<T>> call) {
        return services(exchange, "the herder", started -> call.apply(started.herder()));
    }

    <T> CompletionStage<T> services(Exchange exchange, String what, Function<RestServices, CompletionStage<T>> call) {
        return services.thenCompose(started -> {
            exchange.progress().waitingFor(what);
            return call.apply(started);
        });
    }

    boolean isStarting() {
        return !services.isDone();
    }

    /** Empty while the worker starts, and if its start failed. */
    Optional<RestServices> started() {
        return services.isDone() && !services.isCompletedExceptionally()
                ? Optional.of(services.join())
                : Optional.empty();
    }
}
