/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.spelling.FailureText;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The broker cannot start; the message is one line that names the cause and the way out. */
public final class BrokerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** For a failure that nothing more is known of. */
    static BrokerStartException because(Exception failure) {
        return new BrokerStartException("the broker cannot start: " + attemptedAndTold(failure), failure);
    }

    /** What was attempted, and, where a file is concerned, how that failed. */
    private static String attemptedAndTold(Exception failure) {
        String attempted = FailureText.of(failure);
        Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : null;
        return cause == null || attempted.equals(cause.toString()) ? attempted : attempted + " (" + cause + ")";
    }
}
