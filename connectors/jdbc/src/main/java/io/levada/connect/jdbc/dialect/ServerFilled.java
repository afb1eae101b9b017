/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.Set;

/**
 * The columns of a table that the server fills by itself, by name.
 *
 * @param generated those that no statement may write
 * @param identity those that an INSERT may write and an UPDATE may not
 * @param defaulted those that get a value where a statement leaves them out
 */
public record ServerFilled(Set<String> generated, Set<String> identity, Set<String> defaulted) {

    public ServerFilled {
        generated = Set.copyOf(generated);
        identity = Set.copyOf(identity);
        defaulted = Set.copyOf(defaulted);
    }

    /** True if a statement must leave the column out that inserts, or only updates. */
    public boolean refuses(String column, boolean inserts) {
        return generated.contains(column) || (!inserts && identity.contains(column));
    }

    /** True if an UPDATE, also one within an upsert, must leave the column as it is. */
    public boolean keeps(String column) {
        return identity.contains(column);
    }

    /** True if the column gets a value where a statement leaves it out. */
    public boolean fills(String column) {
        return defaulted.contains(column);
    }
}
