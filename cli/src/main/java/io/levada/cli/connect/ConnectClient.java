/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls a worker's REST API and turns its refusals into problems with an exit code. But for signals, it uses what Apache Kafka
 * Connect documents and nothing else. Blocks; a call takes at most {@link #CALL_TIMEOUT}, more only while a rebalance lasts.
 */
final class ConnectClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Longer than the 90 s after which a worker itself gives up, so that its own explanation arrives. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(100);

    private static final int REBALANCE_ATTEMPTS = 20;
    private static final long REBALANCE_PAUSE_MS = 500;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkerAddress worker;
    private final HttpClient http;
    private final Consumer<String> warnings;

    /** @param warnings is told what a worker has to say besides its answer, in whole sentences */
    ConnectClient(WorkerAddress worker, Consumer<String> warnings) {
        this.worker = worker;
        this.http = http();
        this.warnings = warnings;
    }

    private static HttpClient http() {
        try {
            return HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
        } catch (
                UncheckedIOException stores) { // It reads those of Java's properties at once, also where it needs none.
            throw RestProblem.stores(stores);
        }
    }

    JsonNode get(String action, String path) {
        return call(action, "GET", path, null);
    }

    /** What is at a path that only some workers have; empty where it is not. */
    Optional<JsonNode> find(String action, String path) {
        HttpResponse<String> response = answer(action, "GET", path, null);
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(parsed(action, response));
    }

    /** The status of a connector: Levada's with its failures, or Kafka Connect's. */
    JsonNode status(String action, String connector) {
        return find(action, path("levada", "v1", "connectors", connector))
                .orElseGet(() -> get(action, path("connectors", connector, "status")));
    }

    JsonNode put(String action, String path, @Nullable JsonNode body) {
        return call(action, "PUT", path, body);
    }

    JsonNode post(String action, String path, @Nullable JsonNode body) {
        return call(action, "POST", path, body);
    }

    JsonNode delete(String action, String path) {
        return call(action, "DELETE", path, null);
    }

    /** {@code /connectors/my%20name/status} from its parts: names may hold any character. */
    static String path(String... parts) {
        StringBuilder path = new StringBuilder();
        for (String part : parts) {
            path.append('/').append(segment(part));
        }
        return path.toString();
    }

    private static String segment(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        // Written out, one or two dots would be a step in the path.
        return name.equals(".") || name.equals("..") ? encoded.replace(".", "%2E") : encoded;
    }

    private JsonNode call(String action, String method, String path, @Nullable JsonNode body) {
        return parsed(action, answer(action, method, path, body));
    }

    private HttpResponse<String> answer(String action, String method, String path, @Nullable JsonNode body) {
        HttpResponse<String> response = send(action, method, path, body);
        for (int attempt = 1; isRebalance(response) && attempt < REBALANCE_ATTEMPTS; attempt++) {
            pause(action);
            response = send(action, method, path, body);
        }
        Warnings.texts(response.headers().allValues("Warning")).forEach(warnings);
        return response;
    }

    private JsonNode parsed(String action, HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            throw RestProblem.refused(action, worker, response);
        }
        return parse(action, response);
    }

    private HttpResponse<String> send(String action, String method, String path, @Nullable JsonNode body) {
        BodyPublisher content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(worker.url() + path));
        worker.authorisation().ifPresent(credentials -> builder.header("Authorization", credentials));
        HttpRequest request = builder.timeout(CALL_TIMEOUT)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .method(method, content)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException failure) {
            throw RestProblem.unanswered(action, worker, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw RestProblem.unanswered(action, worker, new InterruptedIOException("interrupted"));
        }
    }

    private static boolean isRebalance(HttpResponse<String> response) {
        // Most answers are none, and may be long: those are not read twice.
        String reason = response.statusCode() == 409 ? RestProblem.message(response) : null;
        return reason != null && Conflict.isRebalance(response.statusCode(), reason);
    }

    private void pause(String action) {
        try {
            TimeUnit.MILLISECONDS.sleep(REBALANCE_PAUSE_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw RestProblem.unanswered(action, worker, new InterruptedIOException("interrupted"));
        }
    }

    private JsonNode parse(String action, HttpResponse<String> response) {
        if (response.body().isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException notJson) {
            throw RestProblem.notAWorker(action, worker, response, notJson);
        }
    }
}
