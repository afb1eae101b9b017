/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/** What was asked for makes no sense: answered with 400. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The message is what the REST answer says. */
    public BadRequestException(String message) {
        super(message);
    }
}
