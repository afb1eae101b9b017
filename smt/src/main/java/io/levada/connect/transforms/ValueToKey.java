/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import io.levada.connect.api.PluginVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new key of fields of the value.
 *
 * <pre>
 * fields=id
 *
 * key null, value {id: 7, item: "cork"}  ->  key {id: 7}, value {id: 7, item: "cork"}
 * </pre>
 *
 * <p>A null value is an error: give the transform a predicate if there are tombstones.
 *
 * @param <R> source or sink records
 */
public final class ValueToKey<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "fields",
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    TransformConfig.FILLED_SET,
                    ConfigDef.Importance.HIGH,
                    "Names of the value's fields that make up the key, in the key's order."));

    private static final String PURPOSE = "copy fields from value to key";

    private List<String> fields = List.of();
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private Derived<Schema, StructMapping> keys = new Derived<>(this::keyOf);

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        fields = List.copyOf(config.getList("fields"));
        nulls = Nulls.from(config);
        keys = new Derived<>(this::keyOf);
    }

    @Override
    public R apply(R record) {
        if (record.valueSchema() == null) {
            return RecordPart.KEY.replace(record, null, keyOf(RecordPart.map(record.value(), PURPOSE)));
        }
        Struct value = RecordPart.struct(record.value(), PURPOSE);
        StructMapping mapping = keys.of(value.schema());
        return RecordPart.KEY.replace(record, mapping.target(), mapping.copy(value, nulls));
    }

    private Map<String, @Nullable Object> keyOf(Map<String, @Nullable Object> value) {
        Map<String, @Nullable Object> key = new LinkedHashMap<>();
        fields.forEach(field -> key.put(field, value.get(field)));
        return key;
    }

    private StructMapping keyOf(Schema valueSchema) {
        SchemaBuilder builder = SchemaBuilder.struct();
        for (String name : fields) {
            Field field = valueSchema.field(name);
            if (field == null) {
                throw new DataException("Cannot " + PURPOSE + ": the value has no field " + name + ", it has "
                        + valueSchema.fields().stream().map(Field::name).toList());
            }
            builder.field(name, field.schema());
        }
        return StructMapping.between(valueSchema, builder.build(), name -> name);
    }

    @Override
    public void close() {}
}
