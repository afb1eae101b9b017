/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.diagnosis.FailureText;
import java.util.List;

/**
 * What the herder has to know of a failure. Made on the thread of who failed, as its class may be a plugin's and hang when it is asked.
 *
 * @param trace as status shows it
 * @param causes the failure as it was thrown and its causes, outermost first; of these the herder asks the classes alone
 */
record KnownFailure(String trace, List<Throwable> causes) {
    KnownFailure {
        causes = List.copyOf(causes);
    }

    static KnownFailure of(Throwable failure) {
        return new KnownFailure(FailureText.trace(failure), Failures.causes(failure));
    }

    /** Whether it may pass by itself: the connector or the brokers said so. */
    boolean mayPass() {
        return causes.stream().anyMatch(Failures::isOfWhatMayPass);
    }
}
