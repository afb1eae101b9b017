/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the whole key or value into a struct, or a map without a schema, with one field.
 *
 * <pre>
 * field=line
 *
 * value "hello"  ->  value {line: "hello"}
 * </pre>
 *
 * @param <R> source or sink records
 */
public abstract sealed class HoistField<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "field",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.Importance.MEDIUM,
                    "Name of the one field that receives the whole key or value.");

    private String field = "";
    private Derived<Schema, Schema> schemas = new Derived<>(this::around);

    private HoistField(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        field = new TransformConfig(CONFIG_DEF, properties).getString("field");
        schemas = new Derived<>(this::around);
    }

    @Override
    public R apply(R record) {
        Schema schema = part.schema(record);
        Object data = part.data(record);
        if (schema == null) {
            return part.replace(record, null, wrapped(data));
        }
        Struct result = new Struct(schemas.of(schema)).put(field, data);
        return part.replace(record, result.schema(), result);
    }

    private Map<String, @Nullable Object> wrapped(@Nullable Object data) {
        // Not Map.of: data may be null, and later transforms may write to the map.
        Map<String, @Nullable Object> result = new HashMap<>();
        result.put(field, data);
        return result;
    }

    private Schema around(Schema schema) {
        return SchemaBuilder.struct().field(field, schema).build();
    }

    /** Wraps the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends HoistField<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Wraps the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends HoistField<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
