/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.lifecycle.FailureReport.Phase;
import io.levada.runtime.status.State;
import io.levada.runtime.task.ValuesExpired;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Restarts connectors that use values of config providers whose time is over (KIP-297). Any thread, blocks none. */
public record ExpiredValues(Herder herder) implements ValuesExpired {
    /** Fails with {@link ConnectorNotFoundException} if the connector was deleted meanwhile; one that needs no restart is left alone. */
    @Override
    public CompletionStage<?> restart(ConnectorName connector, Map<String, @Nullable String> config) {
        return herder.config(connector)
                .thenCombine(
                        herder.diagnosis(connector),
                        (now, diagnosis) -> now.equals(config) && !keepsStill(diagnosis) && !waits(diagnosis))
                .thenCompose(inUse ->
                        inUse ? herder.restart(connector, false, false) : CompletableFuture.completedFuture(null));
    }

    /** It reads the values anew when it is resumed. */
    private static boolean keepsStill(Diagnosis diagnosis) {
        String state = diagnosis.status().connector().state();
        return state.equals(State.PAUSED.name()) || state.equals(State.STOPPED.name());
    }

    /** One that waits for its restart reads the values anew then; to restart it now would forget how often it has failed. */
    private static boolean waits(Diagnosis diagnosis) {
        return diagnosis.connector().stream().anyMatch(failure -> failure.phase() == Phase.WAITING);
    }
}
