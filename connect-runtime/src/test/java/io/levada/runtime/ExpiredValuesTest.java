/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.ExpiredValues;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a connector is restarted when the time of its values is over, by what became of it meanwhile. */
final class ExpiredValuesTest {
    private static final ConnectorName NAME = new ConnectorName("c");

    @Test
    void onlyAConnectorThatStillUsesThemIsRestarted(@TempDir Path folder) {
        try (RunningWorker worker = new RunningWorker(
                Map.of("data.dir", folder.toString(), "broker.listeners", "PLAINTEXT://localhost:0"), Map.of())) {
            Map<String, String> keys =
                    Map.of("connector.class", CountingSource.class.getName(), "topic", "out", "count", "3");
            worker.create("c", keys);
            Map<String, @Nullable String> first =
                    RunningWorker.get(worker.herder().config(NAME));
            ExpiredValues expired = new ExpiredValues(worker.herder());

            assertThat((Object) RunningWorker.get(expired.restart(NAME, first)))
                    .as("in use")
                    .isEqualTo(Optional.empty());

            worker.put("c", Map.of("connector.class", CountingSource.class.getName(), "topic", "out", "count", "4"));
            Map<String, @Nullable String> second =
                    RunningWorker.get(worker.herder().config(NAME));
            assertThat((Object) RunningWorker.get(expired.restart(NAME, first)))
                    .as("changed")
                    .isNull();

            RunningWorker.get(worker.herder().stop(NAME));
            worker.awaitStates("c", "STOPPED");
            assertThat((Object) RunningWorker.get(expired.restart(NAME, second)))
                    .as("stopped")
                    .isNull();

            worker.delete("c");
            assertThatThrownBy(() -> RunningWorker.get(expired.restart(NAME, second)))
                    .isInstanceOf(ConnectorNotFoundException.class);
        }
    }
}
