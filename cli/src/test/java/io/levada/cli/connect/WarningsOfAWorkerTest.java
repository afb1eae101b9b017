/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import io.levada.cli.peers.ApacheKafkaConnect;
import io.levada.runtime.Worker;
import io.levada.runtime.config.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker of ours says besides its answer, as the verbs print it. */
final class WarningsOfAWorkerTest {
    private static final String UNKNOWN = "warning: The key task.max is unknown: ";

    @TempDir
    static Path folder;

    private static Worker worker;

    @BeforeAll
    static void startWorker() {
        Map<String, String> properties = new HashMap<>();
        properties.put("listeners", "http://localhost:0");
        properties.put("broker.listeners", "PLAINTEXT://localhost:0");
        properties.put("data.dir", folder.resolve("data").toString());
        properties.put("plugin.path", ApacheKafkaConnect.pluginPath().toString());
        properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        properties.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker = Worker.start(WorkerConfig.from(properties));
    }

    @AfterAll
    static void stopWorker() {
        worker.close();
    }

    @Test
    void validateCreateAndConfigTellAMisspeltKeyOnStandardErrorAndSucceed() throws IOException {
        String file = file("told", "\"topics\": \"told\", \"task.max\": \"1\"");
        assertWarns(run("validate", file));
        assertWarns(run("create", file));
        assertWarns(run("config", "told", file));
        assertWarns(run("config", "told", "--set", "topics=told-too"));
        assertThat(run("config", "told").err()).doesNotContain("warning:");
    }

    @Test
    void aTopicThatDoesNotExistIsTold() throws IOException {
        CommandLineRun validated = run("validate", file("typo", "\"topics\": \"no.such.topic\""));
        assertThat(validated.exitCode()).isZero();
        assertThat(validated.err()).contains("warning: There is no topic no.such.topic;");
    }

    @Test
    void errorsAreToldOnceEach() throws IOException {
        String file = file("wrong", "\"tasks.max\": \"two\"");
        CommandLineRun created = run("create", file);
        assertThat(created.exitCode()).isEqualTo(5);
        assertThat(created.err())
                .containsOnlyOnce("Must configure one of topics or topics.regex")
                .containsOnlyOnce("for configuration tasks.max")
                .doesNotContain("at the endpoint");
        CommandLineRun validated = run("validate", file);
        assertThat(validated.exitCode()).isEqualTo(5);
        assertThat(validated.out())
                .containsOnlyOnce("Must configure one of topics or topics.regex")
                .containsOnlyOnce("for configuration tasks.max")
                .contains("topics, topics.regex");
    }

    private static void assertWarns(CommandLineRun run) {
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains(UNKNOWN, "Did you mean tasks.max?");
    }

    private static String file(String name, String config) throws IOException {
        return Files.writeString(
                        folder.resolve(name + ".json"),
                        "{\"name\": \"" + name
                                + "\", \"connector.class\": \"org.apache.kafka.connect.file.FileStreamSinkConnector\", \"file\": \""
                                + folder.resolve(name + ".txt") + "\", " + config + "}")
                .toString();
    }

    private static CommandLineRun run(String... words) {
        List<String> all = new ArrayList<>(List.of("connectors"));
        all.addAll(List.of(words));
        all.addAll(List.of("--url", "http://localhost:" + worker.restPort()));
        return levada(all.toArray(String[]::new));
    }
}
