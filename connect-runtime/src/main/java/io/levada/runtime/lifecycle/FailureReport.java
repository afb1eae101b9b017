/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the worker knows of a connector or task that has failed and has not proven healthy since.
 *
 * @param phase what becomes of it
 * @param attempt the number in its row of the restart that is planned, under way, or was the last
 * @param attemptsMax how many restarts in a row there may be; negative for no limit
 * @param firstFailedAt when the row of failures began
 * @param nextTryAt when it is started again; null unless that is planned
 * @param firstCause what went wrong first, in a sentence
 * @param lastCause what went wrong last
 * @param advice what follows, and what one can do
 */
public record FailureReport(
        Phase phase,
        int attempt,
        int attemptsMax,
        Instant firstFailedAt,
        Instant lastFailedAt,
        @Nullable Instant nextTryAt,
        String firstCause,
        String lastCause,
        String advice) {
    /** What becomes of a failure. */
    public enum Phase {
        /** A restart is planned. */
        WAITING,
        /** It was started again and has not proven healthy yet. */
        TRYING,
        /** Nothing follows: the cause cannot pass by itself, or the restarts are used up. */
        GIVEN_UP
    }
}
