/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Tells what a record does to which row, by plans that are made once for each form of records. */
final class ChangeMapper {

    static final List<String> KAFKA_FIELDS = List.of("__connect_topic", "__connect_partition", "__connect_offset");

    private final SinkOptions options;
    private final TableNames tables;
    private final Unavailable unavailable;
    private final TimestampFields timestamps;
    private final Map<String, PlansOfTopic> topics = new HashMap<>();

    ChangeMapper(SinkOptions options, Identifiers identifiers) {
        this.options = options;
        this.tables = new TableNames(options, identifiers);
        this.unavailable = new Unavailable(options.unavailablePlaceholder());
        this.timestamps = new TimestampFields(
                Set.copyOf(options.timestampFields()),
                options.timestampPrecision().unit());
    }

    /**
     * What the record does; null for nothing.
     *
     * @throws DataException if the record does not fit the options
     * @throws ConnectException if its topic has no table
     */
    @Nullable
    Change map(SinkRecord record) {
        PlansOfTopic plans = topics.computeIfAbsent(record.topic(), topic -> new PlansOfTopic(tables.of(topic)));
        ChangeEvent event = options.unwrapsChangeEvents() ? ChangeEvent.of(record.value()) : null;
        Object key = record.key();
        if (event == null) {
            if (record.value() == null && followsDeletions()) {
                return null;
            }
            return record.value() == null
                    ? deletion(plans, record, key, null)
                    : written(plans, record, key, record.value());
        }
        return switch (event.operation()) {
            case "c", "r", "u" -> written(plans, record, key, event.after());
            case "d" -> deletion(plans, record, key, event.before());
            case "t" -> truncation(plans, record);
            default -> throw new DataException("a change event of operation " + event.operation() + " changes no row");
        };
    }

    /** By events alone is known which row goes, where the key is read from the row: each is followed by a tombstone, which adds nothing. */
    private boolean followsDeletions() {
        return options.unwrapsChangeEvents() && options.deleteEnabled() && options.pkMode() == PkMode.RECORD_VALUE;
    }

    private Change truncation(PlansOfTopic plans, SinkRecord record) {
        if (!options.truncateEnabled()) {
            throw new DataException(
                    "the change event empties the table; set truncate.enabled=true to do so here, or drop"
                            + " such events with skipped.operations at their source");
        }
        return new Change(record, new Shape(plans.table(), Shape.Kind.TRUNCATE, List.of(), List.of()), new Object[0]);
    }

    private Change deletion(PlansOfTopic plans, SinkRecord record, @Nullable Object key, @Nullable Object before) {
        if (!options.deleteEnabled()) {
            throw new DataException((before == null ? "the record has no value" : "the change event deletes a row")
                    + "; set delete.enabled=true with pk.mode=record_key to delete rows,"
                    + " or drop such records with a Filter transform and the RecordIsTombstone predicate");
        }
        return plans.of(
                        Shape.Kind.DELETE,
                        new PlansOfTopic.Data(key, record.keySchema()),
                        new PlansOfTopic.Data(before, null),
                        (keyForm, rowForm) ->
                                plan(plans.table(), Shape.Kind.DELETE, keyFields(keyForm, rowForm), Fields.NONE))
                .change(record, key, before);
    }

    private Change written(PlansOfTopic plans, SinkRecord record, @Nullable Object key, @Nullable Object row) {
        Change change = plans.of(
                        Shape.Kind.WRITE,
                        options.pkMode() == PkMode.RECORD_KEY
                                ? new PlansOfTopic.Data(key, record.keySchema())
                                : PlansOfTopic.Data.NONE,
                        new PlansOfTopic.Data(row, row == record.value() ? record.valueSchema() : null),
                        (keyForm, rowForm) -> writing(plans.table(), keyForm, rowForm))
                .change(record, key, row);
        return unavailable.isIn(change) ? withoutUnavailable(change) : change;
    }

