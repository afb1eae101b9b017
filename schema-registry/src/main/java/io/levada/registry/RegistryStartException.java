/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry;

/** The registry did not start; the message says what to do. */
public final class RegistryStartException extends RuntimeException {

    public RegistryStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
