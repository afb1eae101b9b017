/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which restart is due when values live for a time. */
final class ReloadsTest {
    private static final ConnectorName CONNECTOR = new ConnectorName("c");
    private static final long DAY_MS = 86_400_000;

    private static final Map<String, @Nullable String> CONFIG = Map.of("a", "1");
    private static final Map<String, @Nullable String> LATER = Map.of("a", "2");

    /** Connector configs, in the order in which values of theirs expired. */
    private final BlockingQueue<Map<String, @Nullable String>> restarted = new LinkedBlockingQueue<>();

    private Reloads reloads() {
        Reloads reloads = new Reloads();
        reloads.restartWith((connector, config) -> {
            restarted.add(config);
            return CompletableFuture.completedFuture(null);
        });
        return reloads;
    }

    @Test
    void aTaskWhoseValuesLiveLongerDoesNotPutOffARestart() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, CONFIG, Map.of("path", 1L), true);

            reloads.plan(CONNECTOR, CONFIG, Map.of("path", DAY_MS), false);

            assertThat(restarted.poll(60, TimeUnit.SECONDS)).isEqualTo(CONFIG);
        }
    }

    @Test
    void aTaskThatGetsAValueOfShorterLifeBringsARestartForward() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, CONFIG, Map.of("path", DAY_MS), true);

            reloads.plan(CONNECTOR, CONFIG, Map.of("path", 1L), false);

            assertThat(restarted.poll(60, TimeUnit.SECONDS)).isEqualTo(CONFIG);
        }
    }

    /** It starts, or asks for its values, before it is told of the config that its connector has by now. */
    @Test
    void aTaskThatStillHasAnEarlierConfigDoesNotTakeTheRestartOfTheLaterOne() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, LATER, Map.of("path", 2_000L), true);

            reloads.plan(CONNECTOR, CONFIG, Map.of("path", 1L), false);

            assertThat(restarted.poll(60, TimeUnit.SECONDS)).isEqualTo(CONFIG);
            assertThat(restarted.poll(60, TimeUnit.SECONDS)).isEqualTo(LATER);
        }
    }

    @Test
    void aNewStartOfTheConnectorEndsWhatWasPlannedForPathsThatItNoLongerUses() throws Exception {
        try (Reloads reloads = reloads()) {
            reloads.plan(CONNECTOR, CONFIG, Map.of("gone", 1L), true);

            reloads.plan(CONNECTOR, LATER, Map.of(), true);

            reloads.plan(new ConnectorName("other"), Map.of(), Map.of("path", 1L), true);
            assertThat(restarted.poll(60, TimeUnit.SECONDS)).isEmpty();
        }
    }
}
