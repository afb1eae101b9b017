/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** PostgreSQL's own geometric types (manual, 8.8), and PostGIS's: structs with the shape as well-known binary. */
final class Geometries {

    private static final int WKB_POINT = 1;
    private static final int WKB_LINE_STRING = 2;
    private static final int WKB_POLYGON = 3;

    /** Set in the type of extended well-known binary where the SRID follows it. */
    private static final int EWKB_SRID = 0x20000000;

    private static final int EWKB_HEADER = 9;

    private Geometries() {}

    static ColumnMapping point() {
        return mapping("point", Geometries::pointSchema, schema -> at -> point(schema, at[0], at[1]), 2);
    }

    static ColumnMapping circle() {
        return mapping(
                "circle",
                () -> SchemaBuilder.struct()
                        .name("io.debezium.data.geometry.Circle")
                        .version(1)
                        .doc("Geometry (CIRCLE)")
                        .optional()
                        .field("center", pointSchema().build())
                        .field("radius", Schema.FLOAT64_SCHEMA),
                schema -> at -> new Struct(schema)
                        .put("center", point(schema.field("center").schema(), at[0], at[1]))
                        .put("radius", at[2]),
                3);
    }

    /** Of all x and y with ax + by + c = 0. */
    static ColumnMapping line() {
        return mapping(
                "line",
                () -> SchemaBuilder.struct()
                        .name("io.debezium.data.geometry.Line")
                        .version(1)
                        .doc("Geometry (LINE)")
                        .optional()
                        .field("a", Schema.FLOAT64_SCHEMA)
                        .field("b", Schema.FLOAT64_SCHEMA)
                        .field("c", Schema.FLOAT64_SCHEMA),
                schema ->
                        at -> new Struct(schema).put("a", at[0]).put("b", at[1]).put("c", at[2]),
                3);
    }

    static ColumnMapping lseg() {
        return mapping(
                "lseg",
                Geometries::geometrySchema,
                schema -> at -> geometry(schema, lineString(at), Map.of("type", "lseg")),
                4);
    }

    /** A polygon of its four corners. */
    static ColumnMapping box() {
        return mapping(
                "box",
                Geometries::geometrySchema,
                schema -> at -> geometry(
                        schema,
                        polygon(new double[] {at[0], at[1], at[0], at[3], at[2], at[3], at[2], at[1], at[0], at[1]}),
                        Map.of("type", "box")),
                4);
    }

    static ColumnMapping polygon() {
        return mapping(
                "polygon",
                Geometries::geometrySchema,
                schema -> at -> geometry(schema, polygon(closed(at)), Map.of("type", "polygon")),
                0);
    }

    /** Closed in parentheses, open in brackets, which well-known binary cannot tell. */
    static ColumnMapping path() {
        return StructMapping.of(Geometries::geometrySchema, schema -> (text, offset, length) -> {
            double[] at = coordinates("path", 0, text, offset, length);
            String closed = Boolean.toString(text[offset] == '(');
            return geometry(schema, lineString(at), Map.of("type", "path", "closed", closed));
        });
    }

    /** @param count of numbers, or 0 for any even one */
    private static ColumnMapping mapping(
            String type,
            Supplier<SchemaBuilder> schemas,
            Function<Schema, Function<double[], Struct>> shapes,
            int count) {
        return StructMapping.of(schemas, schema -> {
            Function<double[], Struct> shape = shapes.apply(schema);
            return (text, offset, length) -> shape.apply(coordinates(type, count, text, offset, length));
        });
    }

    private static double[] coordinates(String type, int count, byte[] text, int offset, int length) {
        double[] found = new double[length / 2 + 1];
        int size = 0;
        int from = offset;
        for (int i = offset; i <= offset + length; i++) {
            if (i == offset + length || isPunctuation(text[i])) {
                if (i > from) {
                    found[size++] = Numbers.float8Of(type, text, from, i - from);
                }
                from = i + 1;
            }
        }
        if (count == 0 ? size < 2 || size % 2 != 0 : size != count) {
            throw Unreadable.value(type, text, offset, length);
        }
        return Arrays.copyOf(found, size);
    }

    private static boolean isPunctuation(byte character) {
        return switch (character) {
            case '(', ')', '[', ']', '{', '}', '<', '>', ',' -> true;
            default -> false;
        };
    }

    private static SchemaBuilder pointSchema() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.geometry.Point")
                .version(1)
                .doc("Geometry (POINT)")
                .field("x", Schema.FLOAT64_SCHEMA)
                .field("y", Schema.FLOAT64_SCHEMA)
                .field("wkb", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("srid", Schema.OPTIONAL_INT32_SCHEMA);
    }

    /** Optional from the start, as Debezium has it. */
    private static SchemaBuilder geometrySchema() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.geometry.Geometry")
                .version(2)
                .doc("Geometry")
                .optional()
                .field("wkb", Schema.BYTES_SCHEMA)
                .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
                .field(
                        "extensions",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA)
                                .optional()
                                .build());
    }

    private static SchemaBuilder geographySchema() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.geometry.Geography")
                .version(1)
                .doc("Geography")
                .field("wkb", Schema.BYTES_SCHEMA)
                .field("srid", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static Struct point(Schema schema, double x, double y) {
        byte[] wkb = wkb(WKB_POINT, new double[] {x, y});
        return new Struct(schema).put("x", x).put("y", y).put("wkb", wkb);
    }

    private static Struct geometry(Schema schema, byte[] wkb, Map<String, String> extensions) {
        return new Struct(schema).put("wkb", wkb).put("extensions", extensions);
    }

    private static byte[] lineString(double[] at) {
        return wkb(WKB_LINE_STRING, at, at.length / 2);
    }

    private static byte[] polygon(double[] ring) {
        return wkb(WKB_POLYGON, ring, 1, ring.length / 2);
    }

    private static double[] closed(double[] at) {
        int last = at.length - 2;
        if (at[0] == at[last] && at[1] == at[last + 1]) {
            return at;
        }
        double[] ring = Arrays.copyOf(at, at.length + 2);
        ring[at.length] = at[0];
        ring[at.length + 1] = at[1];
        return ring;
    }

    /** @param counts between the type and the coordinates, of rings and of points */
    private static byte[] wkb(int type, double[] at, int... counts) {
        byte[] bytes = new byte[5 + 4 * counts.length + 8 * at.length];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 1).putInt(type);
        for (int count : counts) {
            out.putInt(count);
        }
        for (double each : at) {
            out.putDouble(each);
        }
        return bytes;
    }

    static ColumnMapping postGisGeometry() {
        return postGis("geometry", Geometries::geometrySchema);
    }

    static ColumnMapping postGisGeography() {
        return postGis("geography", Geometries::geographySchema);
    }

    private static ColumnMapping postGis(String type, Supplier<SchemaBuilder> schemas) {
        return StructMapping.of(schemas, schema -> (text, offset, length) -> {
            byte[] ewkb = Binary.hex(type, text, offset, length);
            if (ewkb.length < EWKB_HEADER) {
                throw Unreadable.value(type, text, offset, length);
            }
            ByteBuffer reader = ByteBuffer.wrap(ewkb);
            reader.order(reader.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            boolean hasSrid = (reader.getInt() & EWKB_SRID) != 0;
            Struct struct = new Struct(schema).put("wkb", ewkb);
            return hasSrid ? struct.put("srid", reader.getInt()) : struct;
        });
    }
}
