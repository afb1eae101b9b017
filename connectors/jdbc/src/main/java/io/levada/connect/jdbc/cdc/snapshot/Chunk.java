/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Some blocks of a table.
 *
 * @param told the table whose rows they are told as
 * @param stored where they lie: the same table, or one of its partitions
 * @param file {@code relfilenode} of {@code stored}
 * @param from the first block
 * @param until the first block behind; -1 for all that are left
 * @param last the last of the table's chunks
 */
record Chunk(
        CapturedTable told, List<String> columns, TableName stored, long file, long from, long until, boolean last) {

    String copy() {
        String list = columns.stream().map(TableName::quoted).collect(Collectors.joining(", "));
        StringBuilder sql = new StringBuilder("COPY (SELECT ")
                .append(list)
                .append(" FROM ONLY ")
                .append(stored.sql());
        if (from > 0 || until >= 0) {
            sql.append(" WHERE ctid >= '(").append(from).append(",0)'::tid");
            if (until >= 0) {
                sql.append(" AND ctid < '(").append(until).append(",0)'::tid");
            }
        }
        return sql.append(") TO STDOUT").toString();
    }
}
