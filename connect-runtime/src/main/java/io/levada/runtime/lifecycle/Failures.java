/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.task.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** What can be told from a failure. */
public final class Failures {
    private static final int CAUSES_MAX = 50;

    private Failures() {}

    /** The failure itself, without what futures wrap around it. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * A failure as it is logged and written as a status. Throws nothing, whatever the failure does when it is asked.
     *
     * @param plugin the connector's class, if it has one
     * @param resolved what config providers gave, of which nothing is told
     */
    static Throwable told(Throwable failure, @Nullable String plugin, Resolved resolved) {
        // Cut at last: of what is hidden, references may be longer than what they stand for, and of what is cut,
        // nothing can be hidden.
        return FailureText.tellable(resolved.withoutShort().hiddenIn(PluginLoadException.explained(failure, plugin)));
    }

    /** Whether a failure, which is not a plugin's, may pass by itself: the brokers said so. */
    public static boolean mayPass(Throwable failure) {
        return causes(failure).stream().anyMatch(Failures::isOfWhatMayPass);
    }

    static boolean isOfWhatMayPass(Throwable cause) {
        return cause instanceof RetriableException
                || cause instanceof org.apache.kafka.common.errors.RetriableException;
    }

    /** The failure as it was thrown and its causes, outermost first: so many as can be asked for, and not without end. */
    static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        try {
            for (Throwable cause = MaskedFailure.original(failure);
                    cause != null && causes.size() < CAUSES_MAX;
                    cause = cause.getCause()) {
                causes.add(cause);
            }
        } catch (Throwable cannotBeAsked) {
            // What is known so far must do.
        }
        return causes;
    }
}
