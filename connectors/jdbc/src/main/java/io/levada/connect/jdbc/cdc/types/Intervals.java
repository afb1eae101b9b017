/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** INTERVAL, from the text of {@code intervalstyle=postgres}: {@code 1 year 2 mons -3 days +04:05:06.789}. */
final class Intervals {

    private static final double DAYS_PER_MONTH = 365.25 / 12;

    private Intervals() {}

    /** @param typmod its lower half is the precision of the seconds, 0xffff where it has none */
    static ColumnMapping mapping(TimePrecision times, IntervalMode mode, int typmod) {
        if (times == TimePrecision.STRUCTURED) {
            int precision = typmod < 0 ? 6 : typmod & 0xffff;
            return StructMapping.of(Intervals::struct, schema -> structs(schema, precision));
        }
        return switch (mode) {
            case NUMERIC ->
                PlainMapping.of(
                        () -> SchemaBuilder.int64()
                                .name("io.debezium.time.MicroDuration")
                                .version(1),
                        (text, offset, length) -> Parts.of(text, offset, length).micros());
            case STRING ->
                PlainMapping.of(
                        Text.named("io.debezium.time.Interval"),
                        (text, offset, length) -> Parts.of(text, offset, length).iso());
        };
    }

    private static SchemaBuilder struct() {
        return SchemaBuilder.struct()
                .name("io.debezium.time.StructuredDuration")
                .version(1)
                .field("years", Schema.OPTIONAL_INT32_SCHEMA)
                .field("months", Schema.OPTIONAL_INT32_SCHEMA)
                .field("days", Schema.OPTIONAL_INT32_SCHEMA)
                .field("hours", Schema.OPTIONAL_INT32_SCHEMA)
                .field("minutes", Schema.OPTIONAL_INT32_SCHEMA)
                .field("seconds", Schema.OPTIONAL_INT64_SCHEMA)
                .field("nanos", Schema.OPTIONAL_INT32_SCHEMA)
                .field("precision", Schema.OPTIONAL_INT32_SCHEMA);
    }

    private static Reader structs(Schema schema, int precision) {
        Field precisionField = schema.field("precision");
        return (text, offset, length) -> {
            Parts parts = Parts.of(text, offset, length);
            return new Struct(schema)
                    .put("years", parts.years)
                    .put("months", parts.months)
                    .put("days", parts.days)
                    .put("hours", parts.hours)
                    .put("minutes", parts.minutes)
                    .put("seconds", (long) parts.seconds)
                    .put("nanos", parts.micros * 1000)
                    .put(precisionField, precision);
        };
    }

    /** What an interval consists of; each part has a sign of its own, those of the time have the same. */
    private static final class Parts {
        private int years;
        private int months;
        private int days;
        private int hours;
        private int minutes;
        private int seconds;
        private int micros;

        static Parts of(byte[] text, int offset, int length) {
            Parts parts = new Parts();
            int end = offset + length;
            int from = offset;
            boolean understood = length > 0;
            while (from < end && understood) {
                int wordEnd = wordEnd(text, from, end);
                if (text[Math.min(from + digits(text, from, wordEnd), end - 1)] == ':') {
                    understood = parts.setTime(text, from, wordEnd) && wordEnd == end;
                    from = end;
                } else {
                    int unitEnd = wordEnd(text, Math.min(wordEnd + 1, end), end);
                    understood = parts.set(text, from, wordEnd, unitEnd) && unitEnd + 1 != end;
                    from = unitEnd + 1;
                }
            }
            if (!understood) {
                throw Unreadable.value("interval", text, offset, length);
            }
            return parts;
        }

        private static int wordEnd(byte[] text, int from, int end) {
            int i = from;
            while (i < end && text[i] != ' ') {
                i++;
            }
            return i;
        }

        /** How long the sign and the digits are. */
        private static int digits(byte[] text, int from, int end) {
            int i = from;
            while (i < end && (text[i] == '-' || text[i] == '+' || (text[i] >= '0' && text[i] <= '9'))) {
                i++;
            }
            return i - from;
        }

        private boolean set(byte[] text, int from, int numberEnd, int unitEnd) {
            boolean signed = isSign(text[from]);
            int number = Calendar.number(text, signed ? from + 1 : from, numberEnd);
            int value = text[from] == '-' ? -number : number;
            if (number < 0 || numberEnd - from > 10 || unitEnd <= numberEnd + 1) {
                return false;
            }
            switch (text[numberEnd + 1]) {
                case 'y' -> years = value;
                case 'm' -> months = value;
                case 'd' -> days = value;
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static boolean isSign(byte character) {
            return character == '-' || character == '+';
        }

        /** {@code -HH:MM:SS.ffffff} with as many digits of hours as it takes. */
        private boolean setTime(byte[] text, int from, int end) {
            int start = isSign(text[from]) ? from + 1 : from;
            int colon = start + digits(text, start, end);
            if (colon - start > 9 || colon + 6 > end || text[colon + 3] != ':') {
                return false;
            }
            int sign = text[from] == '-' ? -1 : 1;
            int hour = Calendar.number(text, start, colon);
            int minute = Calendar.number(text, colon + 1, colon + 3);
            int second = Calendar.number(text, colon + 4, colon + 6);
            int micro = Calendar.fraction(text, colon + 6, end);
            hours = sign * hour;
            minutes = sign * minute;
            seconds = sign * second;
            micros = sign * micro;
            return hour >= 0 && minute >= 0 && second >= 0 && micro >= 0;
        }

        /** By way of doubles, as Debezium counts: large intervals lose their last microseconds. */
        private long micros() {
            double day = (years * 12 + months) * DAYS_PER_MONTH + days;
            return (long) (((((day * 24 + hours) * 60) + minutes) * 60 + seconds + micros / 1e6) * 1e6);
        }

        private String iso() {
            StringBuilder text = new StringBuilder(32)
                    .append('P')
                    .append(years)
                    .append('Y')
                    .append(months)
                    .append('M')
                    .append(days)
                    .append("DT")
                    .append(hours)
                    .append('H')
                    .append(minutes)
                    .append('M');
            if (seconds < 0 || micros < 0) {
                text.append('-');
            }
            text.append(Math.abs(seconds));
            if (micros != 0) {
                int digits = text.length() + 1;
                text.append('.').append(Math.abs(micros) + 1_000_000).deleteCharAt(digits);
                while (text.charAt(text.length() - 1) == '0') {
                    text.setLength(text.length() - 1);
                }
            }
            return text.append('S').toString();
        }
    }
}
