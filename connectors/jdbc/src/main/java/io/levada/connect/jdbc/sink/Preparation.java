/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.RowTarget;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Makes rows of records, and tables fit for them, before anything is written. Ends the transaction of the connection it is given. */
final class Preparation {

    private final SinkOptions options;
    private final Dialect dialect;
    private final Identifiers identifiers;
    private final ChangeMapper mapper;
    private final TableStructures structures;
    private final ColumnValues values;
    private final Map<TableId, LastUsed<Shape, Resolved>> resolved = new HashMap<>();
    /** By identity: a plan gives the same shape for each of its records. */
    private final IdentityHashMap<Shape, Target> ofThisCall = new IdentityHashMap<>();

    Preparation(SinkOptions options, Dialect dialect) {
        this.options = options;
        this.dialect = dialect;
        this.identifiers = dialect.identifiers(options.quoting());
        this.mapper = new ChangeMapper(options, identifiers);
        this.structures = new TableStructures(options, dialect, identifiers);
        this.values = new ColumnValues(dialect, options.zone());
    }

    /** A target, and the table of which it was made. */
    private record Resolved(TableStructures.Table table, Target target) {}

    /** Rows in the order of their records, and records of which none can be made. */
    record Prepared(List<Row> rows, List<BadRecord> bad) {}

    /** Looks at the tables again before the next rows. */
    void forget() {
        structures.forget();
        resolved.clear();
    }

    /**
     * Prepares all records.
     *
     * @throws ConnectException if a table is missing and may not be created
     */
    Prepared rows(Collection<SinkRecord> records, Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>(records.size());
        List<BadRecord> bad = new ArrayList<>();
        ofThisCall.clear();
        for (SinkRecord record : records) {
            try {
                Change change = mapper.map(record);
                Row row = change == null ? null : row(change, connection);
                if (row != null) {
                    rows.add(row);
                }
            } catch (DataException e) {
                bad.add(new BadRecord(record, e));
            }
        }
        return new Prepared(rows, bad);
    }

    /** Null if there is nothing to be done. */
    private @Nullable Row row(Change change, Connection connection) throws SQLException {
        Target target = target(change.shape(), connection);
        if (target == null) {
            return null;
        }
        if (target.isFilled(change)) {
            List<String> names = change.shape().names();
            List<String> left = target.filled().stream()
                    .filter(place -> change.value(place) == null)
                    .map(names::get)
                    .toList();
            return row(
                    change.reshaped(
                            change.shape().keeping(change.shape().kind(), field -> !left.contains(field.name()))),
                    connection);
        }
        @Nullable Object[] row = target.values(change);
        if (target.needsKey(options.insertMode())) {
            for (int i = 0; i < target.rows().keys().size(); i++) {
                if (row[i] == null) {
                    throw new DataException(
                            "the key's field " + change.shape().names().get(i) + " is null, which finds no row");
                }
            }
        }
        return new Row(change, target, row);
    }

    private @Nullable Target target(Shape shape, Connection connection) throws SQLException {
        Target target = ofThisCall.get(shape);
        if (target == null) {
            target = resolve(shape, connection);
            if (target != null) {
                ofThisCall.put(shape, target);
            }
        }
        return target;
    }

    private @Nullable Target resolve(Shape shape, Connection connection) throws SQLException {
        LastUsed<Shape, Resolved> ofTable = resolved.computeIfAbsent(shape.table(), table -> new LastUsed<>());
        Resolved last = ofTable.get(shape);
        if (last == null) {
            checkNames(shape);
            TableStructures.Table table = structures.tableFor(shape, connection);
            if (table == null) {
                return null;
            }
            checkKey(shape, connection);
            ofTable.values().removeIf(each -> !each.table().equals(table));
            last = new Resolved(table, target(shape, table));
            ofTable.put(shape, last);
        }
        return last.target();
    }

    private void checkKey(Shape shape, Connection connection) throws SQLException {
        if (shape.kind() != Shape.Kind.WRITE || options.insertMode() != InsertMode.UPSERT) {
            return;
        }
        List<String> keys = shape.keys().stream()
                .map(field -> identifiers.stored(field.name()))
                .toList();
        if (!dialect.findsRowBy(keys, identifiers.stored(shape.table()), connection)) {
            throw new ConnectException(withoutKey(shape.table(), keys));
        }
    }

    static String withoutKey(TableId table, List<String> keys) {
        return "table " + table + " has no unique key of the columns " + keys
                + ", without which insert.mode=upsert finds no row; add one, or set pk.fields to one it has";
    }

    private void checkNames(Shape shape) {
        Map<String, String> fieldOfColumn = identifiers.columnMap();
        for (String name : shape.names()) {
            try {
                String unused = identifiers.sql(name);
            } catch (ConnectException e) {
                throw new DataException(e.getMessage(), e);
            }
            String other = fieldOfColumn.put(identifiers.stored(name), name);
            if (other != null) {
                throw new DataException("the fields " + other + " and " + name + " would both go to column "
                        + identifiers.stored(name)
                        + "; rename or leave out one of them with the ReplaceField transform");
            }
        }
    }

    private Target target(Shape shape, TableStructures.Table table) {
        List<Column> keys = new ArrayList<>();
        List<Column> others = new ArrayList<>();
        Set<Column> kept = new HashSet<>();
        List<Integer> places = new ArrayList<>();
        List<Integer> filled = new ArrayList<>();
        List<ColumnValues.Conversion> conversions = new ArrayList<>();
        boolean inserts = shape.kind() == Shape.Kind.WRITE && options.insertMode() != InsertMode.UPDATE;
        List<FieldShape> fields = shape.fields();
        for (int i = 0; i < fields.size(); i++) {
            FieldShape field = fields.get(i);
            Column column = column(field, table);
            boolean key = i < shape.keys().size();
            if (!key && table.filled().refuses(column.name(), inserts)) {
                continue;
            }
            (key ? keys : others).add(column);
            if (!key && table.filled().keeps(column.name())) {
                kept.add(column);
            }
            places.add(i);
            conversions.add(values.conversion(field, column));
            if (inserts && !key && !column.optional() && table.filled().fills(column.name())) {
                filled.add(i);
            }
        }
        RowTarget rows = new RowTarget(identifiers.sql(shape.table()), identifiers, keys, others, kept);
        return new Target(shape, rows, places, conversions, filled);
    }

    private Column column(FieldShape field, TableStructures.Table table) {
        Column column = table.columns().get(identifiers.stored(field.name()));
        if (column == null) {
            throw new IllegalStateException("no column " + field.name() + ", which was there a moment ago");
        }
        return column;
    }
}
