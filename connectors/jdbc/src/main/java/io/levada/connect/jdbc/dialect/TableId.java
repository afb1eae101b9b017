/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import org.jspecify.annotations.Nullable;

/**
 * The name of a table as the database stores it, unquoted.
 *
 * @param catalog the database, or null if not known
 * @param schema or null for the first of the search path that has the table
 */
public record TableId(@Nullable String catalog, @Nullable String schema, String name) {

    /** {@code schema.name}, or the name alone without a schema. */
    public String qualified() {
        return schema == null ? name : schema + "." + name;
    }

    /** {@code catalog.schema.name} as far as known. */
    public String fullyQualified() {
        return catalog == null ? qualified() : catalog + "." + qualified();
    }

    /** True if a user who wrote {@code text} may have meant this table: by name, by schema and name, or in full. */
    public boolean isCalled(String text) {
        return text.equals(name) || text.equals(qualified()) || text.equals(fullyQualified());
    }

    @Override
    public String toString() {
        return qualified();
    }
}
