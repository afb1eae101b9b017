/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import io.levada.runtime.Installed;
import io.levada.runtime.Worker;
import io.levada.runtime.connector.ConnectorName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connectors' files on a real worker whose REST API lets nobody in who has no certificate. */
final class ConnectorsOfWorkerTest {
    private static final String PASSWORD = "changed-it";

    @TempDir
    private static Path folder;

    private static Worker worker;

    private final List<Problem> told = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        String store = store().toString();
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "rest",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-keystore",
                        store,
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(120, TimeUnit.SECONDS)).isTrue();
        worker = Worker.start(
                Map.of(
                        "data.dir",
                        folder.resolve("data").toString(),
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "listeners",
                        "https://localhost:0",
                        "ssl.keystore.location",
                        store,
                        "ssl.keystore.password",
                        PASSWORD,
                        "ssl.client.auth",
                        "required",
                        "ssl.truststore.location",
                        store,
                        "ssl.truststore.password",
                        PASSWORD,
                        "key.converter",
                        "org.apache.kafka.connect.storage.StringConverter",
                        "value.converter",
                        "org.apache.kafka.connect.storage.StringConverter"),
                Installed.NOTHING);
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void filesAreAppliedWhateverRestAsksFor() throws Exception {
        assertThat(restAnswers(true)).isEqualTo(200);
        assertThatThrownBy(() -> restAnswers(false)).isInstanceOf(IOException.class);
        String file = file("orders", "name=orders\nconnector.class=" + Idle.class.getName() + "\ntasks.max=1\n");
        ConnectorStore store = new ConnectorsOfWorker(worker);

        apply(file);
        assertThat(told).isEmpty();
        assertThat(store.config("orders"))
                .hasValueSatisfying(config -> assertThat(config).containsEntry("tasks.max", "1"));

        apply(file("orders", Files.readString(Path.of(file)) + "topic=t\n"));
        assertThat(told).isEmpty();
        assertThat(store.config("orders"))
                .hasValueSatisfying(config -> assertThat(config).containsEntry("topic", "t"));
    }

    @Test
    void whatTheWorkerRefusesIsToldAsOverRest() throws Exception {
        ConnectorStore store = new ConnectorsOfWorker(worker);
        ConnectorFile unknown =
                ConnectorFile.read(file("unknown", "name=unknown\nconnector.class=no.such.Connector\n"));
        assertThatThrownBy(() -> store.create(unknown))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.exitCode()).isEqualTo(ExitCode.INVALID))
                .hasMessageContaining("cannot create connector 'unknown'")
                .hasMessageContaining("no.such.Connector");

        ConnectorFile wrong = ConnectorFile.read(
                file("wrong", "name=wrong\nconnector.class=" + Idle.class.getName() + "\ntasks.max=none\n"));
        assertThat(store.errors(wrong)).anySatisfy(error -> assertThat(error).contains("tasks.max"));
        assertThat(store.config("wrong")).isEmpty();
    }

    /** By the word of what waits for the database, whose host may just drop packets. */
    @Test
    void aValidationThatTimesOutIsTriedAgain() {
        assertThatThrownBy(() -> ConnectorsOfWorker.answer(
                        "create connector 'slow'", CompletableFuture.failedFuture(new TimeoutException())))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.why()).isEqualTo("the validation timed out");
                    assertThat(WorldFailure.in(problem)).isTrue();
                });
    }

    @Test
    void theInitialStateOfAFileCounts() throws Exception {
        ConnectorStore store = new ConnectorsOfWorker(worker);
        String config = "\"config\": {\"connector.class\": \"" + Idle.class.getName() + "\"}";
        store.create(
                ConnectorFile.read(file("s", "{\"name\": \"s\", \"initial_state\": \"Stopped\", " + config + "}")));
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> worker.herder()
                                .status(new ConnectorName("s"))
                                .toCompletableFuture()
                                .get(60, TimeUnit.SECONDS)
                                .connector()
                                .state(),
                        "STOPPED"::equals);

        ConnectorFile odd =
                ConnectorFile.read(file("o", "{\"name\": \"o\", \"initial_state\": \"ON\", " + config + "}"));
        assertThatThrownBy(() -> store.create(odd)).hasMessageContaining("ON is no initial_state");
    }

    private void apply(String file) throws InterruptedException {
        new ConnectorsAtStart(new ConnectorsOfWorker(worker), worker.broken(), told::add)
                .apply(ConnectorFiles.read(List.of(file)));
    }

    private static int restAnswers(boolean withCertificate) throws Exception {
        KeyStore store = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(withCertificate ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + worker.restPort() + "/connectors"))
                .timeout(Duration.ofMinutes(1))
                .build();
        return HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static Path store() {
        return folder.resolve("rest.p12");
    }

    private static String file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** Has no tasks. */
    public static final class Idle extends SourceConnector {
        @Override
        public void start(Map<String, String> properties) {}

        @Override
        public Class<? extends Task> taskClass() {
            return Task.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of();
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
