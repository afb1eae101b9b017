/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.types.ColumnMapping;
import io.levada.connect.jdbc.cdc.types.TypeCatalog;
import io.levada.connect.jdbc.cdc.types.TypeMappings;
import io.levada.connect.jdbc.cdc.types.TypeOptions;
import io.levada.connect.jdbc.cdc.types.UnreadableValues;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The captured tables: made from the catalogue for a snapshot, and from the relations that the stream tells of for changes. A
 * relation tells names and types as they were when its rows were written; keys, defaults and what is required come from the
 * catalogue, as it is when the relation arrives.
 */
public final class Tables {

    private static final Logger LOGGER = LoggerFactory.getLogger(Tables.class);

    private final Catalogue catalogue;
    private final Connection connection;
    private final Selection selection;
    private final ColumnRules rules;
    private final TypeCatalog types;
    private final TypeMappings mappings;
    private final UnreadableValues unreadable;
    private final EnvelopeSchemas envelopes;

    /** By relation oid; empty for one that is not captured. */
    private final Map<Integer, Optional<CapturedTable>> relations = new HashMap<>();

    private final Map<Integer, Message.Relation> told = new HashMap<>();

    /** By relation oid, columns that have been null in the log, whatever the catalogue says of them since. */
    private final Map<Integer, Set<String>> nullable = new HashMap<>();

    /** Columns that were said to be left out because of their types. */
    private final Set<String> leftOut = new HashSet<>();

    /** Tables whose replica identity has been looked at. */
    private final Set<TableName> warned = new HashSet<>();

    /** Values of enums that the catalogue, asked again, does not know: since renamed. */
    private final Set<Object> unknownLabels = new HashSet<>();

    /** Key columns that a table had when it was last made, for when it has lost its key since its rows were written. */
    private final Map<TableName, List<String>> lastKeys = new HashMap<>();

    /**
     * @param connection for the catalogue, used on the thread that calls
     * @throws SQLException if the database's types cannot be read
     */
    public Tables(
            Connection connection, Selection selection, ColumnRules rules, TypeOptions types, EnvelopeSchemas envelopes)
            throws SQLException {
        this.catalogue = new Catalogue(connection);
        this.connection = connection;
        this.selection = selection;
        this.rules = rules;
        this.types = TypeCatalog.of(connection);
        this.mappings = new TypeMappings(types, this.types);
        this.unreadable = types.unreadable();
        this.envelopes = envelopes;
    }

    /** The table as it is now, with all its columns, generated ones too. */
    public CapturedTable current(TableName name) throws SQLException {
        return current(List.of(name)).get(0);
    }

    /** The same of many tables, in their order. */
    public List<CapturedTable> current(List<TableName> names) throws SQLException {
        return current(names, catalogue.keys(names));
    }

    private List<CapturedTable> current(List<TableName> names, Map<TableName, List<String>> keys) throws SQLException {
        Map<TableName, Long> oids = catalogue.oids(names);
        Map<TableName, List<Column>> columns = catalogue.columns(names);
        List<CapturedTable> made = new ArrayList<>();
        for (TableName name : names) {
            made.add(table(
                    name,
                    oids.getOrDefault(name, 0L),
                    columns.getOrDefault(name, List.of()),
                    keys.getOrDefault(name, List.of()),
                    List.of()));
        }
        return made;
    }

    /**
     * Of these tables, those of which no two rows have the same key in their events. Not so with one that the user chose, nor where a
     * column of it is left out since its type is unknown.
     */
    public Set<TableName> thatTellRowsApart(List<TableName> names) throws SQLException {
        Map<TableName, List<String>> keys = catalogue.keys(names);
        return current(names, keys).stream()
                .filter(table ->
                        selection.keyColumns(table.name(), table.columnNames()).isEmpty()
                                && table.keyColumns().equals(keys.getOrDefault(table.name(), List.of())))
                .map(CapturedTable::name)
                .collect(Collectors.toSet());
    }

    /** Whether changes of that table are told. */
    public boolean captures(Message.Relation relation) {
        return selection.has(new TableName(relation.schema(), relation.name()));
    }

    /** Takes what the stream tells of a table; its rows are written so until it is told of again. */
    public void told(Message.Relation relation) throws SQLException {
        TableName name = new TableName(relation.schema(), relation.name());
        boolean captured = selection.has(name);
        if (!captured) {
            relations.put(relation.oid(), Optional.empty());
            return;
        }
        List<String> key = catalogue.keys(List.of(name)).getOrDefault(name, List.of());
        relations.put(relation.oid(), Optional.of(of(name, relation, key)));
        told.put(relation.oid(), relation);
        warnOfIdentity(name, relation, key);
    }

