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
        reloads.restartWith(connector -> {
            restarted.complete(connector);
            return CompletableFuture.completedFuture(null);
        });
        return reloads;
    }

    @Test
    void aRunningTaskThatAsksAgainDoesNotPutOffARestart() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, Map.of(), Map.of("path", 1L));

            reloads.planSooner(CONNECTOR, Map.of(), Map.of("path", DAY_MS));

            assertThat(restarted.get(60, TimeUnit.SECONDS)).isEqualTo(CONNECTOR);
        }
    }

    @Test
    void aRunningTaskThatGetsAValueOfShorterLifeBringsARestartForward() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, Map.of(), Map.of("path", DAY_MS));

            reloads.planSooner(CONNECTOR, Map.of(), Map.of("path", 1L));

            assertThat(restarted.get(60, TimeUnit.SECONDS)).isEqualTo(CONNECTOR);
        }
    }
}
