/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

    /**
     * Distributes tables over at most {@code maxTasks} tasks, none of them without a table: evenly, and where there are more tasks than
     * tables, tables that fall into ranges over several.
     *
     * @return what is to be in each task's configuration
     */
    public static List<Map<String, String>> assign(Collection<PlannedTable> tables, int maxTasks) {
        if (maxTasks <= tables.size() || tables.stream().allMatch(table -> table.ranges() == null)) {
            return split(tables.stream().map(PlannedTable::table).toList(), maxTasks).stream()
                    .map(each -> Map.of(KEY, each))
                    .toList();
        }
        int[] shares = shares(tables.stream().mapToInt(PlannedTable::tasksMax).toArray(), maxTasks);
        List<Map<String, String>> tasks = new ArrayList<>();
        int next = 0;
        for (PlannedTable each : tables) {
            int of = shares[next++];
            String name = write(List.of(each.table()));
            for (int i = 0; i < of; i++) {
                tasks.add(
                        of == 1 || each.ranges() == null
                                ? Map.of(KEY, name)
                                : Map.of(
                                        KEY,
                                        name,
                                        AssignedRanges.KEY,
                                        new AssignedRanges(i, of, each.ranges()).write()));
            }
        }
        return tasks;
    }

    /** One task for each, and one more at a time for the table whose tasks have most ranges. */
    private static int[] shares(int[] ranges, int maxTasks) {
        int[] shares = new int[ranges.length];
        Arrays.fill(shares, 1);
        for (int given = ranges.length; given < maxTasks; given++) {
            int most = 0;
            for (int i = 1; i < ranges.length; i++) {
                if ((double) ranges[i] / shares[i] > (double) ranges[most] / shares[most]) {
                    most = i;
                }
            }
            if (shares[most] >= ranges[most]) {
                break;
            }
            shares[most]++;
        }
        return shares;
    }

    /** Distributes tables over at most {@code maxTasks} groups of nearly equal size; none of them empty. */
    static List<String> split(Collection<TableId> tables, int maxTasks) {
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
