/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.metrics.WorkerMetrics;
import io.levada.runtime.peers.Peers;
import io.levada.runtime.rest.calls.Backend;
import io.levada.runtime.rest.calls.Endpoints;
import io.levada.runtime.rest.calls.RestServices;
import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.rest.http.Json;
import io.levada.runtime.rest.http.Listener;
import io.levada.runtime.rest.http.PeerClient;
import io.levada.runtime.rest.http.RequestGuard;
import io.levada.runtime.rest.http.Route;
import io.levada.runtime.rest.http.Routes;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's HTTP server. It listens from {@link #start} on and answers {@code GET /health} with 503 until the rest of the worker is
 * there; other requests wait for that.
 */
public final class RestServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RestServer.class);
    private static final int EVENT_LOOPS = 2;

    /** The first segments of all paths of the worker's own. */
    public static final Set<String> ROOTS =
            Set.of("connectors", "connector-plugins", "levada", "admin", "health", "metrics", "ui");

    private final Vertx vertx;
    private final PeerClient peers;
    private final List<Integer> ports = new ArrayList<>();

    private RestServer(Vertx vertx, RestConfig config) {
        this.vertx = vertx;
        this.peers =
                new PeerClient(vertx, config.tls().orElse(null), config.limits().headerBytesMax());
    }

    /**
     * Listens; returns when it does.
     *
     * @param services completes when the worker has started, or fails if it cannot
     * @throws ConfigException if it cannot listen, naming the address and the key to change
     */
    public static RestServer start(RestConfig config, CompletionStage<RestServices> services, WorkerMetrics metrics) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(EVENT_LOOPS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        RestServer server = new RestServer(vertx, config);
        try {
            Json json = new Json(config.limits().bodyBytesMax());
            Backend backend = new Backend(services);
            List<Route> api = new ArrayList<>(Endpoints.api(backend, json, config.topicTracking(), server.peers));
            api.addAll(Endpoints.local(vertx, metrics));
            if (config.adminListeners().isEmpty()) {
                api.addAll(Endpoints.admin(backend, json, LogLevels.ofThisProcess()));
            }
            CompletableFuture<ExtensionHost> extensions = config.extensions().isEmpty()
                    ? null
                    : services.thenApply(started -> Objects.requireNonNull(
                                    started.extensions(), "rest.extension.classes is set, and there is no host"))
                            .toCompletableFuture();
            config.listeners()
                    .forEach(listener -> server.listen(RestConfig.LISTENERS, listener, api, config, json, extensions));
            config.adminListeners()
                    .ifPresent(listeners -> listeners.forEach(listener -> server.listen(
                            RestConfig.ADMIN_LISTENERS,
                            listener,
                            Endpoints.admin(backend, json, LogLevels.ofThisProcess()),
                            config,
                            json,
                            extensions)));
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(
            String key,
            Listener listener,
            List<Route> routes,
            RestConfig config,
            Json json,
            @Nullable CompletableFuture<ExtensionHost> extensions) {
        RequestHandler handler = new RequestHandler(
                new Routes(routes),
                new RequestGuard(listener.isLoopback(), config.origins()),
                config.headers(),
                config.limits(),
                json,
                extensions);
        HttpServerOptions options = new HttpServerOptions()
                .setHost(listener.host())
                .setPort(listener.port())
                .setHandle100ContinueAutomatically(true)
                .setMaxHeaderSize(config.limits().headerBytesMax())
                .setMaxInitialLineLength(config.limits().headerBytesMax())
                .setHttp2ClearTextEnabled(false);
        if (listener.tls()) {
            config.tlsOf(key).apply(options);
        }
        try {
            HttpServer http = vertx.createHttpServer(options)
                    .requestHandler(handler)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            ports.add(http.actualPort());
            LOGGER.atInfo().addKeyValue("url", listener.url(http.actualPort())).log("REST listens");
        } catch (CompletionException e) {
            throw cannotListen(key, listener, Failures.unwrap(e));
        }
    }

    private static ConfigException cannotListen(String key, Listener listener, Throwable cause) {
        String address = listener.host() + ":" + listener.port();
        String why = cause instanceof BindException
                ? "the port is in use, or the address is not this machine's"
                : cause.toString();
        ConfigException failure = new ConfigException(
                "REST cannot listen on " + address + ": " + why + ". Stop what uses it, or set " + key + "="
                        + listener.url(0).replaceFirst(":0$", ":<another port>") + " (0 takes a free one).");
        failure.initCause(cause);
        return failure;
    }

    /** Asks the REST APIs of other workers. */
    public Peers peers() {
        return peers;
    }

    /** The port of the first listener, also where the config said 0. */
    public int port() {
        return ports.get(0);
    }

    /** The ports of all listeners, those of {@code admin.listeners} last. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Stops listening; requests under way are cut off. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