    private void warnOfIdentity(TableName name, Message.Relation relation, List<String> present) {
        if (relation.identity() == 'f' || !warned.add(name)) {
            return;
        }
        Set<String> sent = relation.columns().stream()
                .filter(Message.Relation.Column::ofIdentity)
                .map(Message.Relation.Column::name)
                .collect(Collectors.toSet());
        List<String> key = keyOf(
                name,
                relation.columns().stream().map(Message.Relation.Column::name).toList(),
                present,
                keyAsWritten(relation));
        if (!sent.containsAll(key)) {
            LOGGER.atWarn()
                    .addKeyValue("table", name)
                    .addKeyValue("key", key)
                    .addKeyValue("replicaIdentity", sent)
                    .log(
                            "the server does not tell the key of deleted rows, which are told with another; run ALTER TABLE "
                                    + name.sql() + " REPLICA IDENTITY FULL");
        }
    }

    /**
     * The table with which the row's events are made: another than before where the row has a value of an enum that is newer than
     * the schemas, since the server does not tell of {@code ALTER TYPE … ADD VALUE}.
     */
    public CapturedTable fitting(int relation, CapturedTable table, @Nullable Object[] row) throws SQLException {
        List<Integer> outdated = table.outdatedBy(row);
        Message.Relation known = told.get(relation);
        if (outdated.isEmpty() || known == null) {
            return table;
        }
        boolean news = false;
        for (int column : outdated) {
            if (!unknownLabels.contains(row[column])) {
                types.refresh(known.columns().get(column).typeOid());
                news = true;
            }
        }
        if (!news) {
            return table;
        }
        told(known);
        CapturedTable made = of(relation).orElse(table);
        made.outdatedBy(row).forEach(column -> unknownLabels.add(row[column]));
        return made;
    }

    /**
     * The table with which a whole row's events are made: another than before where a column is null that the catalogue says is
     * required, since it was made so after the row had been written.
     *
     * @param row of which all columns were sent, not only those of the replica identity
     */
    public CapturedTable allowing(int relation, CapturedTable table, Tuple row) throws SQLException {
        List<String> nulls = row.size() == table.columns() ? table.nulls(row) : List.of();
        Message.Relation known = told.get(relation);
        if (nulls.isEmpty() || known == null) {
            return table;
        }
        nullable.computeIfAbsent(relation, unused -> new HashSet<>()).addAll(nulls);
        told(known);
        return of(relation).orElse(table);
    }

    /** The table of a relation that was told of; empty if it is not captured. */
    public Optional<CapturedTable> of(int relation) {
        return relations.getOrDefault(relation, Optional.empty());
    }

    private CapturedTable of(TableName name, Message.Relation relation, List<String> present) throws SQLException {
        Map<String, Column> now = catalogue.columns(List.of(name)).getOrDefault(name, List.of()).stream()
                .collect(Collectors.toMap(Column::name, Function.identity()));
        Set<String> everNull = nullable.getOrDefault(relation.oid(), Set.of());
        List<Column> columns = new ArrayList<>();
        for (Message.Relation.Column told : relation.columns()) {
            Column known = now.get(told.name());
            columns.add(new Column(
                    told.name(),
                    told.typeOid(),
                    told.typmod(),
                    known != null && known.required() && !everNull.contains(told.name()),
                    known == null ? null : known.defaultExpression(),
                    known == null ? "" : known.typeName()));
        }
        return table(name, Integer.toUnsignedLong(relation.oid()), columns, present, keyAsWritten(relation));
    }

    /** The primary key's columns when the rows were written, in the order of the table's; empty if the relation does not tell. */
    private static List<String> keyAsWritten(Message.Relation relation) {
        return relation.columns().stream()
                .filter(column -> relation.identity() == 'd' && column.ofIdentity())
                .map(Message.Relation.Column::name)
                .toList();
    }

