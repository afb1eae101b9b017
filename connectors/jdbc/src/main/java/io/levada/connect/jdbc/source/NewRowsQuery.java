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
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The conditions and the order that give the rows after an offset and within a bound.
 *
 * <pre>
 * bulk                     [key &gt; ?]                                              [ORDER BY key]
 * incrementing             id &gt; ? AND id &lt;= ?                                   ORDER BY id
 * timestamp                ts &lt; ? AND ts &gt; ?                                    ORDER BY ts[, key]
 * timestamp+incrementing   ts &lt; ? AND ts &gt;= ? AND (ts &gt; ? OR (ts = ? AND id &gt; ?))  ORDER BY ts, id
 * </pre>
 *
 * <p>A range of a table adds {@code key >= ? AND key < ?}, and {@code ts <= ?} in a first load of a mode with a timestamp.
 *
 * <p>The key is the table's primary one, where rows can be ordered by it: in its order a read that was broken off in the middle of a
 * moment, or of everything, goes on after the last row that was handed out.
 */
final class NewRowsQuery {

    private static final Instant FIRST_MOMENT = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T00:00:00Z");

    /** Sets the parameter at a position. */
    private interface Parameter {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    /** One of what rows are ordered by, with the value of the row to go on after. */
    private record Order(
            String sql, String parameter, @Nullable Parameter last) {}

    private final Relation relation;
    private final FollowedColumns columns;
    private final Identifiers identifiers;
    private final Dialect dialect;
    private final ZoneId zone;
    private final List<String> order = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();

    /** What is asked for, but for where it begins and ends. */
    record Kind(
            Relation relation,
            FollowedColumns columns,
            List<String> key,
            @Nullable Upto upto,
            Dialect dialect,
            ZoneId zone) {}

    /** A moment behind which rows are left out, by columns that are not followed. */
    record Upto(List<Column> timestamps, Instant moment) {}

    /**
     * @param after what has been read
     * @param unfinished a row that was handed out although {@code after} does not say so, and whose place in the order is known; null
     *     if there is none
     */
    NewRowsQuery(Kind kind, JdbcOffset after, @Nullable Row unfinished, Bound to) {
        this.relation = kind.relation();
        this.columns = kind.columns();
        this.identifiers = relation.identifiers();
        this.dialect = kind.dialect();
        this.zone = kind.zone();
        placeholders(after, to);
        if (to.incrementing() != null) {
            where(id() + " <= ?", number(to.incrementing()));
        }
        if (to.timestamp() != null) {
            where(ts() + " < " + momentParameter(), moment(to.timestamp()));
        }
        if (columns.incrementing() != null && columns.incrementing().optional()) {
            where(id() + " IS NOT NULL");
        }
        if (relation.range() != null) {
            within(relation.range());
        }
        if (kind.upto() != null) {
            List<Column> timestamps = kind.upto().timestamps();
            where(
                    ts(timestamps) + " <= " + dialect.momentParameter(timestamps.get(0)),
                    moment(timestamps.get(0), kind.upto().moment()));
        }
        List<Order> ordered = ordered(kind.key(), unfinished);
        ordered.forEach(each -> order.add(each.sql()));
        if (unfinished != null && !kind.key().isEmpty()) {
            afterRow(ordered);
        } else {
            afterOffset(after);
        }
    }

    private void within(KeyRange range) {
        String column = identifiers.sql(range.column());
        if (range.from() != null) {
            where(column + " >= ?", key(range.from()));
        }
        if (range.to() != null) {
            where(column + " < ?", key(range.to()));
        }
    }

    private Parameter key(String value) {
        return (statement, index) -> dialect.bindKey(statement, index, value);
    }

