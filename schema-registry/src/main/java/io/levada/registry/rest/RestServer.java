/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.levada.registry.schemas.RegistryException;
import io.levada.registry.schemas.SchemasOwner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves HTTP. A request is read whole, up to {@value #BODY_BYTES_MAX} bytes, asked of the owner, and answered. */
public final class RestServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RestServer.class);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int BODY_BYTES_MAX = 10 * 1024 * 1024;
    private static final int IDLE_SECONDS_MAX = 60;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Router router = new Router(Routes.all());
    private final SchemasOwner owner;
    private final Vertx vertx;
    private final URI address;

    /**
     * Binds and serves.
     *
     * @throws ConfigException if other machines can reach the listener and it is not said to be insecure
     * @throws CompletionException if the address cannot be bound
     */
    public RestServer(URI listener, boolean insecure, SchemasOwner owner) {
        if (!insecure && !isLoopback(listener.getHost())) {
            throw new ConfigException(
                    "listeners",
                    listener,
                    "is reached by other machines, and requests are not authenticated: use localhost, or set "
                            + "rest.insecure=true if the network itself is safe");
        }
        this.owner = owner;
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        try {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                            .setIdleTimeout(IDLE_SECONDS_MAX)
                            .setIdleTimeoutUnit(TimeUnit.SECONDS))
                    .requestHandler(this::receive)
                    .listen(listener.getPort(), listener.getHost())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            address = URI.create("http://" + listener.getHost() + ":" + server.actualPort());
        } catch (CompletionException e) {
            close();
            throw e;
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException("listeners", host, "is not the name of an address of this machine");
        }
    }

    /** With the port really bound. */
    public URI address() {
        return address;
    }

    private void receive(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > BODY_BYTES_MAX) {
                request.handler(null);
                error(request, 413, 413, "The body has more than " + BODY_BYTES_MAX + " bytes");
                request.connection().close();
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                dispatch(request, body);
            }
        });
        request.exceptionHandler(e ->
                LOGGER.atDebug().addKeyValue("path", request.path()).setCause(e).log("request broke off"));
    }

    private void dispatch(HttpServerRequest request, Buffer body) {
        try {
            Optional<Router.Match> match = router.match(request.method().name(), request.path());
            if (match.isEmpty()) {
                error(request, 404, 404, "HTTP 404 Not Found");
                return;
            }
            Routes.Route route = match.get().route();
            if (route == null) {
                error(request, 405, 405, "HTTP 405 Method Not Allowed");
                return;
            }
            ask(request, route, new Call(match.get().variables(), query(request), json(body)));
        } catch (IllegalArgumentException | IOException e) {
            error(request, 400, 400, "The request is not well formed: " + e.getMessage());
        }
    }

    private static Map<String, String> query(HttpServerRequest request) {
        Map<String, String> query = new HashMap<>();
        request.params().forEach(query::putIfAbsent);
        return query;
    }

    private JsonNode json(Buffer body) throws IOException {
        return body.length() == 0 ? MissingNode.getInstance() : mapper.readTree(body.getBytes());
    }

    private void ask(HttpServerRequest request, Routes.Route route, Call call) {
        Future.fromCompletionStage(
                        owner.ask(schemas -> route.question().apply(schemas, call)), vertx.getOrCreateContext())
                .onComplete((answer, failure) -> answer(request, answer, failure));
    }

    private void answer(HttpServerRequest request, @Nullable Object answer, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause == null && answer != null) {
            send(request, 200, answer);
        } else if (cause instanceof RegistryException refused) {
            error(request, refused.error().httpStatus(), refused.error().code(), String.valueOf(refused.getMessage()));
        } else {
            LOGGER.atError().addKeyValue("path", request.path()).setCause(cause).log("request failed");
            error(request, 500, 500, "Internal error; the registry's log says more");
        }
    }

    private void error(HttpServerRequest request, int status, int code, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error_code", code);
        body.put("message", message);
        send(request, status, body);
    }

    private void send(HttpServerRequest request, int status, Object body) {
        try {
            byte[] json = body instanceof Routes.RawJson raw
                    ? raw.text().getBytes(StandardCharsets.UTF_8)
                    : mapper.writeValueAsBytes(body);
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", CONTENT_TYPE)
                    .end(Buffer.buffer(json))
                    .onFailure(e -> LOGGER.atDebug().setCause(e).log("answer was not taken"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer of maps and lists is always JSON", e);
        }
    }

    /** Closes the connections; requests that wait for the owner get no answer. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
