/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Puts one field in the place of the whole key or value.
 *
 * <pre>
 * field=id
 *
 * key {id: 7, shop: "funchal"}  ->  key 7
 *
 * field=after.id, field.syntax.version=V2
 *
 * value {after: {id: 7}}  ->  value 7
 * </pre>
 *
 * <p>Null data stays null, with the field's schema.
 *
 * @param <R> source or sink records
 */
public abstract sealed class ExtractField<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = FieldPath.defineSyntax(Nulls.define(new ConfigDef()
            .define(
                    "field",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.Importance.MEDIUM,
                    "Name of the field to extract, or the path to it.")));

    private static final String PURPOSE = "extract a field";

    private FieldPath path = new FieldPath("", List.of(""));
    private Nulls nulls = Nulls.BECOME_DEFAULT;

    private ExtractField(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        path = FieldPath.from(config, config.getString("field"));
        nulls = Nulls.from(config);
    }

    @Override
    public R apply(R record) {
        Schema schema = part.schema(record);
        Object data = part.data(record);
        return schema == null ? fromMap(record, data) : fromStruct(record, schema, data);
    }

    private R fromMap(R record, @Nullable Object data) {
        return part.replace(record, null, data == null ? null : path.in(RecordPart.map(data, PURPOSE)));
    }

    private R fromStruct(R record, Schema schema, @Nullable Object data) {
        Struct struct = data == null ? null : RecordPart.struct(data, PURPOSE);
        Field field = path.in(schema);
        if (field == null) {
            // The type that Apache's transform throws: error handling and tests of existing pipelines may look for it.
            throw new IllegalArgumentException("Unknown field: " + path.text());
        }
        return part.replace(record, field.schema(), struct == null ? null : path.in(struct, nulls));
    }

    /** Extracts from the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends ExtractField<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Extracts from the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends ExtractField<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