    private RecordPlan writing(TableId table, Form keyForm, Form rowForm) {
        if (!rowForm.isStructure() && !isText(rowForm)) {
            throw new DataException("the record's value is a " + rowForm.describe()
                    + " without fields; choose a value.converter that gives structures, such as JsonConverter or AvroConverter,"
                    + " or wrap it with the HoistField transform"
                    + (rowForm.type() == String.class
                            ? ", or name its column by string.output.value.column.name"
                            : ""));
        }
        Fields keys = keyFields(keyForm, rowForm);
        Set<String> keyNames = new HashSet<>(keys.names());
        Fields others = ofRow(rowForm)
                .keeping(name -> !keyNames.contains(name)
                        && (!rowForm.isStructure()
                                || options.fieldsWhitelist().isEmpty()
                                || options.fieldsWhitelist().contains(name)));
        if (keys.isEmpty() && others.isEmpty()) {
            throw new DataException(
                    "no field is left to write: neither pk.fields nor fields.whitelist name one of the value");
        }
        return plan(table, Shape.Kind.WRITE, keys, others);
    }

    private static RecordPlan plan(TableId table, Shape.Kind kind, Fields keys, Fields others) {
        return new RecordPlan(
                new Shape(table, kind, keys.shapes(), others.shapes()),
                Stream.concat(keys.sources().stream(), others.sources().stream())
                        .toList());
    }

    private Fields keyFields(Form key, Form value) {
        return switch (options.pkMode()) {
            case NONE -> Fields.NONE;
            case KAFKA -> coordinates();
            case RECORD_KEY -> ofKey(key);
            case RECORD_VALUE -> {
                if (!value.isStructure()) {
                    throw new DataException("the record does not tell the row that it deletes: with"
                            + " pk.mode=record_value that is read from the event's before");
                }
                yield chosen(ofRow(value), "value");
            }
        };
    }

    private boolean isText(Form row) {
        return row.type() == String.class && options.textColumn() != null;
    }

    private Fields ofRow(Form row) {
        String textColumn = options.textColumn();
        if (textColumn != null && !row.isStructure()) {
            return new Fields(
                    List.of(new FieldShape(textColumn, row.schema())), List.of((record, key, value) -> value));
        }
        return timestamps.in(row.fields(false, options.replaceNullWithDefault()));
    }

    /** Those with which the record was consumed, whatever transforms made of its topic. */
    private Fields coordinates() {
        List<String> names = options.pkFields().isEmpty() ? KAFKA_FIELDS : options.pkFields();
        return new Fields(
                List.of(
                        new FieldShape(names.get(0), Schema.STRING_SCHEMA),
                        new FieldShape(names.get(1), Schema.INT32_SCHEMA),
                        new FieldShape(names.get(2), Schema.INT64_SCHEMA)),
                List.of(
                        (record, key, value) -> record.originalTopic(),
                        (record, key, value) -> record.originalKafkaPartition(),
                        (record, key, value) -> record.originalKafkaOffset()));
    }

    private Fields ofKey(Form key) {
        if (key.isNothing()) {
            throw new DataException("the record has no key, but pk.mode is record_key");
        }
        if (key.isStructure()) {
            return chosen(key.fields(true, options.replaceNullWithDefault()), "key");
        }
        if (options.pkFields().size() != 1) {
            throw new DataException("the record's key is a single value; name its column, and only that, in pk.fields");
        }
        return new Fields(
                List.of(new FieldShape(options.pkFields().get(0), key.schema())),
                List.of((record, keyData, value) -> keyData));
    }

    private Fields chosen(Fields fields, String where) {
        List<String> wanted = options.pkFields();
        if (wanted.isEmpty()) {
            return fields;
        }
        List<String> names = fields.names();
        List<Integer> places = wanted.stream()
                .map(name -> {
                    int place = names.indexOf(name);
                    if (place < 0) {
                        throw new DataException("pk.fields names " + name + ", which is not in the record's " + where
                                + "; that has " + names);
                    }
                    return place;
                })
                .toList();
        return new Fields(
                places.stream().map(fields.shapes()::get).toList(),
                places.stream().map(fields.sources()::get).toList());
    }

    /** What the event does not tell stays as it is: only the columns that it tells are changed. */
    private Change withoutUnavailable(Change change) {
        Shape shape = change.shape();
        List<FieldShape> fields = shape.fields();
        Set<String> untold = new HashSet<>();
        IntStream.range(shape.keys().size(), fields.size())
                .filter(i -> unavailable.is(change.value(i)))
                .forEach(i -> untold.add(fields.get(i).name()));
        if (options.insertMode() == InsertMode.INSERT) {
            throw new DataException("the event does not tell the values of " + untold
                    + ", which the change left as they were; set insert.mode to upsert or update");
        }
        return change.reshaped(shape.keeping(Shape.Kind.PATCH, field -> !untold.contains(field.name())));
    }
}
