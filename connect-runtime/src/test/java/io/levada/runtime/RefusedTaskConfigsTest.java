/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.herder.ConnectorStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connector makes a task config that the producer finds too large. */
final class RefusedTaskConfigsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    /** The config of its second task is large while it is told so. */
    public static final class Growing extends SourceConnector {
        private static volatile boolean large;
        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = props;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            List<Map<String, String>> tasks = new ArrayList<>();
            for (int task = 0; task < maxTasks; task++) {
                Map<String, String> one = new HashMap<>(config);
                one.put("number", String.valueOf(task));
                one.put("tables", large && task == 1 ? "t".repeat(60_000) : "t");
                tasks.add(one);
            }
            return tasks;
        }

        @Override
        public Class<? extends Task> taskClass() {
            return CountingSource.CountingTask.class;
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

    @Test
    void failTheConnectorWhichTriesAgainWhileItsTasksGoOnAsTheyWere() {
        Growing.large = false;
        Map<String, String> config = new HashMap<>(
                Map.of("connector.class", Growing.class.getName(), "topic", "numbers", "count", "1", "tasks.max", "2"));
        try (RunningWorker worker = new RunningWorker(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                Map.of("max.request.size", "50000"))) {
            worker.create("growing", config);
            worker.awaitStates("growing", "RUNNING", "RUNNING", "RUNNING");
            int starts = CountingSource.starts("growing");

            Growing.large = true;
            config.put("count", "2");
            worker.put("growing", config);

            worker.awaitStates("growing", "FAILED", "RUNNING", "RUNNING");
            ConnectorStatus status = worker.status("growing");
            assertThat(status).isNotNull();
            assertThat(status.connector().trace())
                    .contains("Cannot write the config of task growing-1 (60", "raise max.request.size", "Restart ");
            assertThat(CountingSource.starts("growing"))
                    .as("not even the task whose new config is held")
                    .isEqualTo(starts);

            Growing.large = false;
            await().atMost(PATIENCE).until(() -> CountingSource.starts("growing") == starts + 2);
            worker.awaitStates("growing", "RUNNING", "RUNNING", "RUNNING");
        }
    }
}
