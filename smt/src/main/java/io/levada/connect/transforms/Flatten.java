/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import io.levada.connect.api.StructValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Turns nested structs, or nested maps of schemaless data, into fields of one level.
 *
 * <pre>
 * delimiter=_
 *
 * value {id: 7, ship: {city: "Funchal", geo: {lat: 32.6}}}  ->  value {id: 7, ship_city: "Funchal", ship_geo_lat: 32.6}
 * </pre>
 *
 * <p>A field inside an optional struct becomes optional, and takes its default from the struct's if it has none. Arrays stay as they are.
 * A map with a schema is an error. Null data passes unchanged.
 *
 * @param <R> source or sink records
 */
public abstract sealed class Flatten<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "delimiter",
                    ConfigDef.Type.STRING,
                    ".",
                    ConfigDef.Importance.MEDIUM,
                    "What stands between the names of the levels in the name of a flattened field.");

    private static final String PURPOSE = "flatten";

    private String delimiter = ".";
    private Derived<Schema, Plan> plans = new Derived<>(this::plan);

    private Flatten(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        delimiter = new TransformConfig(CONFIG_DEF, properties).getString("delimiter");
        plans = new Derived<>(this::plan);
    }

    @Override
    public R apply(R record) {
        Object data = part.data(record);
        if (data == null) {
            return record;
        }
        if (part.schema(record) == null) {
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            flatten(RecordPart.map(data, PURPOSE), "", result);
            return part.replace(record, null, result);
        }
        Struct struct = RecordPart.struct(data, PURPOSE);
        Plan plan = plans.of(struct.schema());
        Struct result = new Struct(plan.target);
        plan.steps.forEach(step -> step.run(struct, result));
        return part.replace(record, plan.target, result);
    }

    private void flatten(Map<String, @Nullable Object> level, String prefix, Map<String, @Nullable Object> result) {
        level.forEach((key, value) -> {
            String name = name(prefix, key);
            Schema.Type type = value == null ? null : ConnectSchema.schemaType(value.getClass());
            if (type == Schema.Type.MAP) {
                flatten(RecordPart.map(value, PURPOSE), name, result);
            } else if (value != null && (type == null || type == Schema.Type.STRUCT)) {
                throw new DataException("Cannot flatten field " + name + ": schemaless data cannot hold a value of "
                        + value.getClass());
            } else {
                result.put(name, value);
            }
        });
    }

    private String name(String prefix, String field) {
        return prefix.isEmpty() ? field : prefix + delimiter + field;
    }

    private Plan plan(Schema schema) {
        SchemaBuilder builder = StructMapping.likewise(schema);
        describe(schema, "", builder, schema.isOptional(), (Struct) schema.defaultValue());
        Schema target = builder.build();
        return new Plan(target, steps(schema, "", target));
    }

    /**
     * Adds the flattened fields of a level.
     *
     * @param optional whether a level above is optional, so that all below it may be missing
     * @param levelDefault the default that the levels above give this one
     */
    private void describe(
            Schema level, String prefix, SchemaBuilder target, boolean optional, @Nullable Struct levelDefault) {
        for (Field field : level.fields()) {
            Schema schema = field.schema();
            String name = name(prefix, field.name());
            boolean mayMiss = optional || schema.isOptional();
            Object defaultValue = schema.defaultValue();
            if (defaultValue == null && levelDefault != null) {
                defaultValue = levelDefault.get(field);
            }
            switch (schema.type()) {
                case STRUCT -> describe(schema, name, target, mayMiss, (Struct) defaultValue);
                case MAP ->
                    throw new DataException(
                            "Cannot flatten field " + name + ": its schema is a map, so its keys are not known "
                                    + "in advance. Remove it by ReplaceField first");
                default -> target.field(name, leaf(schema, mayMiss, defaultValue));
            }
        }
    }

    private static Schema leaf(Schema schema, boolean optional, @Nullable Object defaultValue) {
        SchemaBuilder builder = schema.type() == Schema.Type.ARRAY
                ? SchemaBuilder.array(schema.valueSchema())
                : new SchemaBuilder(schema.type());
        StructMapping.describedAs(schema, builder);
        if (optional) {
            builder.optional();
        }
        return defaultValue == null
                ? builder.build()
                : builder.defaultValue(defaultValue).build();
    }

    private List<Step> steps(Schema level, String prefix, Schema target) {
        List<Step> steps = new ArrayList<>();
        for (Field field : level.fields()) {
            String name = name(prefix, field.name());
            steps.add(
                    field.schema().type() == Schema.Type.STRUCT
                            ? new Descend(field, steps(field.schema(), name, target))
                            : new Copy(field, target.field(name)));
        }
        return steps;
    }

    private record Plan(Schema target, List<Step> steps) {}

    private sealed interface Step {
        void run(Struct level, Struct result);
    }

    private record Copy(Field from, Field to) implements Step {
        @Override
        public void run(Struct level, Struct result) {
            StructValues.put(result, to, level.get(from));
        }
    }

    private record Descend(Field into, List<Step> steps) implements Step {
        @Override
        public void run(Struct level, Struct result) {
            if (level.get(into) instanceof Struct nested) {
                steps.forEach(step -> step.run(nested, result));
            }
        }
    }

    /** Flattens the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends Flatten<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Flattens the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends Flatten<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
