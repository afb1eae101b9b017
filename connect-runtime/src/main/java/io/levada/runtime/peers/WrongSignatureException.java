/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

/** An internal request that no worker of this group can have signed. */
public final class WrongSignatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongSignatureException(String message) {
        super(message);
    }
}