    private void placeholders(JdbcOffset after, Bound to) {
        for (QueryText.Placeholder placeholder : relation.placeholders()) {
            parameters.add(
                    switch (placeholder) {
                        case AFTER_INCREMENTING -> number(or(after.incrementing(), Long.MIN_VALUE));
                        case UPTO_INCREMENTING -> number(or(to.incrementing(), Long.MAX_VALUE));
                        case AFTER_TIMESTAMP -> moment(or(after.timestamp(), FIRST_MOMENT));
                        case BEFORE_TIMESTAMP -> moment(or(to.timestamp(), LAST_MOMENT));
                    });
        }
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private List<Order> ordered(List<String> key, @Nullable Row last) {
        List<Order> ordered = new ArrayList<>();
        if (!columns.timestamps().isEmpty()) {
            Instant at = last == null ? null : last.at().timestamp();
            ordered.add(new Order(ts(), momentParameter(), at == null ? null : moment(at)));
        }
        if (columns.incrementing() != null) {
            Long at = last == null ? null : last.at().incrementing();
            ordered.add(new Order(id(), "?", at == null ? null : number(at)));
        }
        for (String name : key) {
            ordered.add(new Order(identifiers.sql(name), "?", last == null ? null : number(last.value(), name)));
        }
        return ordered;
    }

    /** The first is told alone, too: that lets an index find the place. */
    private void afterRow(List<Order> ordered) {
        if (ordered.size() > 1) {
            where(ordered.get(0).sql() + " >= " + ordered.get(0).parameter(), last(ordered, 0));
        }
        StringBuilder condition = new StringBuilder();
        List<Parameter> values = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            String sql = ordered.get(i).sql();
            String parameter = ordered.get(i).parameter();
            condition.append(sql).append(" > ").append(parameter);
            values.add(last(ordered, i));
            if (i < ordered.size() - 1) {
                condition
                        .append(" OR (")
                        .append(sql)
                        .append(" = ")
                        .append(parameter)
                        .append(" AND (");
                values.add(last(ordered, i));
            }
        }
        where("(" + condition + "))".repeat(ordered.size() - 1) + ")", values.toArray(Parameter[]::new));
    }

    private static Parameter last(List<Order> ordered, int i) {
        Parameter last = ordered.get(i).last();
        if (last == null) {
            throw new IllegalStateException(
                    "the row to go on after has no " + ordered.get(i).sql());
        }
        return last;
    }

    private void afterOffset(JdbcOffset after) {
        if (columns.timestamps().isEmpty()) {
            if (columns.incrementing() != null && after.incrementing() != null) {
                where(id() + " > ?", number(after.incrementing()));
            }
            return;
        }
        if (after.timestamp() == null) {
            return;
        }
        Parameter last = moment(after.timestamp());
        if (columns.incrementing() == null) {
            where(ts() + " > " + momentParameter(), last);
        } else if (after.incrementing() == null) {
            where(ts() + " >= " + momentParameter(), last);
        } else {
            afterRow(List.of(
                    new Order(ts(), momentParameter(), last), new Order(id(), "?", number(after.incrementing()))));
        }
    }

    private void where(String condition, Parameter... values) {
        conditions.add(condition);
        parameters.addAll(List.of(values));
    }

    private static Parameter number(long value) {
        return (statement, index) -> statement.setLong(index, value);
    }

    private static Parameter number(Struct row, String column) {
        return number(((Number) row.get(column)).longValue());
    }

    private Parameter moment(Instant value) {
        return moment(columns.timestamps().get(0), value);
    }

    private Parameter moment(Column column, Instant value) {
        return (statement, index) -> dialect.bindInstant(statement, index, column, zone, value);
    }

    private String momentParameter() {
        return dialect.momentParameter(columns.timestamps().get(0));
    }

    private String id() {
        Column column = columns.incrementing();
        if (column == null) {
            throw new IllegalStateException("no number is followed");
        }
        return identifiers.sql(column.name());
    }

    private String ts() {
        return ts(columns.timestamps());
    }

    private String ts(List<Column> timestamps) {
        return dialect.comparable(moments(timestamps));
    }

    private String moments(List<Column> timestamps) {
        String names = identifiers.list(timestamps.stream().map(Column::name).toList(), "");
        return timestamps.size() == 1 ? names : "COALESCE(" + names + ")";
    }

    /** The whole statement. Rows that no moment tells from those read are among its own, so that they are refused and not passed over. */
    String sql(String select) {
        String all = String.join(" AND ", conditions);
        Optional<String> unreadable =
                columns.timestamps().isEmpty() ? Optional.empty() : dialect.unreadable(moments(columns.timestamps()));
        String where = conditions.isEmpty()
                ? ""
                : " WHERE "
                        + unreadable
                                .map(odd -> "(" + all + ") OR (" + odd + ")")
                                .orElse(all);
        return select + where + (order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order));
    }

    /** A statement for the highest number. */
    String highest() {
        return highest(id());
    }

    /** A statement for the last moment. */
    String lastMoment() {
        return highest(ts());
    }

    private String highest(String expression) {
        return "SELECT max(" + expression + ") FROM " + relation.from()
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).set(statement, i + 1);
        }
    }
}
