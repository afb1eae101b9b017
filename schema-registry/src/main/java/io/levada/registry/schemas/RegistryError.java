/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

/** What can go wrong, with the codes that Confluent's clients know. The HTTP status is the code's first three digits. */
public enum RegistryError {
    SUBJECT_NOT_FOUND(40401),
    VERSION_NOT_FOUND(40402),
    SCHEMA_NOT_FOUND(40403),
    SUBJECT_LEVEL_NOT_SET(40408),
    INCOMPATIBLE_SCHEMA(40901),
    INVALID_SCHEMA(42201),
    INVALID_VERSION(42202),
    INVALID_COMPATIBILITY_LEVEL(42203),
    STORE(50001),
    OVERLOADED(50002);

    private final int code;

    RegistryError(int code) {
        this.code = code;
    }

    /** The five digits of {@code error_code}. */
    public int code() {
        return code;
    }

    public int httpStatus() {
        return code / 100;
    }
}
