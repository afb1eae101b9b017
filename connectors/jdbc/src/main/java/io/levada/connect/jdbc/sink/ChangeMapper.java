/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Tells what a record does to which row. */
final class ChangeMapper {

    private static final List<String> KAFKA_FIELDS =
            List.of("__connect_topic", "__connect_partition", "__connect_offset");

    private final SinkOptions options;
    private final Identifiers identifiers;
    private final Map<String, TableId> tables = new HashMap<>();

    ChangeMapper(SinkOptions options, Dialect dialect) {
        this.options = options;
        this.identifiers = options.identifiers(dialect);
    }

    /**
     * @throws DataException if the record does not fit the options
     */
    Change map(SinkRecord record) {
        TableId table = tables.computeIfAbsent(record.topic(), this::table);
        if (record.value() == null && options.deleteEnabled()) {
            return new Change(record, table, true, keyFields(record), List.of());
        }
        List<FieldValue> value = valueFields(record);
        List<FieldValue> keys = keys(record, value);
        List<String> keyNames = keys.stream().map(FieldValue::name).toList();
        List<FieldValue> others = value.stream()
                .filter(field -> !keyNames.contains(field.name()))
                .filter(field -> options.fieldsWhitelist().isEmpty()
                        || options.fieldsWhitelist().contains(field.name()))
                .toList();
        if (keys.isEmpty() && others.isEmpty()) {
            throw new DataException(
                    "no field is left to write: neither pk.fields nor fields.whitelist name one of the value");
        }
        return new Change(record, table, false, keys, others);
    }

    private TableId table(String topic) {
        return identifiers.table(options.tableNameFormat().replace("${topic}", topic));
    }

    private List<FieldValue> keys(SinkRecord record, List<FieldValue> value) {
        return switch (options.pkMode()) {
            case NONE -> List.of();
            case KAFKA -> coordinates(record);
            case RECORD_KEY -> keyFields(record);
            case RECORD_VALUE -> options.pkFields().isEmpty() ? value : chosen(value, "value");
        };
    }

    private List<FieldValue> coordinates(SinkRecord record) {
        List<String> names = options.pkFields().isEmpty() ? KAFKA_FIELDS : options.pkFields();
        return List.of(
                new FieldValue(names.get(0), Schema.STRING_SCHEMA, record.topic()),
                new FieldValue(names.get(1), Schema.INT32_SCHEMA, record.kafkaPartition()),
                new FieldValue(names.get(2), Schema.INT64_SCHEMA, record.kafkaOffset()));
    }

    private List<FieldValue> keyFields(SinkRecord record) {
        Object key = record.key();
        if (key == null) {
            throw new DataException("the record has no key, but pk.mode is record_key");
        }
        List<FieldValue> fields = fields(key);
        if (fields != null) {
            return options.pkFields().isEmpty() ? fields : chosen(fields, "key");
        }
        if (options.pkFields().size() != 1) {
            throw new DataException("the record's key is a single value; name its column, and only that, in pk.fields");
        }
        return List.of(new FieldValue(options.pkFields().get(0), record.keySchema(), key));
    }

    private List<FieldValue> chosen(List<FieldValue> fields, String where) {
        List<FieldValue> chosen = new ArrayList<>();
        for (String name : options.pkFields()) {
            chosen.add(fields.stream()
                    .filter(field -> field.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new DataException(
                            "pk.fields names " + name + ", which is not in the record's " + where + "; that has "
                                    + fields.stream().map(FieldValue::name).toList())));
        }
        return chosen;
    }

    private List<FieldValue> valueFields(SinkRecord record) {
        Object value = record.value();
        if (value == null) {
            throw new DataException(
                    "the record has no value; set delete.enabled=true with pk.mode=record_key to delete rows,"
                            + " or drop such records with a Filter transform and the RecordIsTombstone predicate");
        }
        List<FieldValue> fields = fields(value);
        if (fields == null) {
            throw new DataException(
                    "the record's value is a " + value.getClass().getSimpleName()
                            + " without fields; choose a value.converter that gives structures, such as JsonConverter or AvroConverter,"
                            + " or wrap it with the HoistField transform");
        }
        return fields;
    }

    private @Nullable List<FieldValue> fields(Object structure) {
        List<FieldValue> fields = new ArrayList<>();
        if (structure instanceof Struct struct) {
            for (Field field : struct.schema().fields()) {
                Object value =
                        options.replaceNullWithDefault() ? struct.get(field) : struct.getWithoutDefault(field.name());
                fields.add(new FieldValue(field.name(), field.schema(), value));
            }
            return fields;
        }
        if (structure instanceof Map<?, ?> map) {
            map.forEach((name, value) -> fields.add(new FieldValue(String.valueOf(name), null, value)));
            return fields;
        }
        return null;
    }
}
