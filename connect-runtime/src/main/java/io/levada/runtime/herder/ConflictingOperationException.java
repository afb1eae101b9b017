/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/** It cannot be done now, because something else is under way: answered with 409. */
public final class ConflictingOperationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The message is what the REST answer says. */
    public ConflictingOperationException(String message) {
        super(message);
    }
}
