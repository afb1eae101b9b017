/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Stands for a failure that quotes what a config provider gave: reads the same, stack trace and causes included, but has the references
 * there. What is to be done about a failure is decided on {@link #original}, because that has the classes.
 */
public final class MaskedFailure extends ConnectException {
    private static final long serialVersionUID = 1;

    private final transient Throwable original;

    private MaskedFailure(String message, Throwable original) {
        super(message);
        this.original = original;
    }

    static MaskedFailure of(Throwable failure, Resolved resolved) {
        return of(failure, resolved, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static MaskedFailure of(Throwable failure, Resolved resolved, Set<Throwable> seen) {
        seen.add(failure);
        MaskedFailure masked = new MaskedFailure(told(failure, resolved), failure);
        masked.setStackTrace(failure.getStackTrace());
        Throwable cause = failure.getCause();
        if (cause != null && !seen.contains(cause)) {
            masked.initCause(of(cause, resolved, seen));
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (!seen.contains(suppressed)) {
                masked.addSuppressed(of(suppressed, resolved, seen));
            }
        }
        return masked;
    }

    /** The name of a class is no secret, though one may be part of it. */
    private static String told(Throwable failure, Resolved resolved) {
        String text = failure.toString();
        String name = failure.getClass().getName();
        return text.startsWith(name)
                ? name + resolved.hiddenIn(text.substring(name.length()))
                : resolved.hiddenIn(text);
    }

    /** The failure that was thrown: {@code failure} itself, unless it is one of these. Not to be told to anybody. */
    public static Throwable original(Throwable failure) {
        return failure instanceof MaskedFailure masked ? masked.original : failure;
    }

    /** The message has the class of the failure already. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // See above: two classes in front of it would mislead.
    public String toString() {
        return String.valueOf(getMessage());
    }
}
