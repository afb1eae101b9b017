/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Speaks to a registry as any HTTP client does. */
record RegistryClient(URI address) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    record Answer(int status, JsonNode body) {
        int errorCode() {
            return body.path("error_code").asInt();
        }
    }

    Answer get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    Answer post(String path, String json) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json));
    }

    Answer put(String path, String json) {
        return send("PUT", path, HttpRequest.BodyPublishers.ofString(json));
    }

    /** Registers and gives the answer. */
    Answer register(String subject, String schema) {
        return post("/subjects/" + subject + "/versions", schemaBody(schema));
    }

    static String schemaBody(String schema) {
        return MAPPER.valueToTree(Map.of("schema", schema)).toString();
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .method(method, body)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .timeout(Duration.ofMinutes(2))
                .build();
        try {
            HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + " " + path, e);
        }
    }
}
