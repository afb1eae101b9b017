/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.LevadaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache's own basic-auth REST extension, dropped into plugin.path, guards the distribution's worker unchanged. */
final class BasicAuthExtensionIT {

    private static final Path PLUGINS = Path.of("..", "test-peers", "target", "rest-extension-plugins")
            .toAbsolutePath()
            .normalize();
    private static final Pattern LISTENS = Pattern.compile("REST listens url=http://localhost:(\\d+)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void onlyWhoLogsInIsAnswered() throws Exception {
        Path users = Files.writeString(folder.resolve("users.properties"), "ada=countess\n");
        Path jaas = Files.writeString(folder.resolve("jaas.conf"), """
                KafkaConnect {
                    org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required
                    file="%s";
                };
                """.formatted(users));
        try (LevadaProcess worker = LevadaProcess.run(
                folder,
                Map.of("LEVADA_OPTS", "-Djava.security.auth.login.config=" + jaas),
                "worker",
                "-o",
                "data.dir=" + folder.resolve("data"),
                "-o",
                "listeners=http://localhost:0",
                "-o",
                "broker.listeners=PLAINTEXT://localhost:0",
                "-o",
                "plugin.path=" + PLUGINS,
                "-o",
                "rest.extension.classes="
                        + "org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension")) {
            Matcher listens =
                    await().atMost(Duration.ofMinutes(2)).until(() -> LISTENS.matcher(worker.output()), Matcher::find);
            int port = Integer.parseInt(listens.group(1));
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !worker.alive() || status(port, "/health", "ada:countess") == 200);
            assertThat(worker.alive()).as(worker.output()).isTrue();

            for (String path :
                    List.of("/", "/connectors", "/connector-plugins", "/admin/loggers", "/metrics", "/health")) {
                assertThat(status(port, path, null)).as(path).isEqualTo(401);
                assertThat(status(port, path, "ada:lovelace")).as(path).isEqualTo(401);
                assertThat(status(port, path, "ada:countess")).as(path).isEqualTo(200);
            }
        }
    }

    private static int status(int port, String path, @Nullable String login) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(60));
        if (login != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notYet) {
            return 0; // the worker starts
        }
    }
}
