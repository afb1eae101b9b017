/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** KIP-1004: a connector makes as many tasks as it may. */
final class TaskConfigsTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"true", "TRUE"})
    void moreTasksThanTasksMaxFailTheConnector(@Nullable String enforce) {
        assertThatThrownBy(() -> made("2", enforce))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("generated 3 tasks, which is greater than 2")
                .hasMessageContaining("tasks.max.enforce");
        assertThat(made("3", enforce)).hasSize(3);
    }

    @Test
    void aConnectorThatCannotBeMendedMayMakeMore() {
        assertThat(made("2", "false")).hasSize(3);
    }

    private static List<Map<String, @Nullable String>> made(String tasksMax, @Nullable String enforce) {
        Map<String, @Nullable String> config = new HashMap<>();
        config.put("tasks.max", tasksMax);
        config.put("tasks.max.enforce", enforce);
        return new TaskConfigs(new ConnectorName("c"), config, config).of(new ThreeTasks());
    }

    private static final class ThreeTasks extends SourceConnector {
        @Override
        public void start(Map<String, String> properties) {}

        @Override
        public Class<? extends Task> taskClass() {
            return Task.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(Map.of(), Map.of(), Map.of());
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
