/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Fields of the value whose numbers, or texts of digits, are moments: so many units since 1970-01-01 UTC. Other text stays as it is,
 * for the column to read.
 */
record TimestampFields(Set<String> names, ChronoUnit unit) {

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,19}");

    TimestampFields {
        names = Set.copyOf(names);
    }

    /** The fields, of which those that are named give moments. */
    Fields in(Fields fields) {
        if (names.isEmpty()) {
            return fields;
        }
        List<FieldShape> shapes = new ArrayList<>();
        List<RecordPlan.Source> sources = new ArrayList<>();
        for (int i = 0; i < fields.shapes().size(); i++) {
            FieldShape shape = fields.shapes().get(i);
            RecordPlan.Source source = fields.sources().get(i);
            boolean named = names.contains(shape.name());
            shapes.add(named ? new FieldShape(shape.name(), moments(shape)) : shape);
            sources.add(named ? (record, key, value) -> moment(source.of(record, key, value)) : source);
        }
        return new Fields(shapes, sources);
    }

    private static Schema moments(FieldShape shape) {
        Schema schema = shape.schema();
        if (schema != null && schema.type() != Schema.Type.INT64 && schema.type() != Schema.Type.STRING) {
            throw new DataException("timestamp.fields.list names " + shape.name() + ", which is of type "
                    + schema.type() + " and neither INT64 nor STRING");
        }
        return schema == null || schema.isOptional()
                ? Timestamp.builder().optional().build()
                : Timestamp.SCHEMA;
    }

    private @Nullable Object moment(@Nullable Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return Instant.EPOCH.plus(((Number) value).longValue(), unit);
        }
        if (value instanceof String text && NUMBER.matcher(text).matches()) {
            try {
                return Instant.EPOCH.plus(Long.parseLong(text), unit);
            } catch (NumberFormatException e) {
                throw new DataException("a field of timestamp.fields.list holds a number that is too large", e);
            }
        }
        return value;
    }
}
