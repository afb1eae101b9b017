/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

/** There is no key yet by which an internal request could be judged. */
public final class KeyUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyUnknownException() {
        super("This worker is still starting up and has not been able to read a session key from the config topic yet");
    }
}
