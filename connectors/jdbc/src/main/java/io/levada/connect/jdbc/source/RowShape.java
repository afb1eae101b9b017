/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.StructValues;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.OnUnreadable;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.TemporalKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema of a result's rows, and the way from a row to a Struct: made once for a result. */
public final class RowShape {

    private static final Logger LOGGER = LoggerFactory.getLogger(RowShape.class);

    /** About what a value takes that is no text, in bytes. */
    private static final long SMALL = 16;

    private final Relation relation;
    private final Dialect dialect;
    private final Schema schema;
    private final Field[] fields;
    private final ColumnReader[] readers;
    private final Map<String, String> moments;
    private final OnUnreadable onUnreadable;

    private long unreadable;

    private RowShape(
            Relation relation,
            Dialect dialect,
            Schema schema,
            List<ColumnReader> readers,
            Map<String, String> moments,
            OnUnreadable onUnreadable) {
        this.relation = relation;
        this.dialect = dialect;
        this.schema = schema;
        this.fields = schema.fields().toArray(new Field[0]);
        this.readers = readers.toArray(new ColumnReader[0]);
        this.moments = moments;
        this.onUnreadable = onUnreadable;
    }

    /**
     * Makes the shape of a result.
     *
     * @throws ConnectException that names every column whose type has no form in Connect
     */
    public static RowShape of(Relation relation, List<Column> columns, Dialect dialect, ReadOptions options) {
        SchemaBuilder builder = SchemaBuilder.struct();
        if (relation.schemaName() != null) {
            builder.name(relation.schemaName());
        }
        List<ColumnReader> readers = new ArrayList<>();
        Map<String, String> moments = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!relation.columns().reads(column.name())) {
                continue;
            }
            if (!names.add(column.name())) {
                throw new ConnectException(
                        relation + " has two columns called " + column.name() + "; give one another name with AS");
            }
            reader(relation, column, dialect, options)
                    .ifPresentOrElse(
                            known -> {
                                readers.add(known);
                                builder.field(column.name(), known.schema());
                                if (dialect.isTimestamp(column)) {
                                    moments.put(column.name(), momentForm(dialect.temporal(column), options));
                                }
                            },
                            () -> unknown.add(column.name() + " (" + column.typeName() + ")"));
        }
        if (!unknown.isEmpty()) {
            throw new ConnectException(relation + " has columns of types that have no form in Connect: "
                    + String.join(", ", unknown)
                    + "; leave them out with column.exclude.list, or cast them to text with query");
        }
        return new RowShape(relation, dialect, builder.build(), readers, moments, options.onUnreadable());
    }

    /** A moment with a time zone is the same one whatever ours is. */
    private static String momentForm(TemporalKind kind, ReadOptions options) {
        String granularity = options.timestampGranularity().toString();
        return kind == TemporalKind.TIMESTAMP_WITH_ZONE ? granularity : granularity + " " + options.zone();
    }

    private static Optional<ColumnReader> reader(
            Relation relation, Column column, Dialect dialect, ReadOptions options) {
        return relation.columns().masks(column.name())
                ? Optional.of(Masked.reader(column))
                : dialect.reader(column, options);
    }

    Schema schema() {
        return schema;
    }

    /** Of each column that is a moment in the database what it is told as, and in which time zone it is taken to be if it has none. */
    Map<String, String> moments() {
        return moments;
    }

    /** The current row, which stands at {@code at}. */
    Row read(ResultSet rows, JdbcOffset at) throws SQLException {
        Struct row = new Struct(schema);
        long bytes = 0;
        for (int i = 0; i < readers.length; i++) {
            try {
                Object value = readers[i].read(rows, i + 1);
                StructValues.put(row, fields[i], value);
                bytes += bytes(value);
            } catch (SQLException e) {
                if (dialect.failureKind(e) != FailureKind.DATA) {
                    throw e;
                }
                unreadable(i, e);
            } catch (DataException | ArithmeticException e) {
                unreadable(i, e);
            }
        }
        return new Row(row, at, bytes);
    }

    /** About how many bytes a value takes in memory. */
    private static long bytes(@Nullable Object value) {
        if (value instanceof String text) {
            return SMALL + text.length();
        }
        if (value instanceof byte[] binary) {
            return SMALL + binary.length;
        }
        if (value instanceof Collection<?> values) {
            return values.stream().mapToLong(RowShape::bytes).sum() + SMALL;
        }
        if (value instanceof Map<?, ?> map) {
            return bytes(map.keySet()) + bytes(map.values());
        }
        return SMALL;
    }

    /** The field stays null, or the task fails. */
    private void unreadable(int column, Exception cause) {
        String what = "cannot read column " + fields[column].name() + " of " + relation + ": " + cause.getMessage();
        boolean optional = fields[column].schema().isOptional();
        if (onUnreadable == OnUnreadable.FAIL || !optional) {
            throw new DataException(
                    what + (optional ? "; or set on.unreadable.value=null" : "; the column is NOT NULL"), cause);
        }
        unreadable++;
        if (Long.bitCount(unreadable) == 1) { // the first, the second, the fourth, ...
            LOGGER.atWarn()
                    .addKeyValue("values", unreadable)
                    .addKeyValue("error", what)
                    .log("values that cannot be read are told as null");
        }
    }
}
