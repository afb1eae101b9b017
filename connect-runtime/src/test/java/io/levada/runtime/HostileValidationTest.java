/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that hang, throw an error or end the process while the worker asks them on behalf of REST: it answers others meanwhile. */
@Timeout(600)
final class HostileValidationTest {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);
    /** No measure of speed, but less than the time after which what hangs is given up. */
    private static final Duration ANSWER = Duration.ofSeconds(45);

    private static final String ASKED = """
            package my;
            import java.util.*;
            import java.util.concurrent.CountDownLatch;
            import org.apache.kafka.common.config.Config;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.Task;
            import org.apache.kafka.connect.source.*;
            public class Asked extends SourceConnector {
                Map<String, String> config = Map.of();
                static void be(String how) {
                    if (how == null) return;
                    switch (how) {
                        case "error": throw new Error("hostile on purpose");
                        case "exit": System.exit(1); break;
                        default:
                            while (true) {
                                try { new CountDownLatch(1).await(); } catch (InterruptedException ignored) { }
                            }
                    }
                }
                public String version() { return "1"; }
                public void start(Map<String, String> props) { config = props; }
                public Class<? extends Task> taskClass() { return AskedTask.class; }
                public List<Map<String, String>> taskConfigs(int max) { return List.of(config); }
                public void stop() { }
                public ConfigDef config() { return new ConfigDef(); }
                public Config validate(Map<String, String> props) {
                    be(props.get("in.validate"));
                    return super.validate(props);
                }
                public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> props) {
                    be(props.get("in.exactlyOnceSupport"));
                    return ExactlyOnceSupport.SUPPORTED;
                }
                public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> props) {
                    be(props.get("in.canDefineTransactionBoundaries"));
                    return ConnectorTransactionBoundaries.SUPPORTED;
                }
                public static class AskedTask extends SourceTask {
                    public String version() { return "1"; }
                    public void start(Map<String, String> props) { }
                    public List<SourceRecord> poll() {
                        java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                        return null;
                    }
                    public void stop() { }
                }
            }
            """;

    private static final String HANGS_IN_CONFIG = """
            package my;
            public class HangsInConfig extends Asked {
                public org.apache.kafka.common.config.ConfigDef config() {
                    be("hang");
                    return null;
                }
            }
            """;

    /** Hangs on those threads whose names begin as the path says. */
    private static final String PROVIDER = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigData;
            public class SlowProvider implements org.apache.kafka.common.config.provider.ConfigProvider {
                public void configure(Map<String, ?> configs) { }
                public ConfigData get(String path) { return get(path, Set.of()); }
                public ConfigData get(String path, Set<String> keys) {
                    if (Thread.currentThread().getName().startsWith(path)) {
                        System.setProperty("slow.on." + path, "yes");
                        Asked.be("hang");
                    }
                    Map<String, String> data = new HashMap<>();
                    keys.forEach(key -> data.put(key, "found"));
                    return new ConfigData(data);
                }
                public void close() { }
            }
            """;

    @TempDir
    private static Path dir;

    private static RunningWorker worker;

    @BeforeAll
    static void start() {
        new PluginJar()
                .withClass("my.Asked", ASKED)
                .withClass("my.HangsInConfig", HANGS_IN_CONFIG)
                .withClass("my.SlowProvider", PROVIDER)
                .declaring(PluginType.SOURCE, "my.Asked")
                .declaring(PluginType.SOURCE, "my.HangsInConfig")
                .declaring(PluginType.CONFIG_PROVIDER, "my.SlowProvider")
                .writeTo(dir.resolve("plugins/hostile.jar"));
        worker = new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        dir.resolve("data").toString()),
                Map.of(
                        "plugin.path",
                        dir.resolve("plugins").toString(),
                        "config.providers",
                        "slow",
                        "config.providers.slow.class",
                        "my.SlowProvider",
                        "exactly.once.source.support",
                        "enabled",
                        "task.shutdown.graceful.timeout.ms",
                        "1000"));
    }

    @AfterAll
    static void stop() {
        worker.close();
        System.getProperties().keySet().removeIf(key -> String.valueOf(key).startsWith("slow.on."));
    }

    private static CompletableFuture<?> create(String name, Map<String, String> more) {
        Map<String, @Nullable String> config = new HashMap<>(Map.of("name", name, "connector.class", "my.Asked"));
        config.putAll(more);
        return worker.herder()
                .createConnector(new ConnectorName(name), config, TargetState.STARTED)
                .toCompletableFuture();
    }

    private static HttpResponse<String> answered(int status, String method, String path, String body) {
        HttpResponse<String> answer = worker.rest(method, path, body, ANSWER);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private static void awaitHanging(String threads) {
        await("hangs on " + threads).atMost(LONG_ENOUGH).until(() -> System.getProperty("slow.on." + threads) != null);
    }

    private static String json(Map<String, String> config) {
        return config.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": \"" + entry.getValue() + "\"")
                .collect(java.util.stream.Collectors.joining(", ", "{", "}"));
    }

    @Test
    void whileConfigsHangThatAreJudgedOthersAreAnswered() {
        worker.create(
                "others-sink", Map.of("connector.class", RecordingSink.class.getName(), "topics", "nothing-here"));
        List<CompletableFuture<?>> hanging = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            hanging.add(create("validate-" + number, Map.of("in.validate", "hang")));
            hanging.add(create("config-" + number, Map.of("connector.class", "my.HangsInConfig")));
        }
        hanging.add(
                create("exactly-once", Map.of("exactly.once.support", "required", "in.exactlyOnceSupport", "hang")));
        hanging.add(create(
                "boundaries",
                Map.of("transaction.boundary", "connector", "in.canDefineTransactionBoundaries", "hang")));
        hanging.add(create("provider", Map.of("secret", "${slow:levada-validation:key}")));

        Map<String, String> good =
                Map.of("connector.class", ScriptedSource.class.getName(), "name", "good", "script", "good");
        answered(201, "POST", "/connectors", "{\"name\": \"good\", \"config\": " + json(good) + "}");
        answered(200, "PUT", "/connector-plugins/" + ScriptedSource.class.getName() + "/config/validate", json(good));
        assertThat(answered(200, "GET", "/connector-plugins", "").body()).contains("my.Asked");
        answered(200, "GET", "/connector-plugins/" + ScriptedSource.class.getName() + "/config", "");
        answered(200, "GET", "/connectors/good/offsets", "");
        answered(200, "GET", "/connectors/others-sink/offsets", "");
        answered(200, "GET", "/connectors/good/status", "");
        answered(200, "GET", "/health", "");
        // Also one of the class whose other configs hang.
        get(create("asked-well", Map.of()));

        assertThat(hanging).as("given up after these answers").noneMatch(CompletableFuture::isDone);
    }

    @Test
    void whatIsThrownWhileAConfigIsJudgedIsTheAnswer() {
        assertRefused(Map.of("in.validate", "error"), "hostile on purpose");
        assertRefused(Map.of("in.validate", "exit"), "System.exit(1) of my.Asked");
        assertRefused(
                Map.of("exactly.once.support", "required", "in.exactlyOnceSupport", "error"), "hostile on purpose");
        assertRefused(
                Map.of("transaction.boundary", "connector", "in.canDefineTransactionBoundaries", "error"),
                "hostile on purpose");
        assertRefused(
                Map.of("transaction.boundary", "connector", "in.canDefineTransactionBoundaries", "exit"),
                "System.exit(1) of my.Asked");
    }

    private static void assertRefused(Map<String, String> config, String why) {
        assertThatThrownBy(() -> get(create("refused", config))).hasMessageContaining(why);
    }

    @Test
    void aProviderThatHangsInATaskHurtsItsConnectorOnly() {
        get(create("in-task", Map.of("secret", "${slow:task-thread-:key}")));
        awaitHanging("task-thread-");

        get(create("beside", Map.of("secret", "${slow:nowhere:key}")));
        worker.awaitStates("beside", "RUNNING", "RUNNING");
        answered(204, "DELETE", "/connectors/in-task", "");
        answered(404, "GET", "/connectors/in-task/status", "");
    }

    @Test
    void aProviderThatHangsWhileOffsetsAreShownHurtsItsConnectorOnly() {
        Map<String, String> sink = Map.of("connector.class", RecordingSink.class.getName(), "topics", "nothing-here");
        Map<String, String> hostile = new HashMap<>(sink);
        hostile.put("secret", "${slow:levada-plugin-call:key}");
        worker.create("hidden-offsets", hostile);
        worker.create("shown-offsets", sink);
        List<CompletableFuture<?>> hanging = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            hanging.add(
                    worker.herder().offsets(new ConnectorName("hidden-offsets")).toCompletableFuture());
        }
        awaitHanging("levada-plugin-call");

        answered(200, "GET", "/connectors/shown-offsets/offsets", "");
        answered(200, "GET", "/connector-plugins", "");
        answered(204, "DELETE", "/connectors/hidden-offsets", "");
        assertThat(hanging).as("given up after these answers").noneMatch(CompletableFuture::isDone);
    }
}
