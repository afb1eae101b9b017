/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** Connect data of every type, with and without schema. */
final class AnyData {

    private static final long DAY_MS = 86_400_000;

    private AnyData() {}

    static Arbitrary<SchemaAndValue> withSchema() {
        return any(3);
    }

    static Arbitrary<SchemaAndValue> schemaless() {
        return plain(3).injectNull(0.05).map(value -> new SchemaAndValue(null, value));
    }

    private static Arbitrary<SchemaAndValue> any(int depth) {
        if (depth == 0) {
            return leaf();
        }
        return Arbitraries.frequencyOf(
                Tuple.of(6, leaf()),
                Tuple.of(4, struct(depth - 1)),
                Tuple.of(1, array(depth - 1)),
                Tuple.of(1, map(depth - 1)));
    }

    private static Arbitrary<@Nullable Object> plain(int depth) {
        Arbitrary<@Nullable Object> leaf = leaf().map(SchemaAndValue::value);
        if (depth == 0) {
            return leaf;
        }
        Arbitrary<Object> key = Arbitraries.frequencyOf(
                Tuple.of(20, names().map(name -> (Object) name)), Tuple.of(1, Arbitraries.of(1, 2L)));
        Arbitrary<@Nullable Object> child = plain(depth - 1).injectNull(0.1);
        return Arbitraries.frequencyOf(
                Tuple.of(3, leaf),
                Tuple.of(2, Arbitraries.maps(key, child).ofMaxSize(4).map(map -> (Object) map)),
                Tuple.of(1, child.list().ofMaxSize(3).map(list -> (Object) list)));
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of("id", "name", "a b", "\u00e7\u00e3o", "q\"uote", "x.y", "\u20ac", "\ud83d\ude00", "");
    }

    private static Arbitrary<SchemaAndValue> struct(int depth) {
        return Combinators.combine(
                        Arbitraries.maps(names().filter(name -> !name.isEmpty()), any(depth))
                                .ofMaxSize(5),
                        shape())
                .as((fields, shape) -> {
                    SchemaBuilder builder = shape.describe(SchemaBuilder.struct());
                    fields.forEach((name, field) -> builder.field(name, field.schema()));
                    Struct struct = new Struct(builder.build());
                    fields.forEach((name, field) -> {
                        if (field.value() != null) {
                            struct.put(name, field.value());
                        }
                    });
                    return new SchemaAndValue(struct.schema(), struct);
                });
    }

    private static Arbitrary<SchemaAndValue> array(int depth) {
        return Combinators.combine(any(depth), shape(), Arbitraries.integers().between(0, 3))
                .as((element, shape, size) -> {
                    List<@Nullable Object> list = new ArrayList<>();
                    for (int i = 0; i < size && fits(element); i++) {
                        list.add(element.value());
                    }
                    return shape.data(SchemaBuilder.array(element.schema()), list);
                });
    }

    /** Unlike a field, an element that is null has to be optional. */
    private static boolean fits(SchemaAndValue element) {
        return element.value() != null || element.schema().isOptional();
    }

    private static Arbitrary<SchemaAndValue> map(int depth) {
        Arbitrary<SchemaAndValue> keys = Arbitraries.of(
                new SchemaAndValue(Schema.STRING_SCHEMA, "k"),
                new SchemaAndValue(Schema.INT32_SCHEMA, 7),
                new SchemaAndValue(Schema.OPTIONAL_INT64_SCHEMA, null));
        return Combinators.combine(keys, any(depth), shape()).as((key, element, shape) -> {
            Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
            if (fits(element)) {
                map.put(key.value(), element.value());
            }
            return shape.data(SchemaBuilder.map(key.schema(), element.schema()), map);
        });
    }

    private static Arbitrary<SchemaAndValue> leaf() {
        return Combinators.combine(
                        Arbitraries.of(samples()),
                        shape(),
                        Arbitraries.integers().between(0, 50))
                .as((sample, shape, choice) -> shape.data(
                        sample.schema(), Objects.requireNonNull(sample.values.get(choice % sample.values.size()))));
    }

    private static Arbitrary<Shape> shape() {
        return Combinators.combine(
                        Arbitraries.of(true, false), Arbitraries.of(true, false), Arbitraries.of(true, false, false))
                .as(Shape::new);
    }

    private static List<Sample> samples() {
        return List.of(
                new Sample(Schema.INT8_SCHEMA, List.of((byte) 1, Byte.MIN_VALUE)),
                new Sample(Schema.INT16_SCHEMA, List.of((short) 300, Short.MIN_VALUE)),
                new Sample(Schema.INT32_SCHEMA, List.of(0, 70_000, Integer.MIN_VALUE)),
                new Sample(Schema.INT64_SCHEMA, List.of(0L, 1_767_225_600_123L, Long.MIN_VALUE)),
                new Sample(
                        Schema.FLOAT32_SCHEMA,
                        List.of(1.5f, 0.1f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE, 16_777_216f)),
                new Sample(
                        Schema.FLOAT64_SCHEMA, List.of(2.75, 0.1, -0.0, 1e300, Double.MIN_VALUE, 1e22, 123456789.125)),
                new Sample(Schema.BOOLEAN_SCHEMA, List.of(true, false)),
                new Sample(
                        Schema.STRING_SCHEMA, List.of("", "text", "\u00e7\"\\\n\t\u0001", "\ud83d\ude00", "NaN", "7")),
                new Sample(
                        Schema.BYTES_SCHEMA,
                        List.of(new byte[] {1, -2, 3}, new byte[0], ByteBuffer.wrap(new byte[] {9}))),
                new Sample(Decimal.schema(2), List.of(new BigDecimal("12.34"), new BigDecimal("-0.05"))),
                new Sample(Decimal.schema(-3), List.of(new BigDecimal("1E+3"), new BigDecimal("-45E+3"))),
                new Sample(org.apache.kafka.connect.data.Date.SCHEMA, List.of(new Date(0), new Date(-DAY_MS))),
                new Sample(Time.SCHEMA, List.of(new Date(0), new Date(DAY_MS - 1))),
                new Sample(Timestamp.SCHEMA, List.of(new Date(0), new Date(1_767_225_600_123L), new Date(-1))));
    }

    private record Sample(Schema schema, List<?> values) {}

    /** What is said about a type beside the type itself. */
    private record Shape(boolean optional, boolean hasDefault, boolean missing) {

        SchemaAndValue data(Schema type, Object value) {
            SchemaBuilder builder = describe(copy(type));
            if (hasDefault) {
                builder.defaultValue(value);
            }
            return new SchemaAndValue(builder.build(), missing && (optional || hasDefault) ? null : value);
        }

        SchemaBuilder describe(SchemaBuilder builder) {
            if (optional) {
                builder.optional();
            }
            if (hasDefault && builder.name() == null) {
                builder.name("shop.Thing").version(2).doc("a thing").parameter("unit", "m");
            }
            return builder;
        }

        private static SchemaBuilder copy(Schema type) {
            SchemaBuilder builder = switch (type.type()) {
                case ARRAY -> SchemaBuilder.array(type.valueSchema());
                case MAP -> SchemaBuilder.map(type.keySchema(), type.valueSchema());
                default -> new SchemaBuilder(type.type());
            };
            builder.name(type.name()).version(type.version());
            return type.parameters() == null ? builder : builder.parameters(type.parameters());
        }
    }
}
