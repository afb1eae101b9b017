/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.metrics.WorkerMetrics;
import io.levada.runtime.peers.LeaderCalls;
import io.levada.runtime.rest.calls.Backend;
import io.levada.runtime.rest.calls.Endpoints;
import io.levada.runtime.rest.calls.TopicTracking;
import io.levada.runtime.rest.http.Json;
import io.levada.runtime.rest.http.Route;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RootsTest {
    @Test
    void restExtensionsAreToldEveryRootOfTheWorkersOwnPaths() {
        Vertx vertx = Vertx.vertx();
        try (WorkerMetrics metrics = WorkerMetrics.create()) {
            Json json = new Json(1);
            Backend backend = new Backend(new CompletableFuture<>());
            List<Route> routes =
                    new ArrayList<>(Endpoints.api(backend, json, new TopicTracking(true, true), LeaderCalls.nobody()));
            routes.addAll(Endpoints.local(vertx, metrics));
            routes.addAll(Endpoints.admin(backend, json, LogLevels.ofThisProcess()));

            Set<String> roots = routes.stream()
                    .flatMap(route -> route.segments().stream().limit(1))
                    .collect(Collectors.toSet());

            assertThat(RestServer.ROOTS).isEqualTo(roots);
        } finally {
            var unused = vertx.close();
        }
    }
}
