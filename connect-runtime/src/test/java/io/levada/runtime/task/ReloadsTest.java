/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which restart is due when values live for a time. */
final class ReloadsTest {
    private static final ConnectorName CONNECTOR = new ConnectorName("c");
    private static final long DAY_MS = 86_400_000;

    private final CompletableFuture<ConnectorName> restarted = new CompletableFuture<>();

    private Reloads reloads() {
        Reloads reloads = new Reloads();
        reloads.restartWith((connector, config) -> {
            restarted.complete(connector);
            return CompletableFuture.completedFuture(null);
        });
        return reloads;
    }

    @Test
    void aTaskWhoseValuesLiveLongerDoesNotPutOffARestart() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, Map.of(), Map.of("path", 1L), true);

            reloads.plan(CONNECTOR, Map.of(), Map.of("path", DAY_MS), false);

            assertThat(restarted.get(60, TimeUnit.SECONDS)).isEqualTo(CONNECTOR);
        }
    }

    @Test
    void aTaskThatGetsAValueOfShorterLifeBringsARestartForward() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, Map.of(), Map.of("path", DAY_MS), true);

            reloads.plan(CONNECTOR, Map.of(), Map.of("path", 1L), false);

            assertThat(restarted.get(60, TimeUnit.SECONDS)).isEqualTo(CONNECTOR);
        }
    }
}
