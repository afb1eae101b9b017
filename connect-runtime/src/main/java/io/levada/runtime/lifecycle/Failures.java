/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.connect.errors.RetriableException;

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

    /** Whether it may pass by itself: the connector or the brokers said so. */
    static boolean mayPass(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof RetriableException
                    || cause instanceof org.apache.kafka.common.errors.RetriableException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The whole stack trace, as status shows it. */
    static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
