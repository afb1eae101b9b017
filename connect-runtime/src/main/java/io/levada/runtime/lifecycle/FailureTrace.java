/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.config.RestartPolicy;
import java.util.Optional;

/** What status shows of a failure: the stack trace, then when it is tried again. */
final class FailureTrace {
    private FailureTrace() {}

    static String of(Throwable cause, Optional<RestartSchedule.Planned> planned, RestartPolicy policy) {
        String limit = policy.restartsMax() < 0 ? "no limit" : "at most " + policy.restartsMax();
        return Failures.trace(cause)
                + planned.map(next -> "Restart " + next.number() + " (" + limit + ") follows in "
                                + next.delay().toMillis() + " ms; errors.restart.max=0 turns restarts off.\n")
                        .orElse("No restart follows: errors.restart.max=" + policy.restartsMax() + ".\n");
    }
}
