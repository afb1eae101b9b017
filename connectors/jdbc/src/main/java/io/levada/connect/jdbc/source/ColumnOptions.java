/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Which columns of tables are read. */
public record ColumnOptions(
        @Option(
                name = ColumnOptions.INCLUDE,
                doc =
                        "Columns to read, as table.column or schema.table.column; a table of which none is named is read whole."
                                + " Tables and columns that lists of columns name must be there.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Columns")
        List<String> includeList,

        @Option(
                name = ColumnOptions.EXCLUDE,
                doc = "Columns not to read, as table.column or schema.table.column.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Columns")
        List<String> excludeList,

        @Option(
                name = ColumnOptions.MASK,
                doc =
                        "Columns whose values are not shown, as table.column or schema.table.column, or column for a query:"
                                + " each value becomes the text ****, whatever its type; null stays null.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Columns")
        List<String> maskList) {

    static final String INCLUDE = "column.include.list";
    static final String EXCLUDE = "column.exclude.list";
    static final String MASK = "column.mask.list";

    public ColumnOptions {
        includeList = List.copyOf(includeList);
        excludeList = List.copyOf(excludeList);
        maskList = List.copyOf(maskList);
    }

    private Map<String, List<String>> lists() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        lists.put(INCLUDE, includeList);
        lists.put(EXCLUDE, excludeList);
        lists.put(MASK, maskList);
        return lists;
    }

    /** Checks the lists for tables, of which each entry names one. */
    void checkForTables() {
        lists().forEach((key, list) -> list.stream()
                .filter(name -> !name.contains("."))
                .findFirst()
                .ifPresent(name -> {
                    throw new OptionException(
                            key, name, "must name the table too, as table.column or schema.table.column");
                }));
    }

    /** What is wrong with an entry for a table that is none of these; nothing if each names one of them. */
    public Optional<OptionFault> unselected(Collection<TableId> tables, Identifiers identifiers) {
        for (Map.Entry<String, List<String>> list : lists().entrySet()) {
            for (String name : list.getValue()) {
                if (tables.stream().noneMatch(table -> isCalled(table, tableOf(name), identifiers))) {
                    return Optional.of(new OptionFault(
                            list.getKey(),
                            list.getKey() + " has the entry " + name + ", but no table that is read is called "
                                    + tableOf(name) + "; the tables are " + tables));
                }
            }
        }
        return Optional.empty();
    }

    /** What is wrong with an entry whose column none of the tables has that it names; nothing if each is found. */
    Optional<OptionFault> nowhere(Map<TableId, List<Column>> tables, Identifiers identifiers) {
        for (Map.Entry<String, List<String>> list : lists().entrySet()) {
            for (String name : list.getValue()) {
                boolean found = tables.entrySet().stream()
                        .filter(each -> isCalled(each.getKey(), tableOf(name), identifiers))
                        .anyMatch(each -> set(identifiers, each.getValue()).contains(column(name, identifiers)));
                if (!found) {
                    return Optional.of(new OptionFault(
                            list.getKey(), list.getKey() + " has the entry " + name + ", a column that no table has"));
                }
            }
        }
        return Optional.empty();
    }

    private static Set<String> set(Identifiers identifiers, List<Column> columns) {
        Map<String, Column> byName = identifiers.columnMap();
        columns.forEach(column -> byName.put(column.name(), column));
        return byName.keySet();
    }

    /**
     * What holds for the columns of one table.
     *
     * @param alone whether no other table that is read may have its name
     */
    ColumnChoice of(TableId table, Identifiers identifiers, boolean alone) {
        List<String> elsewhere = lists().values().stream()
                .flatMap(List::stream)
                .filter(name -> !alone && !tableOf(name).contains("."))
                .map(name -> column(name, identifiers))
                .toList();
        return new ColumnChoice(
                identifiers,
                names(includeList, table, identifiers),
                names(excludeList, table, identifiers),
                names(maskList, table, identifiers),
                elsewhere);
    }

    /** What holds for the columns of the query. */
    ColumnChoice ofQuery(Identifiers identifiers) {
        return new ColumnChoice(
                identifiers,
                List.of(),
                List.of(),
                maskList.stream().map(identifiers::stored).toList(),
                List.of());
    }

    private static List<String> names(List<String> list, TableId table, Identifiers identifiers) {
        return list.stream()
                .filter(name -> isCalled(table, tableOf(name), identifiers))
                .map(name -> column(name, identifiers))
                .toList();
    }

    private static String column(String name, Identifiers identifiers) {
        return identifiers.stored(name.substring(name.lastIndexOf('.') + 1));
    }

    private static String tableOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static boolean isCalled(TableId table, String name, Identifiers identifiers) {
        return table.isCalled(name) || table.isCalled(identifiers.stored(name));
    }
}
