/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.util.List;
import java.util.Set;

/** Which tables, columns and keys the user chose. */
public final class Selection {

    private static final Set<String> BUILT_IN = Set.of("pg_catalog", "information_schema");

    private final NamePatterns schemasIn;
    private final NamePatterns schemasOut;
    private final NamePatterns tablesIn;
    private final NamePatterns tablesOut;
    private final NamePatterns columnsIn;
    private final NamePatterns columnsOut;
    private final KeyColumns keyColumns;

    public Selection(SelectionOptions options) {
        schemasIn = NamePatterns.of(options.schemasIn());
        schemasOut = NamePatterns.of(options.schemasOut());
        tablesIn = NamePatterns.of(options.tablesIn());
        tablesOut = NamePatterns.of(options.tablesOut());
        columnsIn = NamePatterns.of(options.columnsIn());
        columnsOut = NamePatterns.of(options.columnsOut());
        keyColumns = KeyColumns.of(options.keyColumns());
    }

    /** Whether rows of the table become events; never of the server's own schemas. */
    public boolean has(TableName table) {
        if (BUILT_IN.contains(table.schema())
                || table.schema().startsWith("pg_temp")
                || table.schema().startsWith("pg_toast")) {
            return false;
        }
        return chosen(schemasIn, schemasOut, table.schema()) && chosen(tablesIn, tablesOut, table.toString());
    }

    /** Whether the column is in the value. */
    boolean has(TableName table, String column) {
        return chosen(columnsIn, columnsOut, table + "." + column);
    }

    /** Key columns that the user chose for the table; empty if none. */
    List<String> keyColumns(TableName table, List<String> columns) {
        return keyColumns.of(table, columns);
    }

    private static boolean chosen(NamePatterns in, NamePatterns out, String name) {
        return in.isEmpty() ? !out.matches(name) : in.matches(name);
    }
}
