/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Copies or moves fields into headers.
 *
 * <pre>
 * fields=trace, headers=trace_id, operation=move
 *
 * value {id: 7, trace: "ab12"}  ->  value {id: 7}, header trace_id: "ab12"
 * </pre>
 *
 * <p>Null data is an error: give the transform a predicate if there are tombstones.
 *
 * @param <R> source or sink records
 */
public abstract sealed class HeaderFrom<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "fields",
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    TransformConfig.FILLED_LIST,
                    ConfigDef.Importance.HIGH,
                    "Names of the fields to put into headers.")
            .define(
                    "headers",
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    TransformConfig.FILLED_LIST,
                    ConfigDef.Importance.HIGH,
                    "Names of the headers, one for each of fields, in the same order.")
            .define(
                    "operation",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.ValidString.in("move", "copy"),
                    ConfigDef.Importance.HIGH,
                    "move takes the fields out of the key or value, copy leaves them there."));

    private static final String PURPOSE = "put fields into headers";

    private List<String> fields = List.of();
    private List<String> headers = List.of();
    private boolean moves;
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private Derived<Schema, Plan> plans = new Derived<>(this::plan);

    private HeaderFrom(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        fields = List.copyOf(config.getList("fields"));
        headers = List.copyOf(config.getList("headers"));
        if (fields.size() != headers.size()) {
            throw new ConfigException(
                    "headers", headers, "must name one header for each of the " + fields.size() + " fields");
        }
        moves = config.getString("operation").equals("move");
        nulls = Nulls.from(config);
        plans = new Derived<>(this::plan);
    }

    @Override
    public R apply(R record) {
        Object data = part.data(record);
        Headers added = record.headers().duplicate();
        return part.schema(record) == null
                ? fromMap(record, RecordPart.map(data, PURPOSE), added)
                : fromStruct(record, RecordPart.struct(data, PURPOSE), added);
    }

    private R fromMap(R record, Map<String, @Nullable Object> data, Headers added) {
        for (int i = 0; i < fields.size(); i++) {
            added.add(headers.get(i), data.get(fields.get(i)), null);
        }
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(data);
        if (moves) {
            rest.keySet().removeAll(fields);
        }
        return part.replace(record, null, rest, added);
    }

    private R fromStruct(R record, Struct data, Headers added) {
        Plan plan = plans.of(data.schema());
        for (int i = 0; i < headers.size(); i++) {
            Field field = plan.sources.get(i);
            added.add(headers.get(i), nulls.read(data, field), field.schema());
        }
        return moves
                ? part.replace(record, plan.rest.target(), plan.rest.copy(data, nulls), added)
                : part.replace(record, data.schema(), data, added);
    }

    private Plan plan(Schema schema) {
        List<Field> sources = new ArrayList<>();
        for (String name : fields) {
            Field field = schema.field(name);
            if (field == null) {
                throw new DataException("Cannot " + PURPOSE + ": there is no field " + name + " in " + schema);
            }
            sources.add(field);
        }
        SchemaBuilder rest = StructMapping.likewise(schema);
        for (Field field : schema.fields()) {
            if (!fields.contains(field.name())) {
                rest.field(field.name(), field.schema());
            }
        }
        return new Plan(sources, StructMapping.between(schema, rest.build(), name -> name));
    }

    /**
     * @param sources the fields that become headers, in the order of the headers
     * @param rest what stays after a move
     */
    private record Plan(List<Field> sources, StructMapping rest) {}

    /** Takes fields of the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends HeaderFrom<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Takes fields of the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends HeaderFrom<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
