/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.time.LocalDate;
import java.util.Date;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** TIMESTAMP and TIMESTAMPTZ in each precision mode. */
final class TimestampMappings {

    /** What the driver, and so Debezium, makes of infinity in milliseconds. */
    private static final long LAST_MILLI = 9_223_372_036_825_200_000L;

    private static final long FIRST_MILLI = -9_223_372_036_832_400_000L;

    private TimestampMappings() {}

    /** @param precision fraction digits of the column, 0 to 6 */
    static ColumnMapping of(TimePrecision mode, int precision) {
        return switch (mode) {
            case ADAPTIVE, ADAPTIVE_TIME_MICROSECONDS -> precision <= 3 ? millis() : micros();
            case MICROSECONDS -> micros();
            case NANOSECONDS ->
                local(
                        () -> SchemaBuilder.int64()
                                .name("io.debezium.time.NanoTimestamp")
                                .version(1),
                        whole("nanoseconds", Calendar.MICROS_PER_DAY * 1000, 1000));
            case CONNECT ->
                local(
                        org.apache.kafka.connect.data.Timestamp::builder,
                        form((day, micro) -> new Date(milli(day, micro)), new Date(LAST_MILLI), new Date(FIRST_MILLI)));
            case ISOSTRING ->
                local(
                        Text.named("io.debezium.time.IsoTimestamp"),
                        form(
                                (day, micro) -> Iso.timestamp(day, micro, Iso.AS_NEEDED),
                                "+292278994-08-16T23:00:00Z",
                                "-292275055-05-16T23:00:00Z"));
            case STRUCTURED ->
                StructMapping.of(
                        TimestampMappings::struct,
                        schema -> new Moments("timestamp", false, new Structs(schema, precision)));
        };
    }

    /** @param precision fraction digits of the column, 0 to 6 */
    static ColumnMapping zoned(TimePrecision mode, int precision) {
        if (mode == TimePrecision.STRUCTURED) {
            return StructMapping.of(
                    TimestampMappings::zonedStruct,
                    schema -> new Moments("timestamptz", true, new Structs(schema, precision)));
        }
        int digits = precision == 0 ? Iso.AS_NEEDED : precision;
        Moments.Form form = form((day, micro) -> Iso.timestamp(day, micro, digits), "infinity", "-infinity");
        return PlainMapping.of(Text.named("io.debezium.time.ZonedTimestamp"), new Moments("timestamptz", true, form));
    }

    private static ColumnMapping millis() {
        return local(
                () -> SchemaBuilder.int64().name("io.debezium.time.Timestamp").version(1),
                form(TimestampMappings::milli, LAST_MILLI, FIRST_MILLI));
    }

    private static long milli(long day, long micro) {
        return day * (Calendar.MICROS_PER_DAY / 1000) + micro / 1000;
    }

    private static ColumnMapping micros() {
        return local(
                () -> SchemaBuilder.int64()
                        .name("io.debezium.time.MicroTimestamp")
                        .version(1),
                whole("microseconds", Calendar.MICROS_PER_DAY, 1));
    }

    /** Units since 1970 where a long has room for them; infinity is its ends. */
    private static Moments.Form whole(String units, long perDay, int perMicro) {
        return form(
                (day, micro) -> {
                    try {
                        return Math.addExact(Math.multiplyExact(day, perDay), micro * perMicro);
                    } catch (ArithmeticException e) {
                        throw new DataException(
                                "a timestamp of " + LocalDate.ofEpochDay(day) + " cannot be told in " + units
                                        + " since 1970; choose another time.precision.mode",
                                e);
                    }
                },
                Long.MAX_VALUE,
                Long.MIN_VALUE);
    }

    private static ColumnMapping local(Supplier<SchemaBuilder> schemas, Moments.Form form) {
        return PlainMapping.of(schemas, new Moments("timestamp", false, form));
    }

    private static Moments.Form form(Finite finite, Object positiveInfinity, Object negativeInfinity) {
        return new PlainForm(finite, positiveInfinity, negativeInfinity);
    }

    private interface Finite {
        Object of(long epochDay, long microOfDay);
    }

    private record PlainForm(Finite finite, Object positiveInfinity, Object negativeInfinity) implements Moments.Form {
        @Override
        public Object of(long epochDay, long microOfDay) {
            return finite.of(epochDay, microOfDay);
        }

        @Override
        public Object infinity(boolean positive) {
            return positive ? positiveInfinity : negativeInfinity;
        }
    }

    private static SchemaBuilder struct() {
        return moment("io.debezium.time.StructuredTimestamp")
                .field("specialValue", Schema.OPTIONAL_STRING_SCHEMA)
                .field("precision", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static SchemaBuilder zonedStruct() {
        return moment("io.debezium.time.StructuredZonedTimestamp")
                .field("offsetSeconds", Schema.OPTIONAL_INT32_SCHEMA)
                .field("zoneId", Schema.OPTIONAL_STRING_SCHEMA)
                .field("specialValue", Schema.OPTIONAL_STRING_SCHEMA)
                .field("precision", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static SchemaBuilder moment(String name) {
        return SchemaBuilder.struct()
                .name(name)
                .version(1)
                .field("year", Schema.OPTIONAL_INT32_SCHEMA)
                .field("month", Schema.OPTIONAL_INT8_SCHEMA)
                .field("day", Schema.OPTIONAL_INT8_SCHEMA)
                .field("hour", Schema.OPTIONAL_INT8_SCHEMA)
                .field("minute", Schema.OPTIONAL_INT8_SCHEMA)
                .field("second", Schema.OPTIONAL_INT8_SCHEMA)
                .field("nanos", Schema.OPTIONAL_INT32_SCHEMA);
    }

    /** With a zone, where the schema has fields for it: UTC. */
    private static final class Structs implements Moments.Form {

        private final Schema schema;
        private final int precision;
        private final Field year;
        private final Field month;
        private final Field day;
        private final Clock clock;
        private final boolean zoned;

        Structs(Schema schema, int precision) {
            this.schema = schema;
            this.precision = precision;
            year = schema.field("year");
            month = schema.field("month");
            day = schema.field("day");
            clock = Clock.of(schema);
            zoned = schema.field("zoneId") != null;
        }

        @Override
        public Object of(long epochDay, long microOfDay) {
            LocalDate date = LocalDate.ofEpochDay(epochDay);
            Struct struct = new Struct(schema)
                    .put(year, date.getYear())
                    .put(month, (byte) date.getMonthValue())
                    .put(day, (byte) date.getDayOfMonth());
            if (zoned) {
                struct.put("offsetSeconds", 0).put("zoneId", "Z");
            }
            return clock.put(struct, microOfDay, precision);
        }

        @Override
        public Object infinity(boolean positive) {
            return new Struct(schema)
                    .put("specialValue", DateMappings.infinityName(positive ? 1 : -1))
                    .put("precision", precision);
        }
    }
}
