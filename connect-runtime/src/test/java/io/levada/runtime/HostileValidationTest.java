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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                /** Whether this is a thread on which configs are validated. */
                static boolean judging() { return Thread.currentThread().getName().startsWith("levada-validation"); }
                public String version() { return "1"; }
                public void start(Map<String, String> props) { config = props; be(props.get("in.start")); }
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
                    public void start(Map<String, String> props) { be(props.get("in.task.start")); }
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

    /** Hang while a config is judged, where they are made or asked for their version, and behave when they are listed. */
    private static final String HANGS_WHEN_MADE = """
            package my;
            public class HangsWhenMade extends Asked {
                public HangsWhenMade() { if (judging()) be("hang"); }
            }
            """;

    private static final String HANGS_IN_VERSION = """
            package my;
            public class HangsInVersion extends Asked {
                public String version() {
                    if (judging()) be("hang");
                    return "1";
                }
            }
            """;

    private static final String FAILS_WHEN_MADE = """
            package my;
            public class FailsWhenMade extends Asked {
                public FailsWhenMade() { if (judging()) be("error"); }
            }
            """;

    private static final String EXITS_WHEN_MADE = """
            package my;
            public class ExitsWhenMade extends Asked {
                public ExitsWhenMade() { if (judging()) be("exit"); }
            }
            """;

    /** A converter, header converter, transform and predicate, whose class says what it does when it is asked for its keys. */
    private static final String PIECE = """
            package my;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.ConnectRecord;
            import org.apache.kafka.connect.storage.StringConverter;
            import org.apache.kafka.connect.transforms.Transformation;
            import org.apache.kafka.connect.transforms.predicates.Predicate;
            public class %s<R extends ConnectRecord<R>> extends StringConverter implements Transformation<R>, Predicate<R> {
                public String version() { return "1"; }
                public ConfigDef config() {
                    Asked.be("%s");
                    return new ConfigDef();
                }
                public R apply(R record) { return record; }
                public boolean test(R record) { return false; }
                public void close() { }
            }
            """;

    private static final Map<String, String> PIECES = Map.of("Hanging", "hang", "Failing", "error", "Exiting", "exit");

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
        PluginJar jar = new PluginJar()
                .withClass("my.Asked", ASKED)
                .withClass("my.HangsInConfig", HANGS_IN_CONFIG)
                .withClass("my.HangsWhenMade", HANGS_WHEN_MADE)
                .withClass("my.HangsInVersion", HANGS_IN_VERSION)
                .withClass("my.FailsWhenMade", FAILS_WHEN_MADE)
                .withClass("my.ExitsWhenMade", EXITS_WHEN_MADE)
                .withClass("my.SlowProvider", PROVIDER)
                .declaring(PluginType.SOURCE, "my.Asked")
                .declaring(PluginType.SOURCE, "my.HangsInConfig")
                .declaring(PluginType.CONFIG_PROVIDER, "my.SlowProvider");
        PIECES.forEach((name, how) -> jar.withClass("my." + name, PIECE.formatted(name, how)));
        jar.writeTo(dir.resolve("plugins/hostile.jar"));
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
        hanging.add(create("made", Map.of("connector.class", "my.HangsWhenMade")));
        hanging.add(create("version", Map.of("connector.class", "my.HangsInVersion")));
        configsWith("my.Hanging").forEach(config -> hanging.add(create("piece-" + hanging.size(), config)));
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

    @Test
    void whatAPieceOfAConfigThrowsIsTheAnswer() {
        configsWith("my.Failing").forEach(config -> assertRefused(config, "hostile on purpose"));
        configsWith("my.Exiting").forEach(config -> assertRefused(config, "System.exit(1) of my.Asked"));
        assertRefused(Map.of("connector.class", "my.FailsWhenMade"), "hostile on purpose");
        assertRefused(Map.of("connector.class", "my.ExitsWhenMade"), "System.exit(1) of my.Asked");
    }

    private static List<Map<String, String>> configsWith(String piece) {
        return List.of(
                Map.of("key.converter", piece),
                Map.of("header.converter", piece),
                Map.of("transforms", "t", "transforms.t.type", piece),
                Map.of("predicates", "p", "predicates.p.type", piece));
    }

    private static void assertRefused(Map<String, String> config, String why) {
        assertThatThrownBy(() -> get(create("refused", config))).hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "hang"})
    void aRestartIsAnsweredWhateverBecomesOfTheStart(String how) {
        String connector = "connector-" + how;
        String task = "task-" + how;
        boolean hangs = how.equals("hang");
        get(create(connector, Map.of("in.start", how, "errors.restart.max", "0")));
        get(create(task, Map.of("in.task.start", how, "errors.restart.max", "0")));
        worker.awaitStates(connector, hangs ? "UNASSIGNED" : "FAILED");
        if (hangs) {
            awaitTaskConfig(task); // It has no status yet.
        } else {
            worker.awaitTask(task, 0, "FAILED");
        }

        answered(204, "POST", "/connectors/" + connector + "/restart", "");
        answered(204, "POST", "/connectors/" + task + "/tasks/0/restart", "");

        worker.awaitStates(connector, hangs ? "RESTARTING" : "FAILED");
        worker.awaitTask(task, 0, hangs ? "RESTARTING" : "FAILED");
    }

    private static void awaitTaskConfig(String name) {
        await("tasks of " + name)
                .atMost(LONG_ENOUGH)
                .until(() ->
                        !get(worker.herder().tasks(new ConnectorName(name))).isEmpty());
    }

    /** What hangs in its first start has no status of its own yet. */
    @Test
    void whatHasNeverStartedIsRestartedWithAllThatBelongsToIt() {
        get(create("never", Map.of("in.start", "hang")));
        get(create("task-never", Map.of("in.task.start", "hang")));
        awaitTaskConfig("task-never");

        assertThat(answered(202, "POST", "/connectors/never/restart?includeTasks=true", "")
                        .body())
                .contains("RESTARTING");
        answered(202, "POST", "/connectors/task-never/restart?includeTasks=true", "");

        worker.awaitStates("never", "RESTARTING");
        worker.awaitTask("task-never", 0, "RESTARTING");
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
