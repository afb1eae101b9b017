/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/** A connector of that name exists: answered with 409. */
public final class AlreadyExistsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The message is what the REST answer says. */
    public AlreadyExistsException(String message) {
        super(message);
    }
}
