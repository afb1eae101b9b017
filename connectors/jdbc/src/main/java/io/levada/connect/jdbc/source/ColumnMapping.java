/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Columns by table, as entries {@code regex:column} or {@code regex:[column|column]}. */
final class ColumnMapping {

    private ColumnMapping() {}

    /**
     * Checks the entries of a key.
     *
     * @param named whether the columns are named by another key, too
     */
    static void check(String key, List<String> entries, boolean named) {
        for (String entry : entries) {
            int colon = entry.lastIndexOf(':');
            if (colon <= 0 || columns(entry).stream().anyMatch(String::isBlank)) {
                throw new OptionException(
                        key, entry, "must be a regular expression for tables, a colon and a column or [a|b]");
            }
            try {
                Pattern.compile(entry.substring(0, colon));
            } catch (PatternSyntaxException e) {
                throw new OptionException(key, entry, "must begin with a regular expression: " + e.getDescription());
            }
        }
        if (named && !entries.isEmpty()) {
            throw new OptionException(key, entries, "cannot stand beside the key that names the columns of all tables");
        }
    }

    /** The columns of the first entry for the table; empty if there is none. */
    static List<String> of(List<String> entries, TableId table) {
        return entries.stream()
                .filter(entry -> {
                    Pattern pattern = Pattern.compile(entry.substring(0, entry.lastIndexOf(':')));
                    return pattern.matcher(table.qualified()).matches()
                            || pattern.matcher(table.fullyQualified()).matches();
                })
                .findFirst()
                .map(ColumnMapping::columns)
                .orElse(List.of());
    }

    private static List<String> columns(String entry) {
        String columns = entry.substring(entry.lastIndexOf(':') + 1).strip();
        if (columns.startsWith("[") && columns.endsWith("]")) {
            columns = columns.substring(1, columns.length() - 1);
        }
        return List.of(columns.split("\\|", -1)).stream().map(String::strip).toList();
    }
}
