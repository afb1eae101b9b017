/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.metrics.ReadingProgress;
import io.levada.runtime.metrics.WorkerMetrics;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.rest.calls.RestServices;
import io.levada.runtime.validation.ValidationService;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A REST server on a free port with an {@link InMemoryHerder} behind it, and a client for it. */
final class RunningRest implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final CompletableFuture<RestServices> services = new CompletableFuture<>();
    final InMemoryHerder herder;

    private final RestServer server;
    private final Plugins plugins;
    private final ValidationService validation;
    private final WorkerMetrics metrics = WorkerMetrics.create();
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningRest(RestConfig config, Path pluginPath) {
        this.plugins = Plugins.discover(PluginSearch.of(pluginPath.toString(), null, "hybrid_warn"));
        this.validation = new ValidationService(
                plugins,
                new ValidationSettings(
                        PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                        PluginChoice.of("org.apache.kafka.connect.storage.StringConverter"),
                        PluginChoice.of("org.apache.kafka.connect.storage.SimpleHeaderConverter"),
                        false,
                        true,
                        new OverridePolicy.Allowlist(Set.copyOf(OverridePolicy.HARMLESS)),
                        Map.of(),
                        Map.of(),
                        UnaryOperator.identity(),
                        Duration.ofMinutes(2)));
        this.herder = new InMemoryHerder(validation);
        this.server = RestServer.start(config, services, metrics);
    }

    static RunningRest starting(Path pluginPath, Map<String, String> worker) {
        Map<String, String> properties = new HashMap<>(Map.of("listeners", "http://localhost:0"));
        properties.putAll(worker);
        return new RunningRest(RestConfig.from(properties), pluginPath);
    }

    static RunningRest withLimits(Path pluginPath, RestConfig.Limits limits) {
        RestConfig config = RestConfig.from(Map.of("listeners", "http://localhost:0"));
        RunningRest rest = new RunningRest(
                new RestConfig(
                        config.listeners(),
                        config.adminListeners(),
                        config.origins(),
                        config.headers(),
                        config.topicTracking(),
                        limits,
                        config.extensions(),
                        config.tls(),
                        config.adminTls()),
                pluginPath);
        return rest.started();
    }

    /** What is known of every connector's tasks. */
    final Map<Integer, ReadingProgress> progress = new HashMap<>();

    RunningRest started() {
        services.complete(
                new RestServices(herder, plugins, validation, () -> Map.of(new ConnectorName("s"), progress), null));
        return this;
    }

    int port() {
        return server.port();
    }

    List<Integer> ports() {
        return server.ports();
    }

    /** A request without a body. */
    Reply call(String method, String path, String... headers) {
        return send(method, path, null, headers);
    }

    /** A request without a body to another of its listeners. */
    Reply callAt(String listener, String method, String path) {
        return sendTo(URI.create(listener + path), method, null);
    }

    /** A request with a JSON body. */
    Reply send(String method, String path, @Nullable String body, String... headers) {
        return sendTo(URI.create("http://localhost:" + port() + path), method, body, headers);
    }

    private Reply sendTo(URI target, String method, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(Duration.ofMinutes(2))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null && headers.length == 0) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Reply(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        validation.close();
        plugins.close();
        metrics.close();
    }

    /** What came back. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            try {
                return MAPPER.readTree(body());
            } catch (IOException e) {
                throw new UncheckedIOException(body(), e);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String message() {
            return json().path("message").asText();
        }
    }
}
