/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

/** A table of the captured database; both parts as the server stores them, unquoted. */
public record TableName(String schema, String table) implements Comparable<TableName> {

    /** For SQL, quoted. */
    public String sql() {
        return quoted(schema) + "." + quoted(table);
    }

    /** A name for SQL, in double quotes. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(TableName other) {
        int schemas = schema.compareTo(other.schema);
        return schemas != 0 ? schemas : table.compareTo(other.table);
    }

    /** {@code schema.table}: what patterns are held against. */
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
