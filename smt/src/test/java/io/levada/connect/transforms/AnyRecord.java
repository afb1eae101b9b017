/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Records as connectors make them: with and without schema, nested, with nulls, defaults and tombstones. */
final class AnyRecord {

    /** Few, so that configured names are often met. */
    static final Set<String> FIELDS = Set.of("a", "b", "c", "d", "x.y");

    private static final long DAY_MS = 86_400_000;

    private AnyRecord() {}

    static Arbitrary<String> field() {
        return Arbitraries.of(FIELDS);
    }

    static Arbitrary<ConnectRecord<?>> record() {
        Arbitrary<Long> timestamp =
                Arbitraries.longs().between(-DAY_MS, 4_102_444_800_000L).injectNull(0.2);
        return Combinators.combine(part(), part(), timestamp, headers(), Arbitraries.of(true, false))
                .as(AnyRecord::record);
    }

    private static ConnectRecord<?> record(
            Data key, Data value, @Nullable Long timestamp, ConnectHeaders headers, boolean sink) {
        if (sink) {
            return new SinkRecord(
                    "orders",
                    1,
                    key.schema,
                    key.value,
                    value.schema,
                    value.value,
                    42,
                    timestamp,
                    TimestampType.CREATE_TIME,
                    headers);
        }
        return new SourceRecord(
                Map.of("file", "f"),
                Map.of("at", 1),
                "orders",
                null,
                key.schema,
                key.value,
                value.schema,
                value.value,
                timestamp,
                headers);
    }

    private static Arbitrary<ConnectHeaders> headers() {
        return Arbitraries.of("a", "b", "h").list().ofMaxSize(3).map(names -> {
            ConnectHeaders headers = new ConnectHeaders();
            names.forEach(name -> headers.addString(name, name));
            return headers;
        });
    }

    /** A key or a value. */
    private static Arbitrary<Data> part() {
        Arbitrary<Data> schemaless = map(2).map(map -> new Data(null, map));
        Arbitrary<Data> nulls = Arbitraries.of(new Data(null, null), new Data(Schema.OPTIONAL_STRING_SCHEMA, null));
        Arbitrary<Data> bare = leaf().map(data -> new Data(null, data.value));
        return Arbitraries.frequencyOf(
                Tuple.of(8, struct(2)),
                Tuple.of(5, schemaless),
                Tuple.of(2, leaf()),
                Tuple.of(1, bare),
                Tuple.of(1, nulls));
    }

    private static Arbitrary<Map<String, @Nullable Object>> map(int depth) {
        Arbitrary<@Nullable Object> leaf = leaf().map(data -> data.value);
        Arbitrary<@Nullable Object> value = depth == 0
                ? leaf
                : Arbitraries.frequencyOf(
                        Tuple.of(4, leaf), Tuple.of(1, map(depth - 1).map(map -> (Object) map)));
        return Arbitraries.maps(field(), value.injectNull(0.15)).ofMaxSize(4);
    }

    private static Arbitrary<Data> any(int depth) {
        return depth == 0 ? leaf() : Arbitraries.frequencyOf(Tuple.of(6, leaf()), Tuple.of(1, struct(depth - 1)));
    }

    private static Arbitrary<Data> struct(int depth) {
        Arbitrary<Map<String, Data>> fields =
                Arbitraries.maps(field(), any(depth)).ofMinSize(1).ofMaxSize(5);
        return Combinators.combine(fields, Arbitraries.of("named", ""), Arbitraries.of(true, false))
                .as(AnyRecord::struct);
    }

    private static Data struct(Map<String, Data> fields, String name, boolean optional) {
        SchemaBuilder builder = SchemaBuilder.struct();
        if (!name.isEmpty()) {
            builder.name(name).version(3).doc("of a test").parameter("unit", "none");
        }
        if (optional) {
            builder.optional();
        }
        fields.forEach((field, data) -> builder.field(field, Objects.requireNonNull(data.schema)));
        Struct struct = new Struct(builder.build());
        fields.forEach((field, data) -> {
            if (data.value != null) {
                struct.put(field, data.value);
            }
        });
        return new Data(struct.schema(), struct);
    }

    private static Arbitrary<Data> leaf() {
        return Combinators.combine(
                        Arbitraries.of(SAMPLES),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 50))
                .as(AnyRecord::leaf);
    }

    private static Data leaf(Sample sample, int shape, int choice) {
        SchemaBuilder builder = sample.builder();
        boolean optional = shape % 2 == 1;
        boolean hasDefault = shape / 2 % 2 == 1;
        boolean missing = shape >= 4 && (optional || hasDefault);
        if (optional) {
            builder.optional();
        }
        if (hasDefault) {
            builder.defaultValue(sample.values.get(0));
        }
        return new Data(builder.build(), missing ? null : sample.values.get(choice % sample.values.size()));
    }

    /** Each type with values at and around its edges. */
    private static final List<Sample> SAMPLES = samples();

    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(SchemaBuilder.int8(), List.of((byte) 1, (byte) 0, Byte.MIN_VALUE)));
        samples.add(new Sample(SchemaBuilder.int16(), List.of((short) 300, (short) 0, Short.MAX_VALUE)));
        samples.add(new Sample(SchemaBuilder.int32(), List.of(70_000, 0, -1, Integer.MIN_VALUE)));
        samples.add(new Sample(SchemaBuilder.int64(), List.of(1_767_225_600_123L, 0L, -1L, Long.MAX_VALUE)));
        samples.add(new Sample(SchemaBuilder.float32(), List.of(1.5f, 0f, -0.25f, Float.NaN)));
        samples.add(new Sample(SchemaBuilder.float64(), List.of(2.75, 0.0, 1e300, Double.NEGATIVE_INFINITY)));
        samples.add(new Sample(SchemaBuilder.bool(), List.of(true, false)));
        samples.add(new Sample(
                SchemaBuilder.string(), List.of("7", "", "true", "2026-01-31", "1e3", "text", "99999999999")));
        samples.add(new Sample(SchemaBuilder.bytes(), List.of(new byte[] {1, 2}, ByteBuffer.wrap(new byte[] {3, 4}))));
        samples.add(new Sample(Decimal.builder(2), List.of(new BigDecimal("12.34"), new BigDecimal("0.00"))));
        samples.add(
                new Sample(Date.builder(), List.of(new java.util.Date(20_000 * DAY_MS), new java.util.Date(-DAY_MS))));
        samples.add(new Sample(Time.builder(), List.of(new java.util.Date(1234), new java.util.Date(0))));
        samples.add(new Sample(
                Timestamp.builder(), List.of(new java.util.Date(1_767_225_600_123L), new java.util.Date(-1234))));
        samples.add(new Sample(SchemaBuilder.array(Schema.STRING_SCHEMA), List.of(List.of("p", "q"), List.of())));
        samples.add(new Sample(
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA),
                List.of(Map.of("k", 1), new HashMap<>())));
        return samples;
    }

    /** @param type a builder that is only read, never built from */
    private record Sample(SchemaBuilder type, List<?> values) {
        SchemaBuilder builder() {
            SchemaBuilder builder = switch (type.type()) {
                case ARRAY -> SchemaBuilder.array(type.valueSchema());
                case MAP -> SchemaBuilder.map(type.keySchema(), type.valueSchema());
                default -> new SchemaBuilder(type.type());
            };
            builder.name(type.name()).version(type.version());
            return type.parameters() == null ? builder : builder.parameters(type.parameters());
        }
    }

    private record Data(@Nullable Schema schema, @Nullable Object value) {}
}
