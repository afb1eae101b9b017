/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Which columns of tables are read. */
public record ColumnOptions(
        @Option(
                name = "column.include.list",
                doc =
                        "Columns to read, as table.column or schema.table.column; a table of which none is named is read whole.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Columns")
        List<String> includeList,

        @Option(
                name = "column.exclude.list",
                doc = "Columns not to read, as table.column or schema.table.column.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Columns")
        List<String> excludeList,

        @Option(
                name = "column.mask.list",
                doc =
                        "Columns whose values are not shown, as table.column or schema.table.column, or column for a query:"
                                + " each value becomes the text ****, whatever its type; null stays null.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Columns")
        List<String> maskList) {

    public ColumnOptions {
        includeList = List.copyOf(includeList);
        excludeList = List.copyOf(excludeList);
        maskList = List.copyOf(maskList);
        for (String name : includeList) {
            requireTable("column.include.list", name);
        }
        for (String name : excludeList) {
            requireTable("column.exclude.list", name);
        }
    }

    private static void requireTable(String key, String name) {
        if (!name.contains(".")) {
            throw new OptionException(key, name, "must name the table too, as table.column or schema.table.column");
        }
    }

    /** What holds for the columns of one table. */
    ColumnChoice of(TableId table, Identifiers identifiers) {
        return new ColumnChoice(
                names(includeList, table, identifiers),
                names(excludeList, table, identifiers),
                names(maskList, table, identifiers));
    }

    /** What holds for the columns of the query. */
    ColumnChoice ofQuery(Identifiers identifiers) {
        return new ColumnChoice(
                List.of(), List.of(), maskList.stream().map(identifiers::stored).toList());
    }

    private static List<String> names(List<String> list, TableId table, Identifiers identifiers) {
        return list.stream()
                .filter(name -> name.contains("."))
                .filter(name -> isCalled(table, name.substring(0, name.lastIndexOf('.')), identifiers))
                .map(name -> identifiers.stored(name.substring(name.lastIndexOf('.') + 1)))
                .toList();
    }

    private static boolean isCalled(TableId table, String name, Identifiers identifiers) {
        return table.isCalled(name) || table.isCalled(identifiers.stored(name));
    }
}
