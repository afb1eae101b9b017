/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.task.MaskedFailure;
import io.levada.runtime.task.Resolved;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** What can be told from a failure. */
public final class Failures {
    private static final int CAUSES_MAX = 50;
    /** A record of the status topic holds it, however it is encoded. */
    private static final int TRACE_CHARS_MAX = 150_000;

    private static final int MESSAGE_CHARS_MAX = 1_000;
    private static final int FRAMES_MAX = 200;
    private static final int CHAIN_MAX = 10_000;

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
     * A failure as it is logged and written as a status.
     *
     * @param plugin the connector's class, if it has one
     * @param resolved what config providers gave, of which nothing is told
     */
    static Throwable told(Throwable failure, @Nullable String plugin, Resolved resolved) {
        Throwable explained = PluginLoadException.explained(tellable(failure), plugin);
        Throwable told = resolved.withoutShort().hiddenIn(explained);
        return told == explained ? explained : tellable(told); // References may be longer than what they stand for.
    }

    /** Whether it may pass by itself: the connector or the brokers said so. */
    static boolean mayPass(Throwable failure) {
        Throwable cause = MaskedFailure.original(failure);
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof RetriableException
                    || cause instanceof org.apache.kafka.common.errors.RetriableException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * The failure if it can be told: logged, and written as a status. Otherwise one that says the same in short: the message of a plugin's exception may
     * be larger than a record, its causes more than a stack can hold, and asking for them may fail as well.
     */
    public static Throwable tellable(Throwable failure) {
        try {
            if (trace(failure).length() <= TRACE_CHARS_MAX) {
                return failure;
            }
        } catch (Throwable cannotBeTold) {
            // In short, then.
        }
        return inShort(failure);
    }

    private static Throwable inShort(Throwable failure) {
        String text = nameAndMessage(failure);
        StackTraceElement[] thrownAt = new StackTraceElement[0];
        boolean mayPass = false;
        try {
            Throwable deepest = deepest(failure);
            text += deepest == failure ? "" : " (" + nameAndMessage(deepest) + ")";
            thrownAt = failure.getStackTrace();
            mayPass = mayPass(failure);
        } catch (Throwable cannotBeAsked) {
            // What is known so far must do.
        }
        ConnectException told = mayPass ? new RetriableException(text) : new ConnectException(text);
        told.setStackTrace(Arrays.copyOf(thrownAt, Math.min(thrownAt.length, FRAMES_MAX)));
        return told;
    }

    private static Throwable deepest(Throwable failure) {
        Throwable deepest = failure;
        for (int depth = 0; deepest.getCause() != null && depth < CHAIN_MAX; depth++) {
            deepest = deepest.getCause();
        }
        return deepest;
    }

    private static String nameAndMessage(Throwable failure) {
        String name = failure.getClass().getName();
        try {
            String message = String.valueOf(failure.getMessage());
            return name + ": "
                    + (message.length() <= MESSAGE_CHARS_MAX
                            ? message
                            : message.substring(0, MESSAGE_CHARS_MAX) + "...");
        } catch (Throwable e) {
            return name + ", whose message cannot be had (" + e.getClass().getName() + ")";
        }
    }

    /** The whole stack trace, as status shows it. */
    static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
