/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

/** So many calls of plugins are waiting that no other may; it may be tried again later. */
public final class TooManyValidationsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param waiting how many do, of all or of the same plugin */
    public TooManyValidationsException(int waiting) {
        super("Too many validations are under way (" + waiting + " waiting). Try again later.");
    }
}
