/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The conditions and the order that give the rows after an offset and within a bound.
 *
 * <pre>
 * incrementing             id &gt; ? AND id &lt;= ?                          ORDER BY id
 * timestamp                ts &lt; ? AND ts &gt; ?                           ORDER BY ts
 * timestamp+incrementing   ts &lt; ? AND (ts &gt; ? OR (ts = ? AND id &gt; ?))  ORDER BY ts, id
 * </pre>
 */
final class NewRowsQuery {

    /** Sets the parameter at a position. */
    private interface Parameter {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    private final FollowedColumns columns;
    private final Identifiers identifiers;
    private final Dialect dialect;
    private final ZoneId zone;
    private final List<String> conditions = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();

    NewRowsQuery(
            FollowedColumns columns,
            Identifiers identifiers,
            Dialect dialect,
            ZoneId zone,
            JdbcOffset after,
            Bound to) {
        this.columns = columns;
        this.identifiers = identifiers;
        this.dialect = dialect;
        this.zone = zone;
        if (columns.timestamps().isEmpty()) {
            numbers(after, to);
        } else {
            moments(after, to);
        }
    }

    private void numbers(JdbcOffset after, Bound to) {
        if (after.incrementing() != null) {
            where(id() + " > ?", number(after.incrementing()));
        }
        if (to.incrementing() != null) {
            where(id() + " <= ?", number(to.incrementing()));
        }
    }

    private void moments(JdbcOffset after, Bound to) {
        String ts = ts();
        if (to.timestamp() != null) {
            where(ts + " < ?", moment(to.timestamp()));
        }
        if (after.timestamp() == null) {
            return;
        }
        Parameter last = moment(after.timestamp());
        if (columns.incrementing() == null) {
            where(ts + " > ?", last);
        } else if (after.incrementing() == null) {
            where(ts + " >= ?", last);
        } else {
            where(
                    "(" + ts + " > ? OR (" + ts + " = ? AND " + id() + " > ?))",
                    last,
                    last,
                    number(after.incrementing()));
        }
    }

    private void where(String condition, Parameter... values) {
        conditions.add(condition);
        parameters.addAll(List.of(values));
    }

    private Parameter number(long value) {
        return (statement, index) -> statement.setLong(index, value);
    }

    private Parameter moment(Instant value) {
        return (statement, index) ->
                dialect.bindInstant(statement, index, columns.timestamps().get(0), zone, value);
    }

    private String id() {
        Column column = columns.incrementing();
        if (column == null) {
            throw new IllegalStateException("no number is followed");
        }
        return identifiers.sql(column.name());
    }

    private String ts() {
        String names =
                identifiers.list(columns.timestamps().stream().map(Column::name).toList(), "");
        return dialect.comparable(columns.timestamps().size() == 1 ? names : "COALESCE(" + names + ")");
    }

    /** The whole statement. */
    String sql(String select) {
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        List<String> order = new ArrayList<>();
        if (!columns.timestamps().isEmpty()) {
            order.add(ts());
        }
        if (columns.incrementing() != null) {
            order.add(id());
        }
        return select + where + order.stream().collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).set(statement, i + 1);
        }
    }
}
