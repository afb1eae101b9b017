/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static io.levada.connect.jdbc.cdc.types.Reading.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IntervalsTest {

    private static final ColumnMapping NUMERIC = Intervals.mapping(TimePrecision.ADAPTIVE, IntervalMode.NUMERIC, -1);
    private static final ColumnMapping TEXT = Intervals.mapping(TimePrecision.ADAPTIVE, IntervalMode.STRING, -1);
    private static final ColumnMapping STRUCT = Intervals.mapping(TimePrecision.STRUCTURED, IntervalMode.STRING, -1);

    @ParameterizedTest
    @CsvSource({
        "1 year 2 mons 3 days 04:05:06.789012, 37091106789012, P1Y2M3DT4H5M6.789012S, 1 2 3 4 5 6 789012000 6",
        "-1 years, -31557600000000, P-1Y0M0DT0H0M0S, -1 0 0 0 0 0 0 6",
        "2 years 1 mon 40 days -36:00:00, 69071400000000, P2Y1M40DT-36H0M0S, 2 1 40 -36 0 0 0 6",
        "-00:00:00.000001, -1, P0Y0M0DT0H0M-0.000001S, 0 0 0 0 0 0 -1000 6",
        "00:00:00, 0, P0Y0M0DT0H0M0S, 0 0 0 0 0 0 0 6",
        "178000000 years, 9223372036854775807, P178000000Y0M0DT0H0M0S, 178000000 0 0 0 0 0 0 6",
        "1 mon -1 days, 2543400000000, P0Y1M-1DT0H0M0S, 0 1 -1 0 0 0 0 6",
        "-1 days +02:03:00, -79020000000, P0Y0M-1DT2H3M0S, 0 0 -1 2 3 0 0 6",
        "-1 days -00:00:00.5, -86400500000, P0Y0M-1DT0H0M-0.5S, 0 0 -1 0 0 0 -500000000 6",
        "-100:30:15.000001, -361815000001, P0Y0M0DT-100H-30M-15.000001S, 0 0 0 -100 -30 -15 -1000 6",
        "00:00:01.24, 1240000, P0Y0M0DT0H0M1.24S, 0 0 0 0 0 1 240000000 6",
    })
    void intervalsInEachMode(String text, long micros, String iso, String struct) {
        assertThat(read(NUMERIC, text)).isEqualTo(micros);
        assertThat(read(TEXT, text)).isEqualTo(iso);
        assertThat(shown(read(STRUCT, text))).isEqualTo(struct);
    }

    @Test
    void precisionIsThatOfTheSeconds() {
        ColumnMapping secondsOfTwoDigits = Intervals.mapping(TimePrecision.STRUCTURED, IntervalMode.NUMERIC, 268435458);

        assertThat(shown(read(secondsOfTwoDigits, "00:00:01.24"))).isEqualTo("0 0 0 0 0 1 240000000 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1 ",
                " ",
                "year",
                "1 year ",
                "1 week",
                "1  year",
                "1 year  1 mon",
                "x year",
                "04:05",
                "04:05:06 1 year",
                "4:5:6",
                "04:05:06.",
                "99999999999 years",
                "-",
                "--1 years",
                "9999999999:00:00",
                "2 years1 mon"
            })
    void whatIsNoIntervalIsRefused(String text) {
        assertThatThrownBy(() -> read(NUMERIC, text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("type interval");
    }

    @Test
    void timesAreTheDurationsOfJavaTime() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            Duration duration = Duration.ofSeconds(random.nextInt(360_000), random.nextInt(1_000_000) * 1000L);
            String text = String.format(
                    "%02d:%02d:%02d.%06d",
                    duration.toHours(),
                    duration.toMinutesPart(),
                    duration.toSecondsPart(),
                    duration.toNanosPart() / 1000);

            assertThat((long) read(NUMERIC, text)).isCloseTo(duration.toNanos() / 1000, within(1L));
            assertThat(read(TEXT, "-" + text).toString())
                    .startsWith("P0Y0M0DT" + (duration.toHours() == 0 ? "" : "-") + duration.toHours() + "H");
        }
    }
}
