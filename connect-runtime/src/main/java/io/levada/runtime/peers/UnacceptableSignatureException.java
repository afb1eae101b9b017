/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

/** An internal request without a signature, or with one of a kind that is not taken. */
public final class UnacceptableSignatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnacceptableSignatureException(String message) {
        super(message);
    }
}
