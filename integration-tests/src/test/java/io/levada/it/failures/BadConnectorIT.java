/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.it.testkit.ConnectRest;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connector that cannot run is refused with an error that names field, value and way out; the worker goes on. */
final class BadConnectorIT {

    @TempDir
    private static Path folder;

    private static RunningWorker worker;

    @BeforeAll
    static void startWorker() {
        worker = LevadaProcess.worker(folder, Map.of());
    }

    @AfterAll
    static void stopWorker() {
        worker.close();
    }

    @AfterEach
    void nothingWasCreatedAndTheWorkerIsWell() {
        assertThat(worker.rest().get("/connectors").expecting(200).body()).isEmpty();
        worker.rest().get("/health").expecting(200);
    }

    @Test
    void unknownClass() {
        String message = refused(Map.of("connector.class", "org.example.NoSuchConnector"));

        assertThat(message).contains("org.example.NoSuchConnector").contains("plugin.path");
    }

    @Test
    void misspeltClassIsToldTheNearestOne() {
        String message = refused(Map.of("connector.class", "FileStreamSorceConnector"));

        assertThat(message).contains("FileStreamSourceConnector");
    }

    @Test
    void missingOption() {
        String message =
                refused(Map.of("connector.class", "io.levada.connect.file.FileStreamSourceConnector", "file", "x"));

        assertThat(message).contains("topic");
    }

    @Test
    void malformedJson() {
        ConnectRest.Answer answer = worker.rest().post("/connectors", "{\"name\": \"x\", ");

        assertThat(answer.status()).isBetween(400, 500);
        assertThat(answer.body().path("message").asText()).isNotBlank().doesNotContain("\tat ");
    }

    @Test
    void unreachableDatabase() {
        String message = refused(Map.of(
                "connector.class", "io.levada.connect.jdbc.JdbcSourceConnector",
                "connection.url", "jdbc:postgresql://localhost:1/shop",
                "connection.user", "levada",
                "connection.password", "not-to-be-shown",
                "mode", "bulk",
                "topic.prefix", "shop."));

        assertThat(message).contains("localhost:1").doesNotContain("not-to-be-shown");
    }

    private static String refused(Map<String, String> config) {
        JsonNode body = worker.rest()
                .put("/connectors/bad/config", config)
                .expecting(400)
                .body();
        assertThat(body.path("error_code").asInt()).isEqualTo(400);
        return body.path("message").asText();
    }
}
