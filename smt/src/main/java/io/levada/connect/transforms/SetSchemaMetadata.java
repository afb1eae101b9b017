/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Names the schema, sets its version, or both.
 *
 * <pre>
 * schema.name=shop.Order, schema.version=2
 *
 * value {id: 7} of a nameless schema  ->  value {id: 7} of schema shop.Order, version 2
 * </pre>
 *
 * <p>A record with neither schema nor data passes unchanged; data without a schema is an error.
 *
 * @param <R> source or sink records
 */
public abstract sealed class SetSchemaMetadata<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define("schema.name", ConfigDef.Type.STRING, null, ConfigDef.Importance.HIGH, "The schema's new name.")
            .define(
                    "schema.version",
                    ConfigDef.Type.INT,
                    null,
                    ConfigDef.Importance.HIGH,
                    "The schema's new version."));

    private @Nullable String name;
    private @Nullable Integer version;
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private Derived<Schema, Schema> renamed = new Derived<>(this::renamed);
    private Derived<Schema, StructMapping> mappings = new Derived<>(this::mapping);

    private SetSchemaMetadata(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        name = config.getString("schema.name");
        version = config.getInt("schema.version");
        if (name == null && version == null) {
            throw new ConfigException("SetSchemaMetadata sets nothing: set schema.name, schema.version or both");
        }
        nulls = Nulls.from(config);
        renamed = new Derived<>(this::renamed);
        mappings = new Derived<>(this::mapping);
    }

    @Override
    public R apply(R record) {
        Schema schema = part.schema(record);
        Object data = part.data(record);
        if (schema != null) {
            return data instanceof Struct struct
                    ? part.replace(
                            record, renamed.of(schema), mappings.of(schema).copy(struct, nulls))
                    : part.replace(record, renamed.of(schema), data);
        } else if (data == null) {
            return record;
        }
        throw new DataException(
                "Cannot set schema metadata on a record of topic " + record.topic() + ": it has no schema");
    }

    private StructMapping mapping(Schema schema) {
        return StructMapping.between(schema, renamed.of(schema), field -> field);
    }

    private Schema renamed(Schema schema) {
        Schema.Type type = schema.type();
        return new ConnectSchema(
                type,
                schema.isOptional(),
                schema.defaultValue(),
                name == null ? schema.name() : name,
                version == null ? schema.version() : version,
                schema.doc(),
                schema.parameters(),
                type == Schema.Type.STRUCT ? schema.fields() : null,
                type == Schema.Type.MAP ? schema.keySchema() : null,
                type == Schema.Type.MAP || type == Schema.Type.ARRAY ? schema.valueSchema() : null);
    }

    /** Works on the key's schema. */
    public static final class Key<R extends ConnectRecord<R>> extends SetSchemaMetadata<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Works on the value's schema. */
    public static final class Value<R extends ConnectRecord<R>> extends SetSchemaMetadata<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
