/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Kafka Connect's REST API, as a stranger with an HTTP client sees it. */
public final class ConnectRest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final String url;

    ConnectRest(String url) {
        this.url = url;
    }

    /** An answer: its status and its body, {@code null} JSON when there is none. */
    public record Answer(int status, JsonNode body) {

        /** This answer, if its status is the expected one. */
        public Answer expecting(int expected) {
            if (status != expected) {
                throw new AssertionError("expected status " + expected + ", got " + status + ": " + body);
            }
            return this;
        }
    }

    public String url() {
        return url;
    }

    public Answer get(String path) {
        return send("GET", path, "");
    }

    public Answer put(String path, Object body) {
        return send("PUT", path, json(body));
    }

    public Answer put(String path) {
        return send("PUT", path, "");
    }

    public Answer post(String path, Object body) {
        return send("POST", path, body instanceof String text ? text : json(body));
    }

    public Answer delete(String path) {
        return send("DELETE", path, "");
    }

    boolean healthy() {
        try {
            return get("/health").status() == 200;
        } catch (IllegalStateException unreachable) {
            return false;
        }
    }

    /** Creates a connector and waits until it and all its tasks run. */
    public void createRunning(String name, Map<String, String> config) {
        put("/connectors/" + name + "/config", config).expecting(201);
        awaitRunning(name);
    }

    /** Waits until a connector and at least one task of it run. */
    public void awaitRunning(String name) {
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            JsonNode status =
                    get("/connectors/" + name + "/status").expecting(200).body();
            if (!runs(status)) {
                throw new AssertionError(status.toPrettyString());
            }
        });
    }

    private static boolean runs(JsonNode status) {
        boolean tasks = status.at("/tasks").size() > 0;
        for (JsonNode task : status.at("/tasks")) {
            tasks &= task.at("/state").asText().equals("RUNNING");
        }
        return tasks && status.at("/connector/state").asText().equals("RUNNING");
    }

    private Answer send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + url + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
