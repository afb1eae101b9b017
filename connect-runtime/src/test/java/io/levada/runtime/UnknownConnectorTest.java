/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker answers about a connector that it has never heard of. */
final class UnknownConnectorTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static Worker worker;

    @BeforeAll
    static void start() {
        worker = Worker.start(
                Map.of(
                        "listeners", "http://localhost:0",
                        "broker.listeners", "PLAINTEXT://localhost:0",
                        "data.dir", folder.resolve("data").toString(),
                        "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                        "value.converter", "org.apache.kafka.connect.storage.StringConverter"),
                Installed.NOTHING);
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    private static HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + worker.restPort() + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,",
        "DELETE,",
        "GET,/config",
        "GET,/status",
        "GET,/tasks",
        "GET,/tasks/0/status",
        "GET,/offsets",
        "DELETE,/offsets",
        "PUT,/pause",
        "PUT,/resume",
        "PUT,/stop",
        "POST,/restart",
        "POST,/restart?includeTasks=true",
        "POST,/restart?onlyFailed=true",
        "POST,/tasks/0/restart",
    })
    void isNotFound(String method, String path) throws Exception {
        HttpResponse<String> answer = call(method, "/connectors/none" + (path == null ? "" : path), "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        assertThat(answer.body()).contains("\"error_code\":404", "none");
    }

    @Test
    void isNotFoundByWhatCarriesABody() throws Exception {
        String offsets = "{\"offsets\":[{\"partition\":{\"p\":1},\"offset\":{\"o\":1}}]}";

        assertThat(call("PATCH", "/connectors/none/offsets", offsets).statusCode())
                .isEqualTo(404);
        assertThat(call("PATCH", "/connectors/none/config", "{\"tasks.max\":\"1\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    /** As Kafka Connect answers: what a name has used may outlive its connector. */
    @Test
    void hasUsedNoTopics() throws Exception {
        assertThat(call("GET", "/connectors/none/topics", "").body()).isEqualTo("{\"none\":{\"topics\":[]}}");
        assertThat(call("PUT", "/connectors/none/topics/reset", "").statusCode())
                .isEqualTo(202);
    }

    @Test
    void tasksAreTakenFromNobodyWhoDoesNotSign() throws Exception {
        HttpResponse<String> answer = call("POST", "/connectors/none/tasks", "[{\"task.class\":\"x\"}]");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("Internal request missing required signature");
    }
}
