/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Some blocks of a table.
 *
 * @param told the table whose rows they are told as
 * @param stored where they lie: the same table, or one of its partitions
 * @param file {@code relfilenode} of {@code stored}
 * @param from the first block
 * @param behind rows of the first block up to this place are done; 0 for none
 * @param until the first block behind; -1 for all that are left
 * @param last the last of the table's chunks
 * @param rows which of the rows there; all blocks if a statement reads them
 */
record Chunk(
        CapturedTable told,
        TableName stored,
        long file,
        long from,
        int behind,
        long until,
        boolean last,
        ChosenRows rows) {

    /** The statement that reads it: each row's place, then its columns. */
    String copy() {
        if (rows.statement() != null) {
            return copyOf(rows.statement());
        }
        String list = told.columnNames().stream()
                .map(column -> told.reads(column) ? TableName.quoted(column) : "NULL")
                .collect(Collectors.joining(", "));
        StringBuilder sql = new StringBuilder("COPY (SELECT ctid")
                .append(list.isEmpty() ? "" : ", ")
                .append(list)
                .append(" FROM ONLY ")
                .append(stored.sql());
        List<String> conditions = new ArrayList<>();
        if (from > 0 || behind > 0 || until >= 0) {
            conditions.add("ctid > '(" + from + ',' + behind + ")'::tid");
        }
        if (until >= 0) {
            conditions.add("ctid < '(" + until + ",0)'::tid");
        }
        if (rows.filter() != null) {
            conditions.add("(" + rows.filter() + "\n)"); // it may end in a comment
        }
        if (!conditions.isEmpty()) {
            sql.append(" WHERE ").append(String.join(" AND ", conditions));
        }
        return sql.append(") TO STDOUT").toString();
    }

    /** Such rows have no place: they are read from the beginning again. */
    private String copyOf(String statement) {
        String list = told.columnNames().stream()
                .map(column -> rows.given().contains(column) && told.reads(column)
                        ? ", " + TableName.quoted(column)
                        : ", NULL")
                .collect(Collectors.joining());
        return "COPY (SELECT '(0,0)'::tid" + list + " FROM (" + statement + "\n) AS chosen) TO STDOUT";
    }

    Chunk asLast() {
        return new Chunk(told, stored, file, from, behind, until, true, rows);
    }
}
