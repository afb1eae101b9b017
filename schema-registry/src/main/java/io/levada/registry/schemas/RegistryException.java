/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

/** A request that cannot be answered; the message is for its sender. */
public final class RegistryException extends RuntimeException {

    private final RegistryError error;

    public RegistryException(RegistryError error, String message) {
        super(message);
        this.error = error;
    }

    public RegistryException(RegistryError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public RegistryError error() {
        return error;
    }

    static RegistryException subjectNotFound(String subject) {
        return new RegistryException(RegistryError.SUBJECT_NOT_FOUND, "Subject '" + subject + "' not found.");
    }
}
