/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.Date;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** TIME and TIMETZ in each precision mode. */
final class TimeMappings {

    private TimeMappings() {}

    /** @param precision fraction digits of the column, 0 to 6 */
    static ColumnMapping of(TimePrecision mode, int precision) {
        return switch (mode) {
            case ADAPTIVE -> precision <= 3 ? millis() : micros();
            case ADAPTIVE_TIME_MICROSECONDS, MICROSECONDS -> micros();
            case NANOSECONDS ->
                PlainMapping.of(
                        () -> SchemaBuilder.int64()
                                .name("io.debezium.time.NanoTime")
                                .version(1),
                        (text, offset, length) -> micro(text, offset, length) * 1000);
            case CONNECT ->
                PlainMapping.of(
                        org.apache.kafka.connect.data.Time::builder,
                        (text, offset, length) -> new Date(micro(text, offset, length) / 1000));
            case ISOSTRING ->
                PlainMapping.of(
                        Text.named("io.debezium.time.IsoTime"),
                        // The end of a day is the next one's midnight here, as Debezium has it.
                        (text, offset, length) -> Iso.time(micro(text, offset, length) % Calendar.MICROS_PER_DAY));
            case STRUCTURED -> StructMapping.of(TimeMappings::struct, schema -> structs(schema, precision));
        };
    }

    private static ColumnMapping millis() {
        return PlainMapping.of(
                () -> SchemaBuilder.int32().name("io.debezium.time.Time").version(1),
                (text, offset, length) -> (int) (micro(text, offset, length) / 1000));
    }

    private static ColumnMapping micros() {
        return PlainMapping.of(
                () -> SchemaBuilder.int64().name("io.debezium.time.MicroTime").version(1), TimeMappings::micro);
    }

    private static long micro(byte[] text, int offset, int length) {
        long micro = Calendar.microOfDay(text, offset, offset + length);
        if (micro == Calendar.NONE) {
            throw Unreadable.value("time", text, offset, length);
        }
        return micro;
    }

    private static SchemaBuilder struct() {
        return clock("io.debezium.time.StructuredTime").field("precision", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static SchemaBuilder clock(String name) {
        return SchemaBuilder.struct()
                .name(name)
                .version(1)
                .field("hour", Schema.OPTIONAL_INT8_SCHEMA)
                .field("minute", Schema.OPTIONAL_INT8_SCHEMA)
                .field("second", Schema.OPTIONAL_INT8_SCHEMA)
                .field("nanos", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static Reader structs(Schema schema, int precision) {
        Clock clock = Clock.of(schema);
        return (text, offset, length) -> clock.put(new Struct(schema), micro(text, offset, length), precision);
    }

    /** @param precision fraction digits of the column, 0 to 6 */
    static ColumnMapping zoned(TimePrecision mode, int precision) {
        return mode == TimePrecision.STRUCTURED
                ? StructMapping.of(TimeMappings::zonedStruct, schema -> zonedStructs(schema, precision))
                : PlainMapping.of(Text.named("io.debezium.time.ZonedTime"), TimeMappings::utc);
    }

    private static SchemaBuilder zonedStruct() {
        return clock("io.debezium.time.StructuredZonedTime")
                .field("offsetSeconds", Schema.OPTIONAL_INT32_SCHEMA)
                .field("precision", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static Reader zonedStructs(Schema schema, int precision) {
        Clock clock = Clock.of(schema);
        Field offsetSeconds = schema.field("offsetSeconds");
        return (text, offset, length) -> {
            int zone = Calendar.zoneStart(text, offset, offset + length);
            return clock.put(new Struct(schema), local(text, offset, length, zone), precision)
                    .put(offsetSeconds, zoneSeconds(text, offset, length, zone));
        };
    }

    private static String utc(byte[] text, int offset, int length) {
        int zone = Calendar.zoneStart(text, offset, offset + length);
        long local = local(text, offset, length, zone);
        int seconds = zoneSeconds(text, offset, length, zone);
        if (local == Calendar.MICROS_PER_DAY && seconds == 0) {
            return "24:00:00Z";
        }
        return Iso.time(Math.floorMod(local - seconds * Calendar.MICROS_PER_SECOND, Calendar.MICROS_PER_DAY));
    }

    private static long local(byte[] text, int offset, int length, int zone) {
        long micro = Calendar.microOfDay(text, offset, zone);
        if (micro == Calendar.NONE) {
            throw Unreadable.value("timetz", text, offset, length);
        }
        return micro;
    }

    private static int zoneSeconds(byte[] text, int offset, int length, int zone) {
        int seconds = Calendar.zoneSeconds(text, zone, offset + length);
        if (seconds == Calendar.NO_ZONE) {
            throw Unreadable.value("timetz", text, offset, length);
        }
        return seconds;
    }
}
