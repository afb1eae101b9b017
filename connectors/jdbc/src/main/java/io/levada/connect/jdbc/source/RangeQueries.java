/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.time.ZoneId;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/** What the ranges of a table's first load ask the database for: rows in the order of their keys, up to where the load ends. */
record RangeQueries(Relation relation, Ranges ranges, ModeOptions mode, Dialect dialect, ZoneId zone) {

    /** All rows, by their keys. */
    NewRowsQuery.Kind all(List<Column> columns) {
        Column key = columns.stream()
                .filter(column -> column.name().equals(ranges.column()))
                .findFirst()
                .orElseThrow(() -> new ConnectException(relation + " was being loaded in ranges of its column "
                        + ranges.column()
                        + ", which it does not have any more; reset the connector's offsets to load it"
                        + " anew"));
        return new NewRowsQuery.Kind(relation, new FollowedColumns(key, List.of()), List.of(), null, dialect, zone);
    }

    /** The rows of a range, by their keys. */
    NewRowsQuery.Kind kind(int index, List<Column> columns) {
        FollowedColumns followed = FollowedColumns.of(relation, columns, mode, dialect);
        NewRowsQuery.Kind all = all(columns);
        return new NewRowsQuery.Kind(
                relation.within(ranges.range(index)),
                all.columns(),
                all.key(),
                ranges.upto().timestamp() == null
                        ? null
                        : new NewRowsQuery.Upto(
                                followed.timestamps(), ranges.upto().timestamp()),
                dialect,
                zone);
    }

    /** Where the load ends, if that is a number. */
    Bound bound() {
        return new Bound(ranges.upto().incrementing(), null);
    }
}
