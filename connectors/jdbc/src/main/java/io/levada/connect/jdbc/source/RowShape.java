/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.ReadOptions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/** The schema of a result's rows, and the way from a row to a Struct. */
public final class RowShape {

    private final Relation relation;
    private final Dialect dialect;
    private final Schema schema;
    private final List<ColumnReader> readers;

    private RowShape(Relation relation, Dialect dialect, Schema schema, List<ColumnReader> readers) {
        this.relation = relation;
        this.dialect = dialect;
        this.schema = schema;
        this.readers = readers;
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
        List<String> unknown = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (relation.excluded().contains(column.name())) {
                continue;
            }
            if (!names.add(column.name())) {
                throw new ConnectException(
                        relation + " has two columns called " + column.name() + "; give one another name with AS");
            }
            Optional<ColumnReader> reader = dialect.reader(column, options);
            reader.ifPresentOrElse(
                    known -> {
                        readers.add(known);
                        builder.field(column.name(), known.schema());
                    },
                    () -> unknown.add(column.name() + " (" + column.typeName() + ")"));
        }
        if (!unknown.isEmpty()) {
            throw new ConnectException(relation + " has columns of types that have no form in Connect: "
                    + String.join(", ", unknown)
                    + "; leave them out with column.exclude.list, or cast them to text with query");
        }
        return new RowShape(relation, dialect, builder.build(), List.copyOf(readers));
    }

    Schema schema() {
        return schema;
    }

    /** The current row. */
    Struct read(ResultSet rows) throws SQLException {
        Struct row = new Struct(schema);
        for (int i = 0; i < readers.size(); i++) {
            try {
                row.put(schema.fields().get(i), readers.get(i).read(rows, i + 1));
            } catch (SQLException e) {
                if (dialect.failureKind(e) != FailureKind.DATA) {
                    throw e;
                }
                throw unreadable(i, e);
            } catch (DataException | ArithmeticException e) {
                throw unreadable(i, e);
            }
        }
        return row;
    }

    private DataException unreadable(int column, Exception cause) {
        return new DataException(
                "cannot read column " + schema.fields().get(column).name() + " of " + relation + ": "
                        + cause.getMessage(),
                cause);
    }
}
