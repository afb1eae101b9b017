/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Key columns that the user chose: {@code table:column,column;table:column}, each table a regular expression. */
public final class KeyColumns {

    private final List<Pattern> columns;

    private KeyColumns(List<Pattern> columns) {
        this.columns = columns;
    }

    static KeyColumns of(String list) {
        List<Pattern> columns = new ArrayList<>();
        for (String each : list.split(";")) {
            if (each.isBlank()) {
                continue;
            }
            int colon = each.indexOf(':');
            if (colon <= 0 || colon == each.length() - 1) {
                throw new IllegalArgumentException("'" + each.strip() + "' is not table:column,column");
            }
            for (String column : each.substring(colon + 1).split(",")) {
                columns.add(Pattern.compile(
                        each.substring(0, colon).strip() + "." + column.strip(), Pattern.CASE_INSENSITIVE));
            }
        }
        return new KeyColumns(columns);
    }

    /** The table's columns that are chosen, in the order they were chosen in; empty if none is. */
    List<String> of(TableName table, List<String> names) {
        List<String> chosen = new ArrayList<>();
        for (Pattern pattern : columns) {
            for (String name : names) {
                if (pattern.matcher(table + "." + name).matches()) {
                    chosen.add(name);
                }
            }
        }
        return chosen;
    }

    /** Checks the option. */
    public static final class Validator implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            try {
                if (value != null) {
                    KeyColumns unused = of((String) value);
                }
            } catch (PatternSyntaxException e) {
                throw new ConfigException(
                        name, value, "has a table that is no regular expression: " + e.getDescription());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, value, "must be table:column,column;…: " + e.getMessage());
            }
        }

        @Override
        public String toString() {
            return "table:column,column;…";
        }
    }
}
