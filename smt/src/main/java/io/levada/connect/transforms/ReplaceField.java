/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Drops, keeps or renames fields.
 *
 * <pre>
 * exclude=secret, renames=qty:quantity
 *
 * value {id: 7, qty: 3, secret: "x"}  ->  value {id: 7, quantity: 3}
 * </pre>
 *
 * <p>{@code exclude} wins over {@code include}; both, and the left side of {@code renames}, speak of the names before. Null data passes
 * unchanged.
 *
 * @param <R> source or sink records
 */
public abstract sealed class ReplaceField<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "exclude",
                    ConfigDef.Type.LIST,
                    List.of(),
                    TransformConfig.SET,
                    ConfigDef.Importance.MEDIUM,
                    "Fields to leave out, even if include names them.")
            .define(
                    "include",
                    ConfigDef.Type.LIST,
                    List.of(),
                    TransformConfig.SET,
                    ConfigDef.Importance.MEDIUM,
                    "The only fields to keep; empty keeps all.")
            .define(
                    "renames",
                    ConfigDef.Type.LIST,
                    List.of(),
                    ConfigDef.LambdaValidator.with(
                            (name, value) -> renames((List<?>) value),
                            () -> "list of old:new pairs, as in qty:quantity"),
                    ConfigDef.Importance.MEDIUM,
                    "Fields to rename, as a list of old:new pairs."));

    private static final String PURPOSE = "replace fields";

    private Set<String> exclude = Set.of();
    private Set<String> include = Set.of();
    private Map<String, String> newNames = Map.of();
    private Map<String, String> oldNames = Map.of();
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private Derived<Schema, StructMapping> mappings = new Derived<>(this::mapping);

    private ReplaceField(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        exclude = Set.copyOf(config.getList("exclude"));
        include = Set.copyOf(config.getList("include"));
        newNames = renames(config.getList("renames"));
        oldNames = new HashMap<>();
        newNames.forEach((before, after) -> oldNames.put(after, before));
        nulls = Nulls.from(config);
        mappings = new Derived<>(this::mapping);
    }

    private static Map<String, String> renames(List<?> pairs) {
        Map<String, String> renames = new HashMap<>();
        for (Object pair : pairs) {
            String[] names = String.valueOf(pair).split(":");
            if (names.length != 2) {
                throw new ConfigException("renames", pairs, "must hold old:new pairs, but one is " + pair);
            }
            renames.put(names[0], names[1]);
        }
        return renames;
    }

    @Override
    public R apply(R record) {
        Object data = part.data(record);
        if (data == null) {
            return record;
        }
        if (part.schema(record) == null) {
            return part.replace(record, null, replaced(RecordPart.map(data, PURPOSE)));
        }
        Struct struct = RecordPart.struct(data, PURPOSE);
        StructMapping mapping = mappings.of(struct.schema());
        return part.replace(record, mapping.target(), mapping.copy(struct, nulls));
    }

    private Map<String, @Nullable Object> replaced(Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        data.forEach((name, value) -> {
            if (kept(name)) {
                result.put(newNames.getOrDefault(name, name), value);
            }
        });
        return result;
    }

    private StructMapping mapping(Schema schema) {
        SchemaBuilder builder = StructMapping.likewise(schema);
        for (Field field : schema.fields()) {
            if (kept(field.name())) {
                builder.field(newNames.getOrDefault(field.name(), field.name()), field.schema());
            }
        }
        return StructMapping.between(schema, builder.build(), name -> oldName(schema, name));
    }

    /** A kept field that bears the new name of another reads that other: odd, and what existing pipelines get. */
    private String oldName(Schema schema, String name) {
        String oldName = oldNames.getOrDefault(name, name);
        if (schema.field(oldName) == null) {
            throw new DataException(
                    "Cannot replace fields: " + name + " is the new name of " + oldName
                            + ", which the record lacks, and also a field that the record has. Exclude it or choose another name");
        }
        return oldName;
    }

    private boolean kept(String name) {
        return !exclude.contains(name) && (include.isEmpty() || include.contains(name));
    }

    /** Works on the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends ReplaceField<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Works on the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends ReplaceField<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
