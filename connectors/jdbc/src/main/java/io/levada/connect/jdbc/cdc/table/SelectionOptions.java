/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Which tables and columns are captured. */
public record SelectionOptions(
        @Option(
                name = "schema.include.list",
                doc =
                        "Schemas to capture: regular expressions separated by commas, each for a whole name. Empty means all.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Tables")
        String schemasIn,

        @Option(
                name = "schema.exclude.list",
                doc = "Schemas not to capture, as in schema.include.list.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Tables")
        String schemasOut,

        @Option(
                name = "table.include.list",
                doc =
                        "Tables to capture: regular expressions separated by commas, each for a whole name such as public.orders."
                                + " Empty means all.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                importance = Importance.HIGH,
                group = "Tables")
        String tablesIn,

        @Option(
                name = "table.exclude.list",
                doc = "Tables not to capture, as in table.include.list.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Tables")
        String tablesOut,

        @Option(
                name = "column.include.list",
                doc =
                        "Columns in the events' values: regular expressions separated by commas, each for a whole name such as"
                                + " public.orders.amount. Empty means all. Key columns are always in the key.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Tables")
        String columnsIn,

        @Option(
                name = "column.exclude.list",
                doc = "Columns left out of the events' values, as in column.include.list.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Tables")
        String columnsOut,

        @Option(
                name = "message.key.columns",
                doc =
                        "Columns that make the key, for tables where it is not to be the primary key: table:column,column;…, where"
                                + " table is a regular expression.",
                defaultValue = "",
                validator = KeyColumns.Validator.class,
                group = "Tables")
        String keyColumns) {

    /** All tables whole. */
    public static final SelectionOptions ALL = new SelectionOptions("", "", "", "", "", "", "");

    public SelectionOptions {
        oneOf("schema", schemasIn, schemasOut);
        oneOf("table", tablesIn, tablesOut);
        oneOf("column", columnsIn, columnsOut);
    }

    private static void oneOf(String what, String in, String out) {
        if (!in.isBlank() && !out.isBlank()) {
            throw new OptionException(
                    what + ".exclude.list", out, "cannot be set together with " + what + ".include.list; remove one");
        }
    }
}
