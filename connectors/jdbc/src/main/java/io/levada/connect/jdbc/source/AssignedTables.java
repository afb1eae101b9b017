/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of one task, as the connector writes them into the task's configuration: quoted, separated by commas, for example
 * {@code "shop"."public"."orders","shop"."public"."a,b"}.
 */
public final class AssignedTables {

    /** The key in the task's configuration; absent if the task reads a query. */
    public static final String KEY = "tables";

    private static final Identifiers QUOTED = new Identifiers(Quoting.ALWAYS, Names.ANSI);

    private AssignedTables() {}

    /** Distributes tables over at most {@code maxTasks} groups of nearly equal size; none of them empty. */
    public static List<String> split(Collection<TableId> tables, int maxTasks) {
        int groups = Math.min(maxTasks, tables.size());
        List<List<TableId>> split =
                Stream.generate(ArrayList<TableId>::new).limit(groups).collect(Collectors.toCollection(ArrayList::new));
        int next = 0;
        for (TableId table : tables) {
            split.get(next++ % groups).add(table);
        }
        return split.stream().map(AssignedTables::write).toList();
    }

    private static String write(List<TableId> tables) {
        return tables.stream()
                .map(table -> Stream.of(table.catalog(), table.schema(), table.name())
                        .filter(Objects::nonNull)
                        .map(QUOTED::sql)
                        .collect(Collectors.joining(".")))
                .collect(Collectors.joining(","));
    }

    /** Reads what {@link #split} wrote. */
    public static List<TableId> read(String text) {
        List<TableId> tables = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == ',' && !quoted)) {
                tables.add(QUOTED.table(text.substring(start, i)));
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return List.copyOf(tables);
    }
}