    /**
     * @param present the key that the table has now
     * @param written the one it had when the rows were written, as far as that is known
     */
    private CapturedTable table(
            TableName name, long oid, List<Column> columns, List<String> present, List<String> written)
            throws SQLException {
        List<CapturedTable.@Nullable Cell> cells = new ArrayList<>();
        List<String> names = columns.stream().map(Column::name).toList();
        List<String> key = keyOf(name, names, present, written);
        String topic = envelopes.topic(name);
        SchemaBuilder keySchema = SchemaBuilder.struct().name(envelopes.schemaName(topic + ".Key"));
        SchemaBuilder valueSchema = SchemaBuilder.struct().name(envelopes.schemaName(topic + ".Value"));
        List<Integer> valueCells = new ArrayList<>();
        Map<String, Schema> keyFields = new HashMap<>();
        for (Column column : columns) {
            boolean inValue = selection.has(name, column.name());
            // What nobody sees need not be readable.
            Optional<ColumnMapping> mapping =
                    inValue || key.contains(column.name()) ? mapping(name, column) : Optional.empty();
            if (mapping.isEmpty()) {
                if (inValue && leftOut.add(name + "." + column.name())) {
                    LOGGER.atWarn()
                            .addKeyValue("table", name)
                            .addKeyValue("column", column.name())
                            .addKeyValue("type", column.typeName())
                            .log(
                                    "the column is left out, since its type has no meaning here; include.unknown.datatypes=true tells it as"
                                            + " bytes");
                }
                cells.add(null);
                continue;
            }
            String fieldName = envelopes.fieldName(column.name());
            Optional<ColumnRules.Change> change = rules.of(name, column);
            boolean text = mapping.get().schema().type() == Schema.Type.STRING;
            ColumnSize size =
                    change.isEmpty() ? new ColumnSize(-1, -1, text) : ColumnSize.of(connection, types, column, text);
            boolean hidden = change.isPresent() && change.get().hiddenBy() != null;
            if (inValue) {
                requireHideable(name, column, change, size);
                SchemaBuilder field = field(column, mapping.get(), hidden);
                change.ifPresent(each -> each.describe(column, size, field));
                valueSchema.field(fieldName, field.build());
                valueCells.add(cells.size());
            }
            Schema plain = field(column, mapping.get(), false).build();
            keyFields.put(column.name(), plain);
            ColumnMapping fitted = mapping.get()
                    .withSchema(inValue ? valueSchema.field(fieldName).schema() : plain);
            boolean mayBeNull = plain.isOptional() && !key.contains(column.name());
            UnaryOperator<@Nullable Object> masked =
                    change.flatMap(each -> each.of(size)).orElse(null);
            cells.add(new CapturedTable.Cell(
                    column.name(),
                    fitted,
                    Absent.of(column, plain),
                    masked,
                    mayBeNull ? unreadable : UnreadableValues.FAIL));
        }
        key = key.stream().filter(keyFields::containsKey).toList();
        key.forEach(each -> keySchema.field(envelopes.fieldName(each), keyFields.get(each)));
        Schema value = valueSchema.optional().build();
        return new CapturedTable(
                name,
                oid,
                new CapturedTable.Schemas(
                        topic, key.isEmpty() ? null : keySchema.build(), value, envelopes.envelope(topic, value)),
                names,
                cells.toArray(new CapturedTable.@Nullable Cell[0]),
                key.stream().mapToInt(names::indexOf).toArray(),
                valueCells.stream().mapToInt(Integer::intValue).toArray());
    }

    /** What somebody wants hidden must not be told because it is of a type that cannot be. */
    private static void requireHideable(
            TableName table, Column column, Optional<ColumnRules.Change> change, ColumnSize size) {
        String key = change.map(ColumnRules.Change::hiddenBy).orElse(null);
        if (key != null && change.flatMap(each -> each.of(size)).isEmpty()) {
            throw new OptionException(
                    key,
                    null,
                    "matches column " + column.name() + " of table " + table
                            + ", which is not told as a string and cannot be masked; leave it out by column.exclude.list, or let the"
                            + " key's regular expressions match other columns only");
        }
    }

    private Optional<ColumnMapping> mapping(TableName table, Column column) throws SQLException {
        try {
            return mappings.of(column.typeOid(), column.typmod());
        } catch (DataException e) {
            throw new DataException("column " + column.name() + " of table " + table + ": " + e.getMessage(), e);
        }
    }

    /** The key's columns in the order of its index, as far as the table's key is still what it was when the rows were written. */
    private List<String> keyOf(TableName name, List<String> columns, List<String> present, List<String> written) {
        List<String> chosen = selection.keyColumns(name, columns);
        if (!chosen.isEmpty()) {
            return chosen;
        }
        Set<String> known = new HashSet<>(columns);
        List<String> key = present;
        if (!written.isEmpty() && !Set.copyOf(key).equals(Set.copyOf(written))) {
            key = written;
        } else if (key.isEmpty() || !known.containsAll(key)) {
            List<String> last = lastKeys.getOrDefault(name, List.of());
            key = known.containsAll(last) && !last.isEmpty() ? last : key;
        }
        key = key.stream().filter(known::contains).toList();
        lastKeys.put(name, key);
        return key;
    }

    /** @param hidden stars, say, are no JSON, nor a label of an enum: the schema does not say that they are, nor a value in clear */
    private SchemaBuilder field(Column column, ColumnMapping mapping, boolean hidden) throws SQLException {
        SchemaBuilder field = hidden ? SchemaBuilder.string() : mapping.schema();
        if (!column.required()) {
            field.optional();
        }
        if (column.defaultExpression() != null && !hidden) {
            mappings.defaultValue(column.defaultExpression(), column.typeOid(), column.typmod())
                    .ifPresent(field::defaultValue);
        }
        return field;
    }
}
