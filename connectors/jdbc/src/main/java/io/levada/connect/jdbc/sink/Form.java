/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * What a key or a value looks like, whatever is in it: its schema, or the names in a map. Two of the same form can be read in the
 * same way.
 *
 * @param type the class of the data; null for no data
 * @param schema or null
 * @param names the keys of a map, in the order of the first; empty for anything else
 */
record Form(@Nullable Class<?> type, @Nullable Schema schema, Set<Object> names) {

    private static final Form NOTHING = new Form(null, null, Set.of());

    /** @param schema of the data, unless it is a structure that carries its own */
    static Form of(@Nullable Object data, @Nullable Schema schema) {
        if (data == null) {
            return NOTHING;
        }
        if (data instanceof Struct struct) {
            return new Form(Struct.class, struct.schema(), Set.of());
        }
        if (data instanceof Map<?, ?> map) {
            return new Form(Map.class, schema, new LinkedHashSet<>(map.keySet()));
        }
        return new Form(data.getClass(), schema, Set.of());
    }

    /** True if the data is of this form; the same schema object is told from others without comparing them. */
    boolean fits(@Nullable Object data, @Nullable Schema dataSchema) {
        if (data == null) {
            return type == null;
        }
        if (data instanceof Struct struct) {
            return type == Struct.class && same(schema, struct.schema());
        }
        if (data instanceof Map<?, ?> map) {
            return type == Map.class && same(schema, dataSchema) && names.equals(map.keySet());
        }
        return type == data.getClass() && same(schema, dataSchema);
    }

    @SuppressWarnings("ReferenceEquality") // Converters give the same object for the same schema.
    private static boolean same(@Nullable Schema left, @Nullable Schema right) {
        return left == right || Objects.equals(left, right);
    }

    boolean isNothing() {
        return type == null;
    }

    boolean isStructure() {
        return type == Struct.class || type == Map.class;
    }

    String describe() {
        return type == null ? "null" : type.getSimpleName();
    }

    /**
     * The fields of a structure.
     *
     * @param ofKey whether the structure is the record's key, or its row
     * @param defaults whether null is read as the field's default
     */
    Fields fields(boolean ofKey, boolean defaults) {
        List<FieldShape> shapes = new ArrayList<>();
        List<RecordPlan.Source> sources = new ArrayList<>();
        if (type == Struct.class && schema != null) {
            for (Field field : schema.fields()) {
                shapes.add(new FieldShape(field.name(), field.schema()));
                sources.add(source(field, ofKey, defaults || field.schema().defaultValue() == null));
            }
            return new Fields(shapes, sources);
        }
        Schema elements = schema == null || schema.type() != Schema.Type.MAP ? null : schema.valueSchema();
        for (Object name : names) {
            shapes.add(new FieldShape(String.valueOf(name), elements));
            sources.add((record, key, value) -> mapOf(ofKey ? key : value).get(name));
        }
        return new Fields(shapes, sources);
    }

    private static RecordPlan.Source source(Field field, boolean ofKey, boolean defaults) {
        if (defaults) {
            return (record, key, value) -> structOf(ofKey ? key : value).get(field);
        }
        return (record, key, value) -> structOf(ofKey ? key : value).getWithoutDefault(field.name());
    }

    private static Struct structOf(@Nullable Object data) {
        return (Struct) Objects.requireNonNull(data);
    }

    private static Map<?, ?> mapOf(@Nullable Object data) {
        return (Map<?, ?>) Objects.requireNonNull(data);
    }
}
