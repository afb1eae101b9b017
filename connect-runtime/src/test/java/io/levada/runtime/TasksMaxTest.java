/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.lifecycle.TasksMax;
import io.levada.runtime.logging.LoggedLines;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Task configs that are stored and more than a newer config allows, as those of a connector that always makes three (KIP-1004). */
final class TasksMaxTest {
    /** See above. */
    public static final class Three extends SinkConnector {
        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = props;
        }

        @Override
        public Class<? extends Task> taskClass() {
            return new RecordingSink().taskClass();
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(config, config, config);
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

    private static Map<String, String> config(String... more) {
        Map<String, String> config = new HashMap<>(Map.of("connector.class", Three.class.getName(), "topics", "in"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    @Test
    void aTaskOfTooManyRunsOnAndDoesNotStartAgain(@TempDir Path folder) {
        try (RunningWorker worker = new RunningWorker(
                        Map.of("data.dir", folder.toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                        Map.of("errors.restart.max", "0"));
                LoggedLines log = LoggedLines.of(TasksMax.class)) {
            worker.create("c", config("tasks.max", "3"));
            worker.awaitStates("c", "RUNNING", "RUNNING", "RUNNING", "RUNNING");

            worker.put("c", config("tasks.max", "2"));
            worker.awaitStates("c", "FAILED", "RUNNING", "RUNNING", "RUNNING");
            RunningWorker.get(worker.herder().restartTask(new ConnectorName("c").task(1)));
            worker.awaitStates("c", "FAILED", "RUNNING", "FAILED", "RUNNING");
            assertThat(Objects.requireNonNull(worker.status("c"))
                            .tasks()
                            .get(1)
                            .reported()
                            .trace())
                    .contains("connector c has generated 3 tasks, which is greater than 2", "raise tasks.max");

            worker.put("c", config("tasks.max", "2", "tasks.max.enforce", "false"));
            worker.awaitStates("c", "RUNNING", "RUNNING", "RUNNING", "RUNNING");
            assertThat(log.texts()).anySatisfy(line -> assertThat(line).contains("let through"));
        }
    }
}
