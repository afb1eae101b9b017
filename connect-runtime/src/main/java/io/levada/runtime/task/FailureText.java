/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a failure says of itself, whatever the class of a plugin does when it is asked: nothing here throws what that throws. */
public final class FailureText {
    /** A record of the status topic holds it, however it is encoded. */
    private static final int TRACE_CHARS_MAX = 150_000;

    private static final int MESSAGE_CHARS_MAX = 1_000;
    private static final int FRAMES_MAX = 200;
    private static final int CHAIN_MAX = 10_000;

    private FailureText() {}

    /** What {@code toString()} gives, of any length; the class alone if it gives null, and with the reason if it throws. */
    public static String of(Throwable failure) {
        try {
            String text = failure.toString();
            return text == null ? failure.getClass().getName() : text;
        } catch (Throwable e) {
            return unreadable(failure, e);
        }
    }

    /** The cause; null if there is none, or none that can be had. */
    static @Nullable Throwable cause(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable cannotBeHad) {
            return null;
        }
    }

    /** Where it was thrown; empty if that cannot be had. */
    static StackTraceElement[] frames(Throwable failure) {
        try {
            StackTraceElement[] frames = failure.getStackTrace();
            return frames == null
                    ? new StackTraceElement[0]
                    : Arrays.stream(frames).filter(Objects::nonNull).toArray(StackTraceElement[]::new);
        } catch (Throwable cannotBeHad) {
            return new StackTraceElement[0];
        }
    }

    /**
     * The failure if it can be told: logged, and written as a status. Otherwise one that says the same in short: the message of a plugin's exception may
     * be larger than a record, its causes more than a stack can hold, and asking for them may fail as well. What must not be told has to be hidden before:
     * a secret that is cut is not recognised any more.
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
        Throwable deepest = deepest(failure);
        String text = nameAndMessage(failure) + (deepest == failure ? "" : " (" + nameAndMessage(deepest) + ")");
        StackTraceElement[] frames = frames(failure);
        return MaskedFailure.reading(text, Arrays.copyOf(frames, Math.min(frames.length, FRAMES_MAX)), failure);
    }

    private static Throwable deepest(Throwable failure) {
        Throwable deepest = failure;
        for (int depth = 0; depth < CHAIN_MAX; depth++) {
            Throwable cause = cause(deepest);
            if (cause == null) {
                break;
            }
            deepest = cause;
        }
        return deepest;
    }

    private static String nameAndMessage(Throwable failure) {
        try {
            String message = String.valueOf(failure.getMessage());
            String cut =
                    message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "...";
            // The message of a masked one has the class of what it stands for.
            return failure instanceof MaskedFailure ? cut : failure.getClass().getName() + ": " + cut;
        } catch (Throwable e) {
            return unreadable(failure, e);
        }
    }

    private static String unreadable(Throwable failure, Throwable why) {
        return failure.getClass().getName() + ", whose message cannot be had ("
                + why.getClass().getName() + ")";
    }

    /** The whole stack trace, as status shows it. Throws what a plugin's class throws, unless the failure is {@link #tellable}. */
    public static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
