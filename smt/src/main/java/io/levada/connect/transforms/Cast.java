/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import io.levada.connect.api.StructValues;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Changes the type of top-level fields, or of the whole key or value.
 *
 * <pre>
 * spec=id:int64,price:string
 *
 * value {id: "7", price: 1.5}  ->  value {id: 7, price: "1.5"}
 *
 * spec=int64
 *
 * key "7"  ->  key 7
 * </pre>
 *
 * <p>Null fields stay null, and null data passes unchanged. What becomes what: {@link CastTarget}.
 *
 * @param <R> source or sink records
 */
public abstract sealed class Cast<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "spec",
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.LambdaValidator.with(
                            (name, value) -> Spec.of((List<?>) value), () -> "list of field:type pairs, or one type"),
                    ConfigDef.Importance.HIGH,
                    "Fields and their new types as a list of field:type pairs, or one type for the whole key or value. Types: "
                            + CastTarget.NAMES + ". Bytes become base64 text and nothing else."));

    private static final String PURPOSE = "cast fields";

    private Spec spec = new Spec(null, Map.of());
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private Derived<Schema, StructPlan> structPlans = new Derived<>(this::structPlan);
    private Derived<Schema, Schema> wholeSchemas = new Derived<>(schema -> schema);

    private Cast(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        spec = Spec.of(config.getList("spec"));
        nulls = Nulls.from(config);
        structPlans = new Derived<>(this::structPlan);
        CastTarget whole = spec.whole;
        if (whole != null) {
            wholeSchemas = new Derived<>(schema -> describedAs(schema, whole));
        }
    }

    @Override
    public R apply(R record) {
        Object data = part.data(record);
        if (data == null) {
            return record;
        }
        Schema schema = part.schema(record);
        if (spec.whole != null) {
            Schema target = schema == null ? null : wholeSchemas.of(schema);
            return part.replace(record, target, spec.whole.cast(schema, data));
        } else if (schema == null) {
            return part.replace(record, null, cast(RecordPart.map(data, PURPOSE)));
        }
        Struct struct = RecordPart.struct(data, PURPOSE);
        StructPlan plan = structPlans.of(struct.schema());
        return part.replace(record, plan.target, plan.cast(struct, nulls));
    }

    private Map<String, @Nullable Object> cast(Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>(data);
        spec.fields.forEach((field, target) -> result.put(field, target.cast(null, data.get(field))));
        return result;
    }

    private static Schema describedAs(Schema schema, CastTarget target) {
        SchemaBuilder builder = StructMapping.describedAs(schema, target.builder());
        return withDefault(schema, target, builder).build();
    }

    /** Carries over optionality and, cast, the default value. */
    private static SchemaBuilder withDefault(Schema schema, CastTarget target, SchemaBuilder builder) {
        if (schema.isOptional()) {
            builder.optional();
        }
        if (schema.defaultValue() != null) {
            builder.defaultValue(target.cast(schema, schema.defaultValue()));
        }
        return builder;
    }

    private StructPlan structPlan(Schema schema) {
        SchemaBuilder builder = StructMapping.likewise(schema);
        for (Field field : schema.fields()) {
            CastTarget target = spec.fields.get(field.name());
            builder.field(
                    field.name(),
                    target == null
                            ? field.schema()
                            : withDefault(field.schema(), target, target.builder())
                                    .build());
        }
        if (schema.isOptional()) {
            builder.optional();
        }
        Schema target = builder.build();
        FieldCast[] casts = schema.fields().stream()
                .map(field -> new FieldCast(field, target.field(field.name()), spec.fields.get(field.name())))
                .toArray(FieldCast[]::new);
        return new StructPlan(target, List.of(casts));
    }

    /** @param target null for a field that keeps its type */
    private record FieldCast(Field from, Field to, @Nullable CastTarget target) {}

    private record StructPlan(Schema target, List<FieldCast> casts) {
        Struct cast(Struct source, Nulls nulls) {
            Struct result = new Struct(target);
            for (FieldCast cast : casts) {
                Object value = nulls.read(source, cast.from);
                StructValues.put(
                        result, cast.to, cast.target == null ? value : cast.target.cast(cast.from.schema(), value));
            }
            return result;
        }
    }

    /**
     * What {@code spec} asks for.
     *
     * @param whole the type of the whole key or value, or null if fields are cast
     */
    private record Spec(@Nullable CastTarget whole, Map<String, CastTarget> fields) {

        static Spec of(@Nullable List<?> entries) {
            if (entries == null || entries.isEmpty()) {
                throw new ConfigException("spec", entries, "must name a type, or at least one field with its type");
            }
            CastTarget whole = null;
            Map<String, CastTarget> fields = new HashMap<>();
            for (Object entry : entries) {
                String[] parts = String.valueOf(entry).split(":");
                if (parts.length > 2) {
                    throw new ConfigException("spec", entries, "must hold field:type pairs, but one is " + entry);
                } else if (parts.length == 2) {
                    fields.put(parts[0].trim(), target(parts[1], entries));
                } else {
                    whole = target(parts.length == 0 ? "" : parts[0], entries);
                }
            }
            if (whole != null && entries.size() > 1) {
                throw new ConfigException(
                        "spec", entries, "must be one type alone to cast the whole, or field:type pairs only");
            }
            return new Spec(whole, fields);
        }

        private static CastTarget target(String name, List<?> entries) {
            try {
                return CastTarget.valueOf(name.trim().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        "spec",
                        entries,
                        "has no type to cast to in '" + name.trim() + "'; types are " + CastTarget.NAMES);
            }
        }
    }

    /** Casts in the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends Cast<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Casts in the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends Cast<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
