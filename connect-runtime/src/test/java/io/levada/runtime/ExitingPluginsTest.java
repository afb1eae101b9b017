/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginType;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that ends the process in one call or another; the worker runs in this test's, which would be over. */
@Timeout(600)
class ExitingPluginsTest {
    private static final String CONNECTOR = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.Task;
            import org.apache.kafka.connect.source.*;
            public class Exiting extends SourceConnector {
                Map<String, String> config = Map.of();
                static void exitIf(Map<String, String> config, String here) {
                    if (here.equals(config.get("exit.in"))) System.exit(1);
                }
                public String version() { return "1"; }
                public void start(Map<String, String> props) { config = props; exitIf(config, "start"); }
                public Class<? extends Task> taskClass() { exitIf(config, "taskClass"); return ExitingTask.class; }
                public List<Map<String, String>> taskConfigs(int max) { exitIf(config, "taskConfigs"); return List.of(config); }
                public void stop() { exitIf(config, "stop"); }
                public ConfigDef config() { return new ConfigDef(); }
                public static class ExitingTask extends SourceTask {
                    Map<String, String> config = Map.of();
                    public String version() { return "1"; }
                    public void start(Map<String, String> props) { config = props; exitIf(config, "task start"); }
                    public List<SourceRecord> poll() throws InterruptedException {
                        exitIf(config, "poll");
                        if ("a thread".equals(config.get("exit.in"))) {
                            Thread thread = new Thread(() -> Runtime.getRuntime().halt(1));
                            thread.setUncaughtExceptionHandler((of, thrown) -> {});
                            thread.start();
                            thread.join();
                        }
                        Thread.sleep(50);
                        return List.of();
                    }
                    public void stop() { exitIf(config, "task stop"); }
                }
            }
            """;

    @TempDir
    Path dir;

    @Test
    void aPluginThatEndsTheProcessFailsAloneInWhateverCall() {
        new PluginJar()
                .withClass("my.Exiting", CONNECTOR)
                .declaring(PluginType.SOURCE, "my.Exiting")
                .writeTo(dir.resolve("plugins/exiting.jar"));
        try (RunningWorker worker = new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        dir.resolve("data").toString()),
                Map.of("plugin.path", dir.resolve("plugins").toString(), "errors.restart.max", "0"))) {
            for (String call : new String[] {"start", "taskClass", "taskConfigs"}) {
                worker.create(call, exitingIn(call));
                worker.awaitStates(call, "FAILED");
                assertThat(Objects.requireNonNull(worker.status(call))
                                .connector()
                                .trace())
                        .contains("System.exit(1)", "my.Exiting");
            }
            for (String call : new String[] {"task start", "poll"}) {
                String name = call.replace(' ', '-');
                worker.create(name, exitingIn(call));
                worker.awaitStates(name, "RUNNING", "FAILED");
                assertThat(worker.awaitTask(name, 0, "FAILED").trace()).contains("System.exit(1)");
            }
            worker.create("thread", exitingIn("a thread"));
            worker.awaitStates("thread", "RUNNING", "RUNNING");
            for (String call : new String[] {"stop", "task stop"}) {
                String name = "at-" + call.replace(' ', '-');
                worker.create(name, exitingIn(call));
                worker.awaitStates(name, "RUNNING", "RUNNING");
                worker.delete(name);
            }
            worker.create(
                    "other",
                    Map.of(
                            "connector.class",
                            CountingSource.class.getName(),
                            "tasks.max",
                            "1",
                            "topic",
                            "counted",
                            "count",
                            "20"));
            assertThat(worker.values("counted", 20)).hasSize(20);
        }
    }

    private static Map<String, String> exitingIn(String call) {
        return Map.of("connector.class", "my.Exiting", "tasks.max", "1", "exit.in", call);
    }
}
