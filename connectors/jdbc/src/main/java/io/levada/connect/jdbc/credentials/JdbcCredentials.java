/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.credentials;

import org.jspecify.annotations.Nullable;

/**
 * A user and its password at a database.
 *
 * @param user or null, where the driver or the server knows
 * @param password or null for none
 */
public record JdbcCredentials(
        @Nullable String user, @Nullable String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return "JdbcCredentials[user=" + user + "]";
    }
}
