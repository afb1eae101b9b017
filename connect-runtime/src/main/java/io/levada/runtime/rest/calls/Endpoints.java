/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.metrics.WorkerMetrics;
import io.levada.runtime.peers.Peers;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Json;
import io.levada.runtime.rest.http.Route;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which path does what. */
public final class Endpoints {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private Endpoints() {}

    /** The API without its administrative part. */
    public static List<Route> api(Backend backend, Json json, TopicTracking tracking, Peers peers) {
        Forwarding to = new Forwarding(backend, peers);
        InternalCalls internal = new InternalCalls(backend, json);
        ConnectorCalls connectors = new ConnectorCalls(backend, json);
        ConnectorOffsetCalls offsets = new ConnectorOffsetCalls(backend, json, tracking);
        DiagnosisCalls diagnoses = new DiagnosisCalls(backend);
        SignalCalls signals = new SignalCalls(backend, json);
        PluginCalls plugins = new PluginCalls(backend, json);
        RootCalls root = new RootCalls(backend);
        List<Route> routes = new ArrayList<>(List.of(
                Route.get("/", root::info).producing(Console.ANYTHING),
                Route.get("/health", root::health),
                Route.get("/connectors", connectors::list),
                Route.withBody("POST", "/connectors", to.byLeader(connectors::create)),
                Route.get("/connectors/{connector}", connectors::info),
                Route.of("DELETE", "/connectors/{connector}", to.byLeader(connectors::delete)),
                Route.get("/connectors/{connector}/config", connectors::config),
                Route.withBody("PUT", "/connectors/{connector}/config", to.byLeader(connectors::putConfig)),
                Route.withBody("PATCH", "/connectors/{connector}/config", to.byLeader(connectors::patchConfig)),
                Route.get("/connectors/{connector}/status", connectors::status),
                Route.of("PUT", "/connectors/{connector}/pause", to.byLeader(connectors::pause)),
                Route.of("PUT", "/connectors/{connector}/resume", to.byLeader(connectors::resume)),
                Route.of("PUT", "/connectors/{connector}/stop", to.byLeader(connectors::stop)),
                Route.of("POST", "/connectors/{connector}/restart", to.handed(connectors::restart)),
                Route.get("/connectors/{connector}/tasks", connectors::tasks),
                Route.withBody("POST", "/connectors/{connector}/tasks", internal::putTasks),
                Route.withBody("PUT", "/connectors/{connector}/fence", internal::fence),
                Route.get("/connectors/{connector}/tasks/{task}/status", connectors::taskStatus),
                Route.of("POST", "/connectors/{connector}/tasks/{task}/restart", to.handed(connectors::restartTask)),
                Route.get("/connectors/{connector}/offsets", offsets::offsets),
                Route.withBody("PATCH", "/connectors/{connector}/offsets", to.byLeader(offsets::alter)),
                Route.of("DELETE", "/connectors/{connector}/offsets", to.byLeader(offsets::reset)),
                Route.get("/connectors/{connector}/topics", offsets::topics),
                Route.of("PUT", "/connectors/{connector}/topics/reset", offsets::resetTopics),
                Route.get("/levada/v1/connectors", diagnoses::list),
                Route.get("/levada/v1/connectors/{connector}", diagnoses::one),
                Route.withBody("POST", "/levada/v1/connectors/{connector}/signals", signals::send),
                Route.get("/connector-plugins", plugins::list),
                Route.get("/connector-plugins/{plugin}/config", plugins::config),
                Route.withBody("PUT", "/connector-plugins/{plugin}/config/validate", plugins::validate)));
        return routes;
    }

    /** What this worker adds to Kafka Connect's API: metrics and the console. */
    public static List<Route> local(Vertx vertx, WorkerMetrics metrics) {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(
                        "/metrics",
                        exchange -> vertx.executeBlocking(metrics::scrape)
                                .map(text -> Answer.bytes(METRICS_TYPE, text.getBytes(StandardCharsets.UTF_8)))
                                .toCompletionStage())
                .producing("text/plain"));
        if (Console.isInstalled()) {
            routes.addAll(new Console(vertx).routes());
        }
        return routes;
    }

    /** What {@code admin.listeners} can move or switch off. */
    public static List<Route> admin(Backend backend, Json json, LogLevels levels) {
        LoggerCalls loggers = new LoggerCalls(backend, json, levels);
        return List.of(
                Route.get("/admin/loggers", loggers::list),
                Route.get("/admin/loggers/{logger}", loggers::level),
                Route.withBody("PUT", "/admin/loggers/{logger}", loggers::setLevel));
    }
}
