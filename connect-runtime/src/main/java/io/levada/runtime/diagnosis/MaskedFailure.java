/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.diagnosis;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a failure that is not told as it is. If that quotes what a config provider gave, or may quote it when it is asked again, this reads the
 * same, stack trace and causes included, but has the references there, and never changes; if it is too large or cannot be read, this says it in short. What is to be done about a failure is
 * decided on {@link #original}, because that has the classes.
 */
public final class MaskedFailure extends ConnectException {
    private static final long serialVersionUID = 1;

    /** Of one failure, with all causes and what they suppressed: more is not told. */
    private static final int FAILURES_MAX = 10_000;

    private final transient Throwable original;

    /** What it prints, where the original prints something of its own; null if that is like anybody's. */
    private @Nullable String trace;

    private MaskedFailure(String message, Throwable failure) {
        super(message);
        this.original = original(failure);
    }

    /** One that says no more than this. */
    static MaskedFailure reading(String message, StackTraceElement[] thrownAt, Throwable failure) {
        MaskedFailure masked = new MaskedFailure(message, failure);
        masked.setStackTrace(thrownAt);
        return masked;
    }

    /**
     * The failure itself if it quotes nothing, can be read, and says the same whenever it is asked, as it does unless a class of it that is not Java's
     * answers itself. Throws nothing, as what follows a failure must follow.
     *
     * @param hiding gives a text without what must not be told
     */
    public static Throwable of(Throwable failure, UnaryOperator<String> hiding) {
        try {
            Masks masks = new Masks(hiding);
            MaskedFailure masked = masks.ofAll(failure);
            return masks.differ ? masked : failure;
        } catch (Throwable e) { // Memory, say. Whatever it is: the message may quote a secret.
            return new MaskedFailure(failure.getClass().getName(), failure);
        }
    }

    /** Those of a failure, its causes and what they suppressed, without recursion: there may be more of them than a stack holds. */
    private static final class Masks {
        private final UnaryOperator<String> hiding;
        private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Deque<Link> open = new ArrayDeque<>();
        private boolean differ;

        private record Link(Throwable failure, MaskedFailure mask) {}

        private Masks(UnaryOperator<String> hiding) {
            this.hiding = hiding;
        }

        private MaskedFailure ofAll(Throwable failure) {
            MaskedFailure first = alone(failure);
            while (!open.isEmpty()) {
                Link link = open.remove();
                Throwable cause = FailureText.cause(link.failure);
                if (cause != null && isNew(cause)) {
                    link.mask.initCause(alone(cause));
                }
                for (Throwable suppressed : link.failure.getSuppressed()) {
                    if (isNew(suppressed)) {
                        link.mask.addSuppressed(alone(suppressed));
                    }
                }
            }
            if (printsItself(failure)) {
                hideTrace(failure, first);
            }
            return first;
        }

        /** Some print a failure that is not their cause, or what they know of the connection. Of causes it is Java's own method that prints. */
        private static boolean printsItself(Throwable failure) {
            return failure instanceof MaskedFailure masked ? masked.trace != null : OwnMethods.print(failure);
        }

        /** One that cannot be printed to its end may print a secret next time: it is told by the messages alone. */
        private void hideTrace(Throwable failure, MaskedFailure mask) {
            String printed = FailureText.printed(failure);
            mask.trace = printed == null ? null : hiding.apply(printed);
            differ |= printed == null || !printed.equals(mask.trace);
        }

        private boolean isNew(Throwable failure) {
            if (seen.size() < FAILURES_MAX) {
                return !seen.contains(failure);
            }
            differ = true; // What is not looked at is not told.
            return false;
        }

        private MaskedFailure alone(Throwable failure) {
            seen.add(failure);
            differ |= OwnMethods.tell(failure);
            MaskedFailure masked = reading(hidden(failure), frames(failure), failure);
            open.add(new Link(failure, masked));
            return masked;
        }

        /** Java names nothing but code there; of what a plugin names, nobody knows. */
        private StackTraceElement[] frames(Throwable failure) {
            StackTraceElement[] frames = FailureText.frames(failure);
            return OwnMethods.place(failure)
                    ? Arrays.stream(frames).map(this::hidden).toArray(StackTraceElement[]::new)
                    : frames;
        }

        private StackTraceElement hidden(StackTraceElement frame) {
            return new StackTraceElement(
                    hiddenOrNull(frame.getClassLoaderName()),
                    hiddenOrNull(frame.getModuleName()),
                    hiddenOrNull(frame.getModuleVersion()),
                    hiding.apply(frame.getClassName()),
                    hiding.apply(frame.getMethodName()),
                    hiddenOrNull(frame.getFileName()),
                    frame.getLineNumber());
        }

        private @Nullable String hiddenOrNull(@Nullable String text) {
            return text == null ? null : hiding.apply(text);
        }

        /** The name of a class is no secret, though one may be part of it. */
        private String hidden(Throwable failure) {
            String text = FailureText.of(failure);
            String name = original(failure).getClass().getName();
            String hidden =
                    text.startsWith(name) ? name + hiding.apply(text.substring(name.length())) : hiding.apply(text);
            differ |= !hidden.equals(text) || !isMessageHarmless(failure);
            return hidden;
        }

        /** Logs have the message, which need not be in {@code toString()}. */
        private boolean isMessageHarmless(Throwable failure) {
            try {
                String message = String.valueOf(failure.getMessage());
                return hiding.apply(message).equals(message);
            } catch (Throwable cannotBeHad) {
                return false;
            }
        }
    }

    /** The failure that was thrown: {@code failure} itself, unless it is one of these. Not to be told to anybody. */
    public static Throwable original(Throwable failure) {
        return failure instanceof MaskedFailure masked ? masked.original : failure;
    }

    /** What it says of the failure, without the class in front. */
    @Nullable
    String withoutClass() {
        String text = String.valueOf(getMessage());
        String name = original.getClass().getName();
        return text.equals(name) ? null : text.startsWith(name + ": ") ? text.substring(name.length() + 2) : text;
    }

    @Override
    public void printStackTrace(PrintWriter out) {
        if (trace == null) {
            super.printStackTrace(out);
        } else {
            out.print(trace);
        }
    }

    @Override
    public void printStackTrace(PrintStream out) {
        if (trace == null) {
            super.printStackTrace(out);
        } else {
            out.print(trace);
        }
    }

    /** The message has the class of the failure already. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // See above: two classes in front of it would mislead.
    public String toString() {
        return String.valueOf(getMessage());
    }
}
