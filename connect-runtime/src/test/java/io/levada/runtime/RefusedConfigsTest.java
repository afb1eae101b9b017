/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.herder.BadRequestException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A config that promises what will not be kept is refused when it comes, not found out later. */
final class RefusedConfigsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    RunningWorker worker;

    @BeforeEach
    void start() {
        worker = new RunningWorker(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                Map.of("exactly.once.source.support", "enabled", "errors.restart.max", "0"));
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    private static Map<String, String> counting(String... more) {
        Map<String, String> config = new HashMap<>(
                Map.of("connector.class", CountingSource.class.getName(), "topic", "numbers", "count", "1"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    @Test
    void exactlyOnceThatIsRequiredIsRefusedIfTheConnectorDoesNotSaySo() {
        assertThatThrownBy(() -> worker.create("exact", counting("exactly.once.support", "required")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("The connector does not say whether it supports exactly-once delivery")
                .hasMessageContaining("requested");

        worker.create("exact", counting("exactly.once.support", "requested"));
        worker.awaitStates("exact", "RUNNING", "RUNNING");
        assertThatThrownBy(() -> worker.put("exact", counting("exactly.once.support", " Required ")))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void restartSettingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> worker.create("often", counting("errors.restart.max", "often")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Invalid value often for configuration errors.restart.max");
        assertThatThrownBy(() -> worker.create("often", counting("errors.restart.delay.ms", "-1")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("errors.restart.delay.ms");
    }

    @Test
    void theNameCanBePatchedNeitherAwayNorToAnother() {
        worker.create("kept", counting());
        Map<String, @Nullable String> away = new HashMap<>();
        away.put("name", null);

        assertThatThrownBy(() -> get(worker.herder().patchConfig(new ConnectorName("kept"), away)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Missing required configuration \"name\"");
        assertThatThrownBy(() -> get(worker.herder().patchConfig(new ConnectorName("kept"), Map.of("name", "other"))))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("(other) doesn't match");
        assertThat(get(worker.herder().patchConfig(new ConnectorName("kept"), Map.of("count", "2")))
                        .config())
                .containsEntry("name", "kept")
                .containsEntry("count", "2");
    }

    @Test
    void topicCreationThatCannotBeIsRefusedAndItsKeysAreNamed() {
        assertThatThrownBy(() -> worker.create(
                        "regex",
                        counting(
                                "topic.creation.default.partitions", "1",
                                "topic.creation.groups", "g",
                                "topic.creation.g.include", "(")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("topic.creation.default.replication.factor")
                .hasMessageContaining("Invalid value ( for configuration topic.creation.g.include");
    }
}
