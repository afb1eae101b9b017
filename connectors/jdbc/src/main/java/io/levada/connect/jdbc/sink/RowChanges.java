/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which changes of a row come after one, as records have them. */
final class RowChanges {

    private final boolean insertsOnly;
    private final IdentityHashMap<Row, Integer> places = new IdentityHashMap<>();
    private final Map<TableId, List<Row>> ofTable = new HashMap<>();
    private final Map<Id, List<Row>> ofKey = new HashMap<>();
    private final Map<TableId, List<Row>> truncations = new HashMap<>();

    private record Id(TableId table, Object key) {}

    /** @param insertsOnly whether each row is inserted without regard to others of its key, so that only removals concern it */
    RowChanges(List<Row> rows, boolean insertsOnly) {
        this.insertsOnly = insertsOnly;
        for (Row row : rows) {
            places.put(row, places.size());
            ofTable.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row);
            if (row.kind() == Shape.Kind.TRUNCATE) {
                truncations
                        .computeIfAbsent(row.table(), table -> new ArrayList<>())
                        .add(row);
            } else if (row.kind() != Shape.Kind.WRITE || !insertsOnly) {
                ofKey.computeIfAbsent(key(row), id -> new ArrayList<>()).add(row);
            }
        }
    }

    /** What changes of one row have in common, and only they. */
    Object id(Row row) {
        boolean alone = row.kind() == Shape.Kind.TRUNCATE || (insertsOnly && row.kind() == Shape.Kind.WRITE);
        return alone ? row : key(row);
    }

    private static Id key(Row row) {
        return new Id(row.table(), LooseKey.of(row.key()));
    }

    /** Changes of the row that come later, which must be lost if this one is made after them. */
    Stream<Row> after(Row row) {
        Stream<Row> others = row.kind() == Shape.Kind.TRUNCATE
                ? ofTable.getOrDefault(row.table(), List.of()).stream()
                : Stream.concat(
                        ofKey.getOrDefault(key(row), List.of()).stream(),
                        truncations.getOrDefault(row.table(), List.of()).stream());
        return others.filter(other -> place(other) > place(row));
    }

    private int place(Row row) {
        return places.getOrDefault(row, -1);
    }
}
