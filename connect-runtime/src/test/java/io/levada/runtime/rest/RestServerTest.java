/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.lifecycle.FailureReport;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.ReadingProgress;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.TestPlugins;
import io.levada.runtime.rest.RunningRest.Reply;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestServerTest {
    private static final String SINK =
            "{\"name\":\"s\",\"config\":{\"connector.class\":\"my.Sink\",\"topics\":\"t\",\"tasks.max\":1}}";

    @TempDir
    static Path plugins;

    private RunningRest rest;

    @BeforeEach
    void start() {
        new PluginJar()
                .withClass("my.Sink", TestPlugins.sink("my", "Sink", "\"1.0\""))
                .writeTo(plugins.resolve("sink.jar"));
        rest = RunningRest.starting(plugins, Map.of()).started();
    }

    @AfterEach
    void stop() {
        rest.close();
    }

    @Test
    void healthAndRootAnswerBeforeTheWorkerHasStarted() {
        try (RunningRest starting = RunningRest.starting(plugins, Map.of())) {
            Reply health = starting.call("GET", "/health");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.json().path("status").asText()).isEqualTo("starting");
            assertThat(starting.call("GET", "/").status()).isEqualTo(200);
            assertThat(starting.call("GET", "/").json().path("version").asText())
                    .isNotEmpty();
            assertThat(starting.call("GET", "/").json().path("commit").asText()).isNotEmpty();

            starting.started();
            assertThat(starting.call("GET", "/health").json().path("status").asText())
                    .isEqualTo("healthy");
            assertThat(starting.call("GET", "/").json().path("kafka_cluster_id").asText())
                    .isEqualTo("cluster-1");
        }
    }

    @Test
    void aWorkerThatCouldNotStartIsUnhealthy() {
        try (RunningRest starting = RunningRest.starting(plugins, Map.of())) {
            starting.services.completeExceptionally(new IllegalStateException("no disk"));
            assertThat(starting.call("GET", "/health").status()).isEqualTo(500);
        }
    }

    @Test
    void aWorkerThatCannotReadItsTopicsIsUnhealthyAndSaysWhy() {
        rest.herder.trouble = "The internal topics cannot be read";

        Reply health = rest.call("GET", "/health");

        assertThat(health.status()).isEqualTo(500);
        assertThat(health.json().path("status").asText()).isEqualTo("unhealthy");
        assertThat(health.json().path("message").asText()).contains("The internal topics cannot be read");
    }

    @Test
    void failuresStandInOnePlaceAndNotInTheStatusOfKafkaConnect() {
        rest.send("POST", "/connectors", SINK);
        rest.herder.failures.put(
                0,
                new FailureReport(
                        FailureReport.Phase.WAITING,
                        2,
                        -1,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2026-01-01T00:00:10.123456Z"),
                        Instant.parse("2026-01-01T00:00:30Z"),
                        "no bucket",
                        "wrong key",
                        "Restart 2 follows."));

        Reply one = rest.call("GET", "/levada/v1/connectors/s");

        assertThat(one.json().at("/connector/failure").isNull()).isTrue();
        assertThat(one.json().at("/tasks/0/state").asText()).isEqualTo("RUNNING");
        assertThat(one.json().at("/tasks/0/failure").toString())
                .isEqualTo("{\"phase\":\"WAITING\",\"attempt\":2,\"attempts_max\":-1,"
                        + "\"first_failed_at\":\"2026-01-01T00:00:00Z\",\"last_failed_at\":\"2026-01-01T00:00:10.123Z\","
                        + "\"next_try_at\":\"2026-01-01T00:00:30Z\",\"first_cause\":\"no bucket\","
                        + "\"last_cause\":\"wrong key\",\"advice\":\"Restart 2 follows.\"}");
        assertThat(rest.call("GET", "/levada/v1/connectors").json().path("s")).isEqualTo(one.json());
        assertThat(rest.call("GET", "/connectors/s/status").body()).doesNotContain("failure");
        assertThat(rest.call("GET", "/levada/v1/connectors/none").status()).isEqualTo(404);
    }

    @Test
    void howFarATaskIsStandsInItsStatusIfItIsKnown() {
        rest.send("POST", "/connectors", SINK);
        assertThat(rest.call("GET", "/levada/v1/connectors/s")
                        .json()
                        .at("/tasks/0/progress")
                        .isNull())
                .isTrue();
        rest.progress.put(
                0,
                new ReadingProgress(
                        true,
                        1,
                        1,
                        0.5,
                        -1,
                        List.of(new ReadingProgress.Part(
                                "public.dunes",
                                "2/4",
                                5,
                                OptionalLong.of(10),
                                Instant.parse("2026-01-01T00:00:00Z")))));

        Reply one = rest.call("GET", "/levada/v1/connectors/s");

        assertThat(one.json().at("/tasks/0/progress").toString())
                .isEqualTo(
                        "{\"running\":true,\"tables\":1,\"tables_remaining\":1,\"part_done\":0.5,\"seconds_left\":null,"
                                + "\"parts\":[{\"table\":\"public.dunes\",\"range\":\"2/4\",\"rows\":5,\"rows_estimated\":10,"
                                + "\"started_at\":\"2026-01-01T00:00:00Z\"}]}");
        assertThat(rest.call("GET", "/levada/v1/connectors").json().path("s")).isEqualTo(one.json());
        assertThat(rest.call("GET", "/connectors/s/status").body()).doesNotContain("progress");
    }

    @Test
    void aSignalIsWrittenAsItWasSentAndAnsweredWithItsPlace() {
        rest.send("POST", "/connectors", SINK);
        String path = "/levada/v1/connectors/s/signals";

        Reply sent =
                rest.send("POST", path, "{\"id\": \"7\", \"type\": \"log\", \"data\": {\"message\": \"it is here\"}}");

        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.body()).isEqualTo("{\"id\":\"7\",\"topic\":\"signals-of-s\",\"partition\":0,\"offset\":0}");
        assertThat(rest.herder.signals)
                .containsExactly("{\"id\":\"7\",\"type\":\"log\",\"data\":{\"message\":\"it is here\"}}");
        assertThat(rest.send("POST", path, "{\"type\": \"pause-snapshot\"}")
                        .json()
                        .path("id")
                        .asText())
                .isNotEmpty();
        assertThat(rest.send("POST", path, "{\"data\": {}}").status()).isEqualTo(400);
        assertThat(rest.send("POST", "/levada/v1/connectors/none/signals", "{\"type\": \"log\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aConnectorIsCreatedReadChangedAndDeleted() {
        Reply created = rest.send("POST", "/connectors", SINK);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("http://localhost:" + rest.port() + "/connectors/s");
        assertThat(created.json().at("/config/tasks.max").isTextual()).isTrue();
        assertThat(created.json().at("/config/name").asText()).isEqualTo("s");
        assertThat(rest.send("POST", "/connectors", SINK).status()).isEqualTo(409);
        assertThat(rest.call("GET", "/connectors").body()).isEqualTo("[\"s\"]");
        assertThat(rest.call("GET", "/connectors/s/status")
                        .json()
                        .at("/connector/state")
                        .asText())
                .isEqualTo("RUNNING");
        assertThat(rest.call("GET", "/connectors/s/tasks")
                        .json()
                        .at("/0/id/task")
                        .asInt(-1))
                .isZero();
        assertThat(rest.send("PATCH", "/connectors/s/config", "{\"topics\":\"u\",\"tasks.max\":null}")
                        .json()
                        .path("config")
                        .has("tasks.max"))
                .isFalse();
        assertThat(rest.call("DELETE", "/connectors/s").status()).isEqualTo(204);
        Reply gone = rest.call("GET", "/connectors/s");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body()).isEqualTo("{\"error_code\":404,\"message\":\"Connector s not found\"}");
    }

    @Test
    void warningsComeInAHeaderOfTheirOwnAndChangeNoBody() {
        String config = "{\"connector.class\":\"my.Sink\",\"name\":\"w\",\"topics\":\"t\",\"task.max\":\"1\"}";
        String expected =
                "299 - \"The key task.max is unknown: my.Sink does not define it, nor does the worker, so that it may have no effect."
                        + " Did you mean tasks.max?\"";

        Reply validated = rest.send("PUT", "/connector-plugins/Sink/config/validate", config);
        assertThat(validated.header("Warning")).isEqualTo(expected);
        assertThat(validated.json().path("error_count").asInt()).isZero();
        assertThat(validated.json().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("name", "error_count", "groups", "configs");
        Reply created = rest.send("POST", "/connectors", "{\"name\":\"w\",\"config\":" + config + "}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Warning")).isEqualTo(expected);
        assertThat(created.json().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("name", "config", "tasks", "type");
        assertThat(rest.send("PUT", "/connectors/w/config", config).header("Warning"))
                .isEqualTo(expected);
        assertThat(rest.send("PATCH", "/connectors/w/config", "{\"topics\":\"u\"}")
                        .header("Warning"))
                .isEqualTo(expected);
        assertThat(rest.call("GET", "/connectors/w").header("Warning")).isEmpty();
        Reply refused = rest.send("PUT", "/connectors/w/config", config.replace("\"t\"", "\"\""));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Warning")).isEqualTo(expected);
    }

    @Test
    void putCreatesOnceAndThenReplaces() {
        String config = "{\"connector.class\":\"my.Sink\",\"topics\":\"t\"}";
        assertThat(rest.send("PUT", "/connectors/p/config", config).status()).isEqualTo(201);
        assertThat(rest.send("PUT", "/connectors/p/config", config).status()).isEqualTo(200);
        assertThat(rest.send("PUT", "/connectors/p/config", "{\"connector.class\":\"my.Sink\",\"name\":\"q\"}")
                        .message())
                .isEqualTo("Connector name configuration (q) doesn't match connector name in the URL (p)");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,200",
        "GET,/health,200",
        "GET,/metrics,200",
        "GET,/connectors,200",
        "GET,/connectors?expand=status&expand=info,200",
        "GET,/connectors/s,200",
        "GET,/connectors/s/config,200",
        "GET,/connectors/s/status,200",
        "GET,/connectors/s/tasks,200",
        "GET,/connectors/s/tasks/0/status,200",
        "GET,/connectors/s/tasks-config,404",
        "GET,/connectors/none,404",
        "GET,/connectors/none/config,404",
        "GET,/connectors/none/status,404",
        "GET,/connectors/none/tasks,404",
        "PUT,/connectors/none/pause,404",
        "PUT,/connectors/none/resume,404",
        "PUT,/connectors/none/stop,404",
        "DELETE,/connectors/none,404",
        "GET,/connector-plugins,200",
        "GET,/connector-plugins?connectorsOnly=false,200",
        "GET,/connector-plugins/my.Sink/config,200",
        "GET,/connector-plugins/my.Sink/config?version=latest,200",
        "GET,/connector-plugins/my.Sink/config?version=1.0,200",
        "GET,/connector-plugins/my.Sink/config?version=2.0,400",
        "GET,/connector-plugins/my.Sink/config?version=newest,400",
        "GET,/connector-plugins/my.None/config,404",
        "GET,/admin/loggers,200",
        "GET,/admin/loggers/root,200",
        "GET,/admin/loggers/never.heard.of,404",
        "GET,/levada/v1/connectors,200",
        "GET,/levada/v1/connectors/s,200",
        "PUT,/connectors/s/pause,202",
        "PUT,/connectors/s/resume,202",
        "PUT,/connectors/s/stop,204",
        "POST,/connectors/s/restart,204",
        "POST,/connectors/s/restart?includeTasks=TRUE,202",
        "POST,/connectors/s/restart?includeTasks=yes,204",
        "POST,/connectors/s/restart?includeTasks=false,204",
        "POST,/connectors/s/restart?includeTasks=,204",
        "POST,/connectors/s/restart?onlyFailed=true,202",
        "POST,/connectors/s/restart?onlyFailed=1,204",
        "POST,/connectors/s/restart?onlyfailed=true,204",
        "POST,/connectors/s/restart?includeTasks=true&onlyFailed=no,202",
        "POST,/connectors/s/tasks/0/restart,204",
        "POST,/connectors/s/tasks/7/restart,404",
        "POST,/connectors/s/tasks/x/restart,404",
        "GET,/connectors/s/topics,200",
        "PUT,/connectors/s/topics/reset,202",
        "GET,/connectors/s/offsets,200",
        "PUT,/connectors/s/fence,400",
        "POST,/connectors/s/tasks,400",
        "GET,/connectors/s/,200",
        "GET,/nothing,404",
        "DELETE,/connectors,405",
        "TRACE,/connectors,405",
        "GET,/connectors/s/pause,405",
        "GET,/connectors/a%2Fb,404",
        "GET,/connectors/./s,400",
        "GET,/connectors//a,400",
        "GET,/connectors;x=y,200",
        "GET,/connectors/s;x=y,404",
        "POST,/connectors/s/tasks/99999999999/restart,404",
        "GET,/connectors/s/tasks/x/status,404",
        "GET,/ui/%2E%2E%2Flogback-test.xml,404",
        "GET,/ui/nothing.js,404",
        "GET,/ui/index.html/,404",
    })
    void statusOf(String method, String path, int status) {
        rest.send("POST", "/connectors", SINK);
        Reply reply = rest.call(method, path);
        assertThat(reply.status()).isEqualTo(status);
        if (status >= 400) {
            assertThat(reply.json().path("error_code").asInt()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"PUT,/connectors/s/fence", "POST,/connectors/s/tasks"})
    void aRequestOfAnotherWorkerNeedsASignatureThatCanBeJudged(String method, String path) {
        Reply unsigned = rest.call(method, path);
        assertThat(unsigned.status()).isEqualTo(400);
        assertThat(unsigned.message()).isEqualTo("Internal request missing required signature");

        Reply signed = rest.call(
                method,
                path,
                "x-connect-authorization",
                "c2lnbmVk",
                "X-Connect-Request-Signature-Algorithm",
                "HmacSHA256");
        assertThat(signed.status()).isEqualTo(503);
        assertThat(signed.message()).contains("session key");

        Reply otherwise = rest.call(
                method,
                path,
                "x-connect-authorization",
                "c2lnbmVk",
                "X-Connect-Request-Signature-Algorithm",
                "HmacMD5");
        assertThat(otherwise.status()).isEqualTo(400);
        assertThat(otherwise.message()).contains("HmacMD5", "HmacSHA256");
        assertThat(rest.herder.internal).isEmpty();
    }

    @Test
    void aConfigOfAnotherClassThanThePathsIsNotValidated() {
        String config = "{\"connector.class\":\"my.Sink\",\"topics\":\"t\"}";

        Reply reply = rest.send("PUT", "/connector-plugins/my.Other/config/validate", config);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("Included connector type my.Sink does not match request type my.Other");
        assertThat(rest.send("PUT", "/connector-plugins/Sink/config/validate", config)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void expandAddsWhatIsAskedFor() {
        rest.send("POST", "/connectors", SINK);
        assertThat(rest.call("GET", "/connectors?expand=status&expand=info")
                        .json()
                        .path("s")
                        .fieldNames())
                .toIterable()
                .containsExactly("status", "info");
        assertThat(rest.call("GET", "/connectors?expand=bogus").body()).isEqualTo("{\"s\":{}}");
        assertThat(rest.call("GET", "/connectors?Expand=info").body()).isEqualTo("[\"s\"]");
    }

    @ParameterizedTest
    @CsvSource({"GET /connectors?expand=% HTTP/1.1", "GET /connectors/s?%zz HTTP/1.1"})
    void aQueryWithABrokenEscapeIsABadRequest(String requestLine) throws IOException {
        assertThat(raw(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("percent sign");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /connectors HTTP/1.1; | 400",
                "GET /connectors HTTP/1.1;Host: localhost;Host: localhost; | 400",
                "GET http://evil.example/connectors HTTP/1.1;Host: localhost; | 403",
                "GET http://evil.example@localhost/connectors HTTP/1.1;Host: localhost; | 400",
                "GET localhost/connectors HTTP/1.1;Host: localhost; | 400",
                "GET /connectors HTTP/1.1;Host: evil.example; | 403",
                "GET http://localhost/connectors HTTP/1.1;Host: localhost; | 200",
                "GET /connectors HTTP/1.0; | 200",
            })
    void aRequestMustBeForThisHost(String lines, int status) throws IOException {
        String end = lines.contains("1.0") ? "\r\n" : "Connection: close\r\n\r\n";
        assertThat(raw(lines.replace(";", "\r\n") + end))
                .startsWith("HTTP/1." + (lines.contains("1.0") ? "0 " : "1 ") + status);
    }

    @Test
    void aBodyInBrokenChunksIsNoErrorOfTheWorkers() throws IOException {
        String head = "POST /connectors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String chunk = "zz\r\n{}\r\n0\r\n\r\n";

        try (LoggedLines errors = LoggedLines.warningsOf(ErrorTable.class)) {
            String answer = raw(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk);

            assertThat(answer).isEmpty();
            assertThat(errors.texts()).isEmpty();
        }
        assertThat(rest.call("GET", "/connectors").status()).isEqualTo(200);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", rest.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void offsetsAreChangedOfAStoppedConnectorAlone() {
        String offsets = "{\"offsets\":[{\"partition\":{\"file\":\"a\"},\"offset\":{\"position\":5}}]}";
        rest.send("POST", "/connectors", SINK);
        assertThat(rest.send("PATCH", "/connectors/s/offsets", offsets).status())
                .isEqualTo(400);
        rest.call("PUT", "/connectors/s/stop");
        assertThat(rest.send("PATCH", "/connectors/s/offsets", offsets).message())
                .contains("altered successfully");
        assertThat(rest.call("GET", "/connectors/s/offsets").body()).isEqualTo(offsets);
        assertThat(rest.send("PATCH", "/connectors/s/offsets", "{\"offsets\":[]}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void namesAreEncodedInLocationAndDecodedInPaths() {
        String name = "ünï q?a=b&c#d;e+f@g:h,i!";
        Reply created = rest.send("POST", "/connectors", SINK.replace("\"s\"", "\"" + name + "\""));
        assertThat(created.header("Location")).endsWith("/connectors/%C3%BCn%C3%AF%20q%3Fa=b&c%23d;e+f@g:h,i!");
        assertThat(rest.call("GET", "/connectors/%C3%BCn%C3%AF%20q%3Fa=b&c%23d%3Be+f@g:h,i!")
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo(name);
    }

    @Test
    void anInvalidConfigIsRefusedWithItsErrors() {
        Reply reply = rest.send("POST", "/connectors", SINK.replace("\"tasks.max\":1", "\"tasks.max\":0"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message())
                .startsWith("Connector configuration is invalid and contains the following 1 error(s):\n")
                .contains("tasks.max: Value must be at least 1");
    }

    @Test
    void anUnknownClassIsRefusedWithTheNearestNames() {
        Reply reply = rest.send("POST", "/connectors", SINK.replace("my.Sink", "my.Sinc"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).contains("my.Sinc").contains("my.Sink").contains("plugin.path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"a\" | line 1",
                "not json | not",
                "[] | Array",
                "null | JSON object",
                "{} | config",
                "{\"name\":\"a\",\"config\":{},\"extra\":1} | extra: there is no such key; known are config, initial_state, name (line",
                "{\"name\":\"a\",\"config\":{\"x\":{}}} | config -> x: no Object value belongs here (line",
                "{\"name\":\"a\",\"config\":{}} trailing | trailing",
                "{\"name\":\"a\",\"config\":{},\"initial_state\":\"NEW\"} | expected: initial_state: NEW is no initial_state; it is one of [RUNNING, PAUSED",
                "{\"name\":\"a\",\"config\":{},\"initial_state\":1} | 1 is no initial_state",
                "{\"name\":\"a\",\"config\":{\"tasks.max\":[1]}} | config -> tasks.max: ",
                "{\"name\":\"a\",\"config\":[{}]} | config: ",
            })
    void malformedBodiesAreTheRequestsFault(String body, String said) {
        Reply reply = rest.send("POST", "/connectors", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message())
                .contains(said)
                .doesNotContain(
                        "io.levada", "java.", "Jackson", "ignorable", "instance of", "REDACTED", "StreamReadFeature");
    }

    @Test
    void mediaTypesAreChecked() {
        assertThat(rest.send("POST", "/connectors", SINK, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(rest.send("POST", "/connectors", SINK, "Content-Type", "Application/JSON; charset=utf-8")
                        .status())
                .isEqualTo(201);
        assertThat(rest.call("GET", "/connectors", "Accept", "text/plain").status())
                .isEqualTo(406);
        assertThat(rest.call("GET", "/connectors", "Accept", "text/html, application/*;q=0.1")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void optionsTellsTheMethodsAndHeadHasNoBody() {
        assertThat(rest.call("OPTIONS", "/connectors/a/config").header("Allow"))
                .isEqualTo("GET,HEAD,OPTIONS,PATCH,PUT");
        Reply head = rest.call("HEAD", "/connectors");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("2");
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        try (RunningRest small =
                RunningRest.withLimits(plugins, new RestConfig.Limits(100, 8192, Duration.ofMinutes(1)))) {
            assertThat(small.send("POST", "/connectors", " ".repeat(200)).status())
                    .isEqualTo(413);
        }
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(500) + "]".repeat(500);
        Reply reply =
                rest.send("PATCH", "/connectors/s/offsets", "{\"offsets\":[{\"partition\":{\"a\":" + deep + "}}]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).contains("nesting");
    }

    @Test
    void aRequestThatTakesTooLongIsToldWhatItWaitedFor() {
        try (RunningRest slow =
                RunningRest.withLimits(plugins, new RestConfig.Limits(100, 8192, Duration.ofMillis(200)))) {
            slow.herder.hangs = true;
            Reply reply = slow.call("GET", "/connectors");
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.message()).isEqualTo("Request timed out. The worker is waiting for the herder.");
        }
    }

    @Test
    void aBodyThatDoesNotComeIsTheRequestsFault() throws IOException {
        try (RunningRest slow =
                        RunningRest.withLimits(plugins, new RestConfig.Limits(100, 8192, Duration.ofMillis(200)));
                Socket socket = new Socket("localhost", slow.port())) {
            socket.getOutputStream()
                    .write(("POST /connectors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 50\r\n\r\n{")
                            .getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("body did not arrive");
        }
    }

    @ParameterizedTest
    @CsvSource({"stopped", "Paused", "RUNNING"})
    void theInitialStateMayBeWrittenInAnyCase(String state) {
        assertThat(rest.send(
                                "POST",
                                "/connectors",
                                SINK.replace("{\"name\"", "{\"initial_state\":\"" + state + "\",\"name\""))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void anEmptyFlagIsAsGoodAsNone() {
        assertThat(rest.call("GET", "/connector-plugins?connectorsOnly=").body())
                .doesNotContain("\"converter\"");
    }

    @Test
    void theConsoleIsAtUiWithASlashWhereItsFilesAreFound() {
        for (String method : new String[] {"GET", "HEAD"}) {
            assertThat(rest.call(method, "/ui").header("Location")).isEqualTo("/ui/");
            assertThat(rest.call(method, "/ui/").status()).isEqualTo(200);
            assertThat(rest.call(method, "/", "Accept", "text/html").header("Location"))
                    .isEqualTo("/ui/");
            assertThat(rest.call(method, "/", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                            .header("Location"))
                    .isEqualTo("/ui/");
            assertThat(rest.call(method, "/", "Accept", "application/json, text/html")
                            .status())
                    .isEqualTo(200);
            assertThat(rest.call(method, "/").status()).isEqualTo(200);
            assertThat(rest.call(method, "/", "Accept", "image/png").status()).isEqualTo(406);
        }
    }

    @Test
    void pagesOfStrangersAreKeptOut() {
        assertThat(rest.call("GET", "/connectors", "Origin", "http://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(rest.call("GET", "/connectors", "Origin", "http://localhost:" + rest.port())
                        .status())
                .isEqualTo(200);
        try (RunningRest open = RunningRest.starting(
                        plugins, Map.of("access.control.allow.origin", "http://good.example"))
                .started()) {
            Reply reply = open.call("GET", "/connectors", "Origin", "http://good.example");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("http://good.example");
            Reply preflight = open.call(
                    "OPTIONS",
                    "/connectors",
                    "Origin",
                    "http://good.example",
                    "Access-Control-Request-Headers",
                    "Accept");
            assertThat(preflight.status()).isEqualTo(200);
            assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("GET,POST,HEAD");
            assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Content-Type");
        }
    }

    @Test
    void methodsThatPagesMayUseAreThoseConfigured() {
        try (RunningRest open = RunningRest.starting(
                        plugins,
                        Map.of(
                                "access.control.allow.origin", "http://good.example",
                                "access.control.allow.methods", "GET, PUT,DELETE"))
                .started()) {
            Reply preflight = open.call(
                    "OPTIONS",
                    "/connectors/s/pause",
                    "Origin",
                    "http://good.example",
                    "Access-Control-Request-Method",
                    "PUT");
            assertThat(preflight.status()).isEqualTo(200);
            assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("GET,PUT,DELETE");
        }
    }

    @Test
    void topicsInUseAreNotToldWhereTheyAreNotTracked() {
        try (RunningRest untracked = RunningRest.starting(plugins, Map.of("topic.tracking.enable", "false"))
                .started()) {
            Reply topics = untracked.call("GET", "/connectors/s/topics");
            assertThat(topics.status()).isEqualTo(403);
            assertThat(topics.message()).contains("topic.tracking.enable");
            assertThat(untracked.call("PUT", "/connectors/s/topics/reset").status())
                    .isEqualTo(403);
        }
        try (RunningRest kept = RunningRest.starting(plugins, Map.of("topic.tracking.allow.reset", "false"))
                .started()) {
            assertThat(kept.send("POST", "/connectors", SINK).status()).isEqualTo(201);
            assertThat(kept.call("GET", "/connectors/s/topics").status()).isEqualTo(200);
            Reply reset = kept.call("PUT", "/connectors/s/topics/reset");
            assertThat(reset.status()).isEqualTo(403);
            assertThat(reset.message()).contains("topic.tracking.allow.reset");
        }
    }

    @Test
    void configuredHeadersAreOnEveryAnswer() {
        try (RunningRest with = RunningRest.starting(
                        plugins,
                        Map.of(
                                "response.http.headers.config",
                                "set X-Frame-Options: DENY, \"add Cache-Control: no-cache, no-store\""))
                .started()) {
            Reply reply = with.call("GET", "/nothing");
            assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-cache, no-store");
        }
    }

    @Test
    void metricsAreInPrometheusText() {
        Reply reply = rest.call("GET", "/metrics");
        assertThat(reply.header("Content-Type")).startsWith("text/plain");
        assertThat(reply.body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void adminEndpointsCanMoveAndGo() {
        try (RunningRest without =
                RunningRest.starting(plugins, Map.of("admin.listeners", "")).started()) {
            assertThat(without.call("GET", "/admin/loggers").status()).isEqualTo(404);
        }
        try (RunningRest moved = RunningRest.starting(plugins, Map.of("admin.listeners", "http://localhost:0"))
                .started()) {
            String admin = "http://localhost:" + moved.ports().get(1);
            assertThat(moved.call("GET", "/admin/loggers").status()).isEqualTo(404);
            assertThat(moved.callAt(admin, "GET", "/admin/loggers").json().has("root"))
                    .isTrue();
            assertThat(moved.callAt(admin, "GET", "/connectors").status()).isEqualTo(404);
        }
        assertThat(rest.call("GET", "/admin/loggers").json().has("root")).isTrue();
    }

    @Test
    void levelsOfLoggersAreSetBelowAName() {
        assertThat(rest.send("PUT", "/admin/loggers/rest.test", "{\"level\":\"DEBUG\"}")
                        .body())
                .isEqualTo("[\"rest.test\"]");
        rest.send("PUT", "/admin/loggers/rest.test.child", "{\"level\":\"ERROR\"}");
        assertThat(rest.send("PUT", "/admin/loggers/rest.test", "{\"level\":\"warn\"}")
                        .body())
                .isEqualTo("[\"rest.test\",\"rest.test.child\"]");
        assertThat(rest.call("GET", "/admin/loggers/rest.test.child")
                        .json()
                        .path("level")
                        .asText())
                .isEqualTo("WARN");
        assertThat(rest.send("PUT", "/admin/loggers/rest.test", "{\"level\":\"warn\"}")
                        .body())
                .isEqualTo("[]");
        assertThat(rest.send("PUT", "/admin/loggers/rest.test", "{\"level\":\"LOUD\"}")
                        .status())
                .isEqualTo(404);
        assertThat(rest.send("PUT", "/admin/loggers/rest.test", "{}").status()).isEqualTo(400);
    }

    @Test
    void levelsThatAreSetForTheWholeGroupAreAnsweredWithoutABody() {
        Reply reply = rest.send("PUT", "/admin/loggers/rest.cluster?scope=cluster", "{\"level\":\"DEBUG\"}");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(rest.call("GET", "/admin/loggers/rest.cluster")
                        .json()
                        .path("level")
                        .asText())
                .isEqualTo("DEBUG");
    }

    @Test
    void pluginsAreListedAndDescribed() {
        assertThat(rest.call("GET", "/connector-plugins").body())
                .contains("{\"class\":\"my.Sink\",\"type\":\"sink\",\"version\":\"1.0\"}");
        assertThat(rest.call("GET", "/connector-plugins?connectorsOnly=false").body())
                .contains("org.apache.kafka.connect.storage.StringConverter");
        assertThat(rest.call("GET", "/connector-plugins/StringConverter/config").body())
                .contains("converter.encoding");
        assertThat(rest.call("GET", "/connector-plugins/no.such.Plugin/config").message())
                .isEqualTo("Unknown plugin no.such.Plugin.");
        assertThat(rest.call("GET", "/connector-plugins/my.Sink/config?version=9")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void pluginsAreListedByTypeInKafkaConnectsOrder() {
        List<String> types = new ArrayList<>();
        rest.call("GET", "/connector-plugins?connectorsOnly=false")
                .json()
                .forEach(plugin -> types.add(plugin.path("type").asText()));

        List<String> order = List.of("sink", "source", "converter", "header_converter", "transformation", "predicate");
        assertThat(types)
                .contains("sink", "converter", "header_converter")
                .isSortedAccordingTo(Comparator.comparingInt(order::indexOf))
                .isSubsetOf(order);
    }

    @Test
    void aPluginOfTheWorkersIsNotDescribed() {
        assertThat(rest.call("GET", "/connector-plugins/FileConfigProvider/config")
                        .message())
                .isEqualTo("Invalid plugin class FileConfigProvider. Valid types are sink, source, converter,"
                        + " header_converter, transformation, predicate.");
    }

    @Test
    void anOccupiedPortIsNamedWithTheKeyToChange() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("localhost"))) {
            assertThatThrownBy(() -> RunningRest.starting(
                            plugins, Map.of("listeners", "http://localhost:" + taken.getLocalPort())))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("localhost:" + taken.getLocalPort())
                    .hasMessageContaining("listeners=");
        }
    }
}
