/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

/** What a client sent is not a frame we take; the connection must be closed. */
final class InvalidFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidFrameException(String message) {
        super(message);
    }
}
