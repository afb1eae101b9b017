/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.time.LocalDate;
import java.util.Date;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** DATE in each precision mode. */
final class DateMappings {

    static final Supplier<SchemaBuilder> DAYS =
            () -> SchemaBuilder.int32().name("io.debezium.time.Date").version(1);

    private static final long MILLIS_PER_DAY = 86_400_000;

    /** What Debezium makes of infinity: the ends of java.sql.Date's calendar. */
    private static final long LAST_DAY = LocalDate.of(5_877_611, 6, 21).toEpochDay();

    private static final long FIRST_DAY = LocalDate.of(-5_877_611, 6, 22).toEpochDay();

    private DateMappings() {}

    static ColumnMapping of(TimePrecision mode) {
        return switch (mode) {
            case ADAPTIVE, ADAPTIVE_TIME_MICROSECONDS, MICROSECONDS, NANOSECONDS ->
                PlainMapping.of(DAYS, (text, offset, length) -> (int) day(text, offset, length));
            case CONNECT ->
                PlainMapping.of(
                        org.apache.kafka.connect.data.Date::builder,
                        (text, offset, length) -> new Date(day(text, offset, length) * MILLIS_PER_DAY));
            case ISOSTRING ->
                PlainMapping.of(
                        Text.named("io.debezium.time.IsoDate"),
                        (text, offset, length) -> Iso.date(day(text, offset, length)));
            case STRUCTURED -> StructMapping.of(DateMappings::struct, DateMappings::structs);
        };
    }

    /** Whether a date is the number of its day. */
    static boolean areDays(TimePrecision mode) {
        return switch (mode) {
            case ADAPTIVE, ADAPTIVE_TIME_MICROSECONDS, MICROSECONDS, NANOSECONDS -> true;
            case CONNECT, ISOSTRING, STRUCTURED -> false;
        };
    }

    private static SchemaBuilder struct() {
        return SchemaBuilder.struct()
                .name("io.debezium.time.StructuredDate")
                .version(1)
                .field("year", Schema.OPTIONAL_INT32_SCHEMA)
                .field("month", Schema.OPTIONAL_INT8_SCHEMA)
                .field("day", Schema.OPTIONAL_INT8_SCHEMA)
                .field("specialValue", Schema.OPTIONAL_STRING_SCHEMA);
    }

    private static Reader structs(Schema schema) {
        Field year = schema.field("year");
        Field month = schema.field("month");
        Field day = schema.field("day");
        return (text, offset, length) -> {
            int infinity = Calendar.infinity(text, offset, length);
            if (infinity != 0) {
                return new Struct(schema).put("specialValue", infinityName(infinity));
            }
            LocalDate date = LocalDate.ofEpochDay(finite(text, offset, length));
            return new Struct(schema)
                    .put(year, date.getYear())
                    .put(month, (byte) date.getMonthValue())
                    .put(day, (byte) date.getDayOfMonth());
        };
    }

    static String infinityName(int sign) {
        return sign > 0 ? "POSITIVE_INFINITY" : "NEGATIVE_INFINITY";
    }

    private static long day(byte[] text, int offset, int length) {
        int infinity = Calendar.infinity(text, offset, length);
        if (infinity != 0) {
            return infinity > 0 ? LAST_DAY : FIRST_DAY;
        }
        return finite(text, offset, length);
    }

    private static long finite(byte[] text, int offset, int length) {
        boolean beforeChrist = Calendar.isBeforeChrist(text, offset, length);
        int end = offset + length - (beforeChrist ? 3 : 0);
        long day = Calendar.epochDay(text, offset, end, beforeChrist);
        if (day == Calendar.NONE) {
            throw Unreadable.value("date", text, offset, length);
        }
        return day;
    }
}
