/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.diagnosis;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a failure says of itself, whatever the class of a plugin does when it is asked: nothing here throws what that throws. */
public final class FailureText {
    /** A record of the status topic holds it, however it is encoded; and a dead letter of a common size holds a trace and a message of this length. */
    private static final int TRACE_CHARS_MAX = 150_000;

    private static final int MESSAGE_CHARS_MAX = 1_000;
    private static final int FRAMES_MAX = 200;
    private static final int CHAIN_MAX = 10_000;

    /** Of one failure with all causes and what they suppressed: loggers ask each of them, on one stack, and write all frames that they name. */
    private static final int LOGGED_FAILURES_MAX = 1_000;

    private static final int LOGGED_FRAMES_MAX = 20_000;

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

    /**
     * The message without the class; null if there is none. One that is longer than a trace may be is cut, and of one that throws the reason is
     * told: what must not be told has to be hidden before, as with {@link #tellable}.
     */
    public static @Nullable String message(Throwable failure) {
        try {
            String message = failure instanceof MaskedFailure masked ? masked.withoutClass() : failure.getMessage();
            return message == null || message.length() <= TRACE_CHARS_MAX ? message : cut(message);
        } catch (Throwable e) {
            return unreadable(failure, e);
        }
    }

    /** The message, or what {@link #of} gives if there is none. */
    public static String messageOrClass(Throwable failure) {
        String message = message(failure);
        return message == null ? of(failure) : message;
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
     * The failure if it can be told: logged, and written as a status. If its class answers itself, what it says now, as it may throw when it is asked
     * again. Otherwise one that says the same in short: the message of a plugin's exception may be larger than a record, its causes more than a stack can
     * hold, and asking for them may fail as well. What must not be told has to be hidden before: a secret that is cut is not recognised any more.
     */
    public static Throwable tellable(Throwable failure) {
        Throwable kept = MaskedFailure.of(failure, UnaryOperator.identity());
        return printed(kept) != null && isLoggable(kept) ? kept : inShort(kept);
    }

    /** The whole stack trace, as status shows it; that of what is told in its place if the failure is not {@link #tellable}. */
    public static String trace(Throwable failure) {
        String whole = printed(failure);
        if (whole != null) {
            return whole;
        }
        String inShort = printed(inShort(failure));
        return inShort == null ? failure.getClass().getName() : inShort;
    }

    /** What {@code printStackTrace()} prints; null if it throws, or prints more than may be told, which may be without end. */
    static @Nullable String printed(Throwable failure) {
        Trace trace = new Trace();
        try {
            failure.printStackTrace(new PrintWriter(trace));
        } catch (Throwable cannotBePrinted) {
            return null;
        }
        return trace.isTooLong ? null : trace.text.toString();
    }

    /** Ends the printing of what is too long. */
    private static final class Trace extends Writer {
        private final StringBuilder text = new StringBuilder();
        /** Kept, because who prints may catch what is thrown. */
        private boolean isTooLong;

        @Override
        public void write(char[] chars, int from, int count) {
            if (isTooLong || text.length() + count > TRACE_CHARS_MAX) {
                isTooLong = true;
                throw new IllegalStateException("a stack trace of more than " + TRACE_CHARS_MAX + " characters");
            }
            text.append(chars, from, count);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Whether a logger comes through: it does not print the trace but asks for all that is in it, which other methods of a plugin's class answer. */
    private static boolean isLoggable(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(failure);
        long chars = 0;
        long frames = 0;
        try {
            while (!open.isEmpty()) {
                Throwable next = open.remove();
                if (seen.add(next)) {
                    chars += String.valueOf(next.getMessage()).length();
                    StackTraceElement[] thrownAt = next.getStackTrace();
                    frames += thrownAt.length;
                    if (seen.size() > LOGGED_FAILURES_MAX
                            || chars > TRACE_CHARS_MAX
                            || frames > LOGGED_FRAMES_MAX
                            || Arrays.stream(thrownAt).anyMatch(Objects::isNull)) {
                        return false;
                    }
                    Throwable cause = next.getCause();
                    if (cause != null) {
                        open.add(cause);
                    }
                    Collections.addAll(open, next.getSuppressed());
                }
            }
            return true;
        } catch (Throwable cannotBeAsked) {
            return false;
        }
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
            String message = cut(String.valueOf(failure.getMessage()));
            // The message of a masked one has the class of what it stands for.
            return failure instanceof MaskedFailure
                    ? message
                    : failure.getClass().getName() + ": " + message;
        } catch (Throwable e) {
            return unreadable(failure, e);
        }
    }

    private static String cut(String message) {
        return message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "...";
    }

    private static String unreadable(Throwable failure, Throwable why) {
        return failure.getClass().getName() + ", whose message cannot be had ("
                + why.getClass().getName() + ")";
    }
}
