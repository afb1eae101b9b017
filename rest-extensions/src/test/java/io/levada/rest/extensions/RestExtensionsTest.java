/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.Installed;
import io.levada.runtime.Worker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker with {@link GateExtension} before its whole REST API. */
class RestExtensionsTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String KEYLESS = KeylessSource.class.getName();

    @TempDir
    static Path folder;

    private static Worker worker;

    private static Map<String, String> properties(Path data, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "listeners", "http://localhost:0",
                "broker.listeners", "PLAINTEXT://localhost:0",
                "data.dir", data.toString(),
                "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                "gate.key", "s3cret"));
        properties.putAll(more);
        return properties;
    }

    @BeforeAll
    static void start() {
        GateExtension.EVENTS.clear();
        worker = Worker.start(
                properties(
                        folder.resolve("data"),
                        Map.of("rest.extension.classes", "io.levada.rest.extensions.GateExtension")),
                Installed.NOTHING);
    }

    @AfterAll
    static void stop() {
        worker.close();
        assertThat(GateExtension.EVENTS).startsWith("configure", "register").endsWith("close");
    }

    @Test
    void nobodyWithoutTheKeyPassesAnywhere() throws Exception {
        for (String path : List.of(
                "/",
                "/connectors",
                "/connectors/x/status",
                "/connectors/p%2Fq/status",
                "/levada/v1/connectors",
                "/connector-plugins",
                "/admin/loggers",
                "/metrics",
                "/health",
                "/ui/",
                "/no-such-path",
                "/connectors/",
                "/extra/shout",
                "/connectors/usage")) {
            for (String method : List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")) {
                if (path.startsWith("/extra") || path.endsWith("/usage")) {
                    continue; // other methods than theirs end in 405
                }
                HttpResponse<String> answer = call(method, path, "{}", "Content-Type", "application/json");
                assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(401);
                assertThat(answer.body()).isEqualTo("no key, no entry");
            }
            assertThat(call("GET", path, null).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void metricsOfAnExtensionAreShown() throws Exception {
        ObjectName bean =
                new ObjectName("kafka.connect:type=plugins,config=rest.extension.classes,class=GateExtension");

        assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "key-length"))
                .isEqualTo("s3cret".length());
    }

    @Test
    void whatTheExtensionAnswersComesOutAsItIs() throws Exception {
        HttpResponse<String> answer = call("GET", "/connectors", null);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Key realm=\"gate\"");
        assertThat(answer.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void anAnswerThatCannotBeSentIsAnErrorAndNotSilence() throws Exception {
        HttpResponse<String> answer = admitted("GET", "/extra/unsendable", null);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"error_code\":500", "The answer cannot be sent");
        assertThat(answer.headers().firstValue("X-Two")).isEmpty();
    }

    @Test
    void theApiAnswersBehindTheFiltersAsItDoesWithout() throws Exception {
        assertThat(admitted("GET", "/", null).body()).contains("kafka_cluster_id");
        assertThat(admitted("GET", "/health", null).statusCode()).isEqualTo(200);
        assertThat(admitted("GET", "/metrics", null).body()).contains("jvm_");
        assertThat(admitted("GET", "/connectors/none/status", null).statusCode())
                .isEqualTo(404);
        assertThat(admitted("GET", "/no-such-path", null).body()).contains("\"error_code\":404");
        assertThat(admitted("DELETE", "/connectors", null).statusCode()).isEqualTo(405);
        HttpResponse<String> options = admitted("OPTIONS", "/connectors", null);
        assertThat(options.headers().firstValue("Allow")).hasValue("GET,HEAD,OPTIONS,POST");
        HttpResponse<String> head = admitted("HEAD", "/connectors", null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).isPresent().isNotEqualTo(java.util.Optional.of("0"));
        assertThat(admitted("GET", "/connectors/a|b", null).statusCode()).isEqualTo(404);
    }

    @Test
    void namesFailuresAndWarningsPassTheFiltersUnchanged() throws Exception {
        assertThat(admitted("GET", "/connectors/p%2Fq%3B%2525/status", null).body())
                .contains("No status found for connector p/q;%25");
        assertThat(admitted("GET", "/levada/v1/connectors", null).body()).isEqualTo("{}");
        assertThat(admitted("GET", "/levada/v1/connectors/..", null).statusCode())
                .isEqualTo(400);
        String config = "{\"name\":\"w\",\"connector.class\":\"" + KEYLESS + "\",\"task.max\":\"1\",\"tabel\":\"t\"}";
        HttpResponse<String> validated = admitted(
                "PUT",
                "/connector-plugins/" + KEYLESS + "/config/validate",
                config,
                "Content-Type",
                "application/json");
        assertThat(validated.statusCode()).as(validated.body()).isEqualTo(200);
        assertThat(validated.headers().allValues("Warning"))
                .hasSize(2)
                .allMatch(value -> value.startsWith("299 - \"The key "));
    }

    @Test
    void extensionsThatWereConfiguredAreClosedIfALaterOneCannotBe() {
        GateExtension.EVENTS.removeIf("failing closed"::equals);

        assertThatThrownBy(() -> failingStart(
                        "io.levada.rest.extensions.FailingExtension,io.levada.rest.extensions.PickyExtension"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("io.levada.rest.extensions.PickyExtension")
                .hasMessageContaining("nothing suits it");

        assertThat(GateExtension.EVENTS).contains("failing closed");
    }

    @Test
    void noExtensionIsMadeIfALaterOneIsNotThere() {
        int made = FailingExtension.MADE.get();

        assertThatThrownBy(() -> failingStart("io.levada.rest.extensions.FailingExtension,acme.NoSuchExtension"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("acme.NoSuchExtension");

        assertThat(FailingExtension.MADE).hasValue(made);
    }

    @Test
    void aBodyThatAFilterReadIsStillThereForTheEndpoint() throws Exception {
        String config = "{\"connector.class\":\"no.such.Class\",\"name\":\"x\"}";
        HttpResponse<String> answer =
                admitted("PUT", "/connectors/x/config", config, "Content-Type", "application/json");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("no.such.Class");
        assertThat(answer.headers().firstValue("X-Length")).hasValue(Integer.toString(config.length()));
    }

    @Test
    void responseFiltersSeeEveryAnswerOnThreadsOfTheirOwn() throws Exception {
        for (String path : List.of("/connectors", "/no-such-path", "/extra/shout")) {
            HttpResponse<String> answer = admitted("GET", path, null);
            assertThat(answer.headers().firstValue("X-Gate")).as(path).hasValue("passed");
            assertThat(answer.headers().firstValue("X-Thread").orElse("")).startsWith("levada-rest-extension-");
        }
    }

    @Test
    void resourcesInterceptorsMappersAndFiltersBeforeMatchingWork() throws Exception {
        assertThat(admitted("GET", "/extra/shout", null).body()).isEqualTo("hello!");
        assertThat(admitted("POST", "/extra/echo", "payload", "Content-Type", "text/plain")
                        .body())
                .isEqualTo("payload");
        assertThat(admitted("GET", "/all-connectors", null).body()).startsWith("[");
        HttpResponse<String> tea = admitted("GET", "/extra/tea", null);
        assertThat(tea.statusCode()).isEqualTo(418);
        assertThat(tea.body()).isEqualTo("short and stout");
        HttpResponse<String> forbidden = admitted("GET", "/extra/forbidden", null);
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(forbidden.body()).isEqualTo("{\"error_code\":403,\"message\":\"not even you\"}");
        HttpResponse<String> broken = admitted("GET", "/extra/broken", null);
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).contains("broken inside");
    }

    @Test
    void anExtensionSeesTheClusterAndAddsToThePathsOfTheWorker() throws Exception {
        assertThat(admitted("GET", "/connectors/usage", null).body())
                .contains("\"connectors\":[")
                .contains("\"cluster\":\"" + clusterId() + "\"");
        HttpResponse<String> unknown = admitted("GET", "/connectors/usage/none", null);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("\"error_code\":404");
    }

    @Test
    void theLimitsAndGuardsOfRestStandBeforeTheExtensions() throws Exception {
        HttpResponse<String> foreign = admitted("GET", "/connectors", null, "Origin", "http://example.org");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.headers().firstValue("X-Gate")).isEmpty();
        HttpResponse<String> large = admitted("POST", "/extra/echo", "x".repeat((10 << 20) + 1));
        assertThat(large.statusCode()).isEqualTo(413);
    }

    @Test
    void anExtensionThatFailsOrIsNotThereEndsTheStartByName() {
        assertThatThrownBy(() -> failingStart("io.levada.rest.extensions.FailingExtension"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rest.extension.classes=io.levada.rest.extensions.FailingExtension")
                .hasMessageContaining("the key store is locked");
        await().atMost(Duration.ofSeconds(60)).until(() -> GateExtension.EVENTS.contains("failing closed"));
        assertThatThrownBy(() -> failingStart("acme.NoSuchExtension"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rest.extension.classes=acme.NoSuchExtension")
                .hasMessageContaining("plugin.path is not set");
        assertThatThrownBy(() -> failingStart("java.lang.String"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rest.extension.classes=java.lang.String");
    }

    private static void failingStart(String extension) {
        Worker.start(
                        properties(folder.resolve("failing"), Map.of("rest.extension.classes", extension)),
                        Installed.NOTHING)
                .close();
    }

    private static String clusterId() {
        return worker.herder().clusterId();
    }

    private static HttpResponse<String> admitted(String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "X-Key";
        all[1] = "s3cret";
        return call(method, path, body, all);
    }

    private static HttpResponse<String> call(String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + worker.restPort() + path.replace("|", "%7C")))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
