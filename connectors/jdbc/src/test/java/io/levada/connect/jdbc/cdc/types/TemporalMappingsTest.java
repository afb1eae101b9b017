/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static io.levada.connect.jdbc.cdc.types.Reading.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Random;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
final class TemporalMappingsTest {

    @ParameterizedTest
    @CsvSource({
        "2024-02-29, 19782, 2024-02-29Z, 2024 2 29",
        "1969-12-31, -1, 1969-12-31Z, 1969 12 31",
        "0044-03-15 BC, -735160, -0043-03-15Z, -43 3 15",
        "0001-01-01 BC, -719528, 0000-01-01Z, 0 1 1",
        "4713-01-01 BC, -2440550, -4712-01-01Z, -4712 1 1",
        "10000-01-01, 2932897, +10000-01-01Z, 10000 1 1",
        "5874897-12-31, 2145042905, +5874897-12-31Z, 5874897 12 31",
        "infinity, 2146033979, +5877611-06-21Z, POSITIVE_INFINITY",
        "-infinity, -2147472691, -5877611-06-22Z, NEGATIVE_INFINITY",
    })
    void datesInEachMode(String text, int day, String iso, String struct) {
        assertThat(read(DateMappings.of(TimePrecision.ADAPTIVE), text)).isEqualTo(day);
        assertThat(read(DateMappings.of(TimePrecision.NANOSECONDS), text)).isEqualTo(day);
        assertThat(read(DateMappings.of(TimePrecision.CONNECT), text)).isEqualTo(new Date(day * 86_400_000L));
        assertThat(read(DateMappings.of(TimePrecision.ISOSTRING), text)).isEqualTo(iso);
        assertThat(shown(read(DateMappings.of(TimePrecision.STRUCTURED), text))).isEqualTo(struct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BC",
                " BC",
                "2024",
                "2024-2-29",
                "2023-02-29",
                "2024-13-01",
                "2024-00-01",
                "2024-01-32",
                "0000-01-01",
                "12345678-01-01",
                "2024-01-01 AD",
                "2024/01/01",
                "2024-01-01x",
                "Infinity",
                "-infinitx",
                "infinite"
            })
    void whatIsNoDateIsRefused(String text) {
        assertThatThrownBy(() -> read(DateMappings.of(TimePrecision.ADAPTIVE), text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("type date");
    }

    @ParameterizedTest
    @CsvSource({
        "12:34:56.789012, 45296789012, 12:34:56.789012Z, 12 34 56 789012000 6",
        "00:00:00, 0, 00:00:00Z, 0 0 0 0 6",
        "23:59:59.999999, 86399999999, 23:59:59.999999Z, 23 59 59 999999000 6",
        "12:00:00.5, 43200500000, 12:00:00.5Z, 12 0 0 500000000 6",
        "24:00:00, 86400000000, 00:00:00Z, 24 0 0 0 6",
    })
    void timesInEachMode(String text, long micro, String iso, String struct) {
        assertThat(read(TimeMappings.of(TimePrecision.ADAPTIVE, 3), text)).isEqualTo((int) (micro / 1000));
        assertThat(read(TimeMappings.of(TimePrecision.ADAPTIVE, 4), text)).isEqualTo(micro);
        assertThat(read(TimeMappings.of(TimePrecision.ADAPTIVE_TIME_MICROSECONDS, 0), text))
                .isEqualTo(micro);
        assertThat(read(TimeMappings.of(TimePrecision.MICROSECONDS, 0), text)).isEqualTo(micro);
        assertThat(read(TimeMappings.of(TimePrecision.NANOSECONDS, 6), text)).isEqualTo(micro * 1000);
        assertThat(read(TimeMappings.of(TimePrecision.ISOSTRING, 6), text)).isEqualTo(iso);
        assertThat(shown(read(TimeMappings.of(TimePrecision.STRUCTURED, 6), text)))
                .isEqualTo(struct);
    }

    @Test
    void connectTimeHasMilliseconds() {
        ColumnMapping mapping = TimeMappings.of(TimePrecision.CONNECT, 6);

        assertThat(mapping.read("12:34:56.789012".getBytes(StandardCharsets.US_ASCII), 0, 15))
                .isEqualTo(new Date(45296789));
        assertThat(mapping.schema().build().name()).isEqualTo("org.apache.kafka.connect.data.Time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "12:00",
                "12:60:00",
                "12:00:60",
                "24:00:00.000001",
                "25:00:00",
                "12:00:00.",
                "12:00:00.1234567",
                "12:00:00,5",
                "12-00-00",
                "1:00:00",
                "-1:00:00",
                "12:00:00+00"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> read(TimeMappings.of(TimePrecision.ADAPTIVE, 6), text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("type time");
    }

    @ParameterizedTest
    @CsvSource({
        "12:34:56.789012+05:30, 07:04:56.789012Z, 12 34 56 789012000 19800 6",
        "24:00:00-08, 08:00:00Z, 24 0 0 0 -28800 6",
        "24:00:00+00, 24:00:00Z, 24 0 0 0 0 6",
        "00:00:00+00, 00:00:00Z, 0 0 0 0 0 6",
        "01:02:03.5+13:45, 11:17:03.5Z, 1 2 3 500000000 49500 6",
        "12:00:00+01:02:03, 10:57:57Z, 12 0 0 0 3723 6",
        "12:00:00.1-15:59, 03:59:00.1Z, 12 0 0 100000000 -57540 6",
    })
    void timesWithAZoneAreInUtcOrKeepIt(String text, String utc, String struct) {
        assertThat(read(TimeMappings.zoned(TimePrecision.ADAPTIVE, 6), text)).isEqualTo(utc);
        assertThat(shown(read(TimeMappings.zoned(TimePrecision.STRUCTURED, 6), text)))
                .isEqualTo(struct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12:00:00",
                "12:00:00+",
                "12:00:00+0",
                "12:00:00+01:",
                "12:00:00+01:02:03:04",
                "12:00:00+xx",
                "+01"
            })
    void whatIsNoTimeWithAZoneIsRefused(String text) {
        assertThatThrownBy(() -> read(TimeMappings.zoned(TimePrecision.ADAPTIVE, 6), text))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> read(TimeMappings.zoned(TimePrecision.STRUCTURED, 6), text))
                .isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29 12:34:56.789012, 1709210096789012, 2024-02-29T12:34:56.789012Z, 2024 2 29 12 34 56 789012000 6",
        "1970-01-01 00:00:00, 0, 1970-01-01T00:00:00Z, 1970 1 1 0 0 0 0 6",
        "1969-12-31 23:59:59.999999, -1, 1969-12-31T23:59:59.999999Z, 1969 12 31 23 59 59 999999000 6",
        "1969-12-31 23:59:59.9, -100000, 1969-12-31T23:59:59.9Z, 1969 12 31 23 59 59 900000000 6",
        "0044-03-15 10:00:00 BC, -63517788000000000, -0043-03-15T10:00:00Z, -43 3 15 10 0 0 0 6",
        "1582-10-10 00:00:00, -12219724800000000, 1582-10-10T00:00:00Z, 1582 10 10 0 0 0 0 6",
        "10000-01-01 00:00:00, 253402300800000000, +10000-01-01T00:00:00Z, 10000 1 1 0 0 0 0 6",
    })
    void timestampsInEachMode(String text, long micros, String iso, String struct) {
        long millis = Math.floorDiv(micros, 1000L);
        assertThat(read(TimestampMappings.of(TimePrecision.ADAPTIVE, 3), text)).isEqualTo(millis);
        assertThat(read(TimestampMappings.of(TimePrecision.ADAPTIVE_TIME_MICROSECONDS, 6), text))
                .isEqualTo(micros);
        assertThat(read(TimestampMappings.of(TimePrecision.MICROSECONDS, 0), text))
                .isEqualTo(micros);
        assertThat(read(TimestampMappings.of(TimePrecision.CONNECT, 6), text)).isEqualTo(new Date(millis));
        assertThat(read(TimestampMappings.of(TimePrecision.ISOSTRING, 6), text)).isEqualTo(iso);
        assertThat(shown(read(TimestampMappings.of(TimePrecision.STRUCTURED, 6), text)))
                .isEqualTo(struct);
    }

    @Test
    void infiniteTimestampsAreTheEndsOfTheirForms() {
        assertThat(read(TimestampMappings.of(TimePrecision.ADAPTIVE, 6), "infinity"))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(read(TimestampMappings.of(TimePrecision.NANOSECONDS, 6), "-infinity"))
                .isEqualTo(Long.MIN_VALUE);
        assertThat(read(TimestampMappings.of(TimePrecision.ADAPTIVE, 0), "infinity"))
                .isEqualTo(9_223_372_036_825_200_000L);
        assertThat(read(TimestampMappings.of(TimePrecision.CONNECT, 6), "-infinity"))
                .isEqualTo(new Date(-9_223_372_036_832_400_000L));
        assertThat(read(TimestampMappings.of(TimePrecision.ISOSTRING, 6), "-infinity"))
                .isEqualTo("-292275055-05-16T23:00:00Z");
        assertThat(shown(read(TimestampMappings.of(TimePrecision.STRUCTURED, 2), "-infinity")))
                .isEqualTo("NEGATIVE_INFINITY 2");
        assertThat(read(TimestampMappings.zoned(TimePrecision.ADAPTIVE, 6), "infinity"))
                .isEqualTo("infinity");
        assertThat(shown(read(TimestampMappings.zoned(TimePrecision.STRUCTURED, 6), "infinity")))
                .isEqualTo("POSITIVE_INFINITY 6");
    }

    @ParameterizedTest
    @CsvSource({"2262-04-11 23:47:16.854775, 9223372036854775000", "1678-01-01 00:00:00, -9214560000000000000"})
    void nanosecondsReachTheYear2262(String text, long nanos) {
        assertThat(read(TimestampMappings.of(TimePrecision.NANOSECONDS, 6), text))
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"9999-12-31 00:00:00, NANOSECONDS", "294276-12-31 00:00:00, MICROSECONDS"})
    void momentsThatALongCannotTellAreRefused(String text, TimePrecision mode) {
        assertThatThrownBy(() -> read(TimestampMappings.of(mode, 6), text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("choose another time.precision.mode");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29 10:34:56.789012+00, 6, 2024-02-29T10:34:56.789012Z",
        "2024-01-01 00:00:00+00, 6, 2024-01-01T00:00:00.000000Z",
        "2024-01-01 00:00:00.7+00, 1, 2024-01-01T00:00:00.7Z",
        "2024-01-01 00:00:00.7+00, 3, 2024-01-01T00:00:00.700Z",
        "2024-01-01 00:00:00+00, 0, 2024-01-01T00:00:00Z",
        "2024-01-01 00:30:00+01, 0, 2023-12-31T23:30:00Z",
        "0044-03-15 10:00:00+00 BC, 6, -0043-03-15T10:00:00.000000Z",
        "10000-12-31 23:59:59+00, 6, +10000-12-31T23:59:59.000000Z",
        "2024-01-01 00:00:00-00:00:01, 0, 2024-01-01T00:00:01Z",
        "1883-11-18 12:03:57-04:56:02, 0, 1883-11-18T16:59:59Z",
    })
    void timestampsWithAZoneHaveTheFractionDigitsOfTheirColumn(String text, int precision, String utc) {
        assertThat(read(TimestampMappings.zoned(TimePrecision.CONNECT, precision), text))
                .isEqualTo(utc);
    }

    @Test
    void structuredTimestampWithAZoneIsInUtc() {
        assertThat(shown(read(TimestampMappings.zoned(TimePrecision.STRUCTURED, 6), "2024-02-29 10:34:56.789012+00")))
                .isEqualTo("2024 2 29 10 34 56 789012000 0 Z 6");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024-01-01",
                "2024-01-01 ",
                "2024-01-01T00:00:00",
                "2024-01-01 00:00",
                "2024-01-01 00:00:00+00",
                "BC",
                "2024-01-01 00:00:00 AD",
                "00:00:00"
            })
    void whatIsNoTimestampIsRefused(String text) {
        assertThatThrownBy(() -> read(TimestampMappings.of(TimePrecision.ADAPTIVE, 6), text))
                .isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024-01-01 00:00:00",
                "2024-01-01 00:00:00+",
                "2024-01-01+00",
                "2024-01-01 +00",
                "2024-01-01 00:00:00+1"
            })
    void whatIsNoTimestampWithAZoneIsRefused(String text) {
        assertThatThrownBy(() -> read(TimestampMappings.zoned(TimePrecision.ADAPTIVE, 6), text))
                .isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @EnumSource
    void structsTakeTheSchemaOfTheirColumn(TimePrecision mode) {
        for (ColumnMapping mapping : new ColumnMapping[] {
            DateMappings.of(mode),
            TimeMappings.of(mode, 6),
            TimeMappings.zoned(mode, 6),
            TimestampMappings.of(mode, 6),
            TimestampMappings.zoned(mode, 6),
            Intervals.mapping(mode, IntervalMode.STRING, -1)
        }) {
            Schema schema = mapping.schema().optional().parameter("a", "b").build();

            ColumnMapping bound = mapping.withSchema(schema);

            assertThat(bound.schema().build()).isEqualTo(mapping.schema().build());
            assertThat(schema.version()).isEqualTo(1);
            if (schema.type() == Schema.Type.STRUCT) {
                assertThat(mode).isEqualTo(TimePrecision.STRUCTURED);
            }
        }
    }

    /** Any moment that java.time writes is read back, also before Christ and in far years. */
    @Test
    void momentsAreThoseOfJavaTime() {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            long micros = i % 2 == 0 ? random.nextLong() / 2 : random.nextLong() >> 10;
            Instant moment = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            OffsetDateTime utc = moment.atOffset(ZoneOffset.UTC);
            ZoneOffset zone = ZoneOffset.ofTotalSeconds(random.nextInt(2 * 15 * 3600) - 15 * 3600);

            assertThat(read(TimestampMappings.of(TimePrecision.MICROSECONDS, 6), text(utc)))
                    .isEqualTo(micros);
            assertThat(read(TimestampMappings.of(TimePrecision.ISOSTRING, 6), text(utc)))
                    .isEqualTo(utc.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
            assertThat(read(DateMappings.of(TimePrecision.ADAPTIVE), date(utc.toLocalDate()) + era(utc.toLocalDate())))
                    .isEqualTo((int) utc.toLocalDate().toEpochDay());
            OffsetDateTime there = utc.withOffsetSameInstant(zone);
            String zoned =
                    date(there.toLocalDate()) + " " + time(there.toLocalTime()) + zone + era(there.toLocalDate());
            assertThat(read(TimestampMappings.zoned(TimePrecision.ADAPTIVE, 0), zoned.replace("Z", "+00")))
                    .isEqualTo(utc.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
            assertThat(read(
                            TimeMappings.zoned(TimePrecision.ADAPTIVE, 6),
                            time(there.toLocalTime()) + zone.toString().replace("Z", "+00")))
                    .isEqualTo(OffsetTime.of(there.toLocalTime(), zone)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .format(DateTimeFormatter.ISO_OFFSET_TIME));
        }
    }

    private static String text(OffsetDateTime moment) {
        return date(moment.toLocalDate()) + " " + time(moment.toLocalTime()) + era(moment.toLocalDate());
    }

    private static String date(LocalDate date) {
        return String.format(
                "%04d-%02d-%02d", date.get(ChronoField.YEAR_OF_ERA), date.getMonthValue(), date.getDayOfMonth());
    }

    private static String time(LocalTime time) {
        String fraction = String.format("%06d", time.getNano() / 1000).replaceFirst("0+$", "");
        return String.format("%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond())
                + (fraction.isEmpty() ? "" : "." + fraction);
    }

    private static String era(LocalDate date) {
        return date.getEra() == IsoEra.BCE ? " BC" : "";
    }
}
