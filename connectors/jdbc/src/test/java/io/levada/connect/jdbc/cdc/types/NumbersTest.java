/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumbersTest {

    @Test
    void integersAreReadToTheirBounds() {
        assertThat(read(Numbers::int2, "-32768")).isEqualTo(Short.MIN_VALUE);
        assertThat(read(Numbers::int2, "32767")).isEqualTo(Short.MAX_VALUE);
        assertThat(read(Numbers::int4, "-2147483648")).isEqualTo(Integer.MIN_VALUE);
        assertThat(read(Numbers::int4, "0")).isEqualTo(0);
        assertThat(read(Numbers::int8, "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(read(Numbers::int8, "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(read(Numbers::oid, "4294967295")).isEqualTo(4294967295L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "+1", "1x", " 1", "9223372036854775808", "-9223372036854775809", "99999999999999999999"
            })
    void whatIsNoIntegerIsRefused(String text) {
        assertThatThrownBy(() -> read(Numbers::int8, text))
                .isInstanceOf(DataException.class)
                .hasMessage("not a value of type int8: '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"32768", "-32769", "4294967296"})
    void integersPastTheirBoundsAreRefused(String text) {
        assertThatThrownBy(() -> read(Numbers::int2, text)).isInstanceOf(DataException.class);
    }

    @Test
    void booleansAreOneLetter() {
        assertThat(read(Numbers::bool, "t")).isEqualTo(true);
        assertThat(read(Numbers::bool, "f")).isEqualTo(false);
        assertThatThrownBy(() -> read(Numbers::bool, "true")).isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0, -0.0",
        "1.5, 1.5",
        "-1.5e-05, -1.5E-5",
        "1.7976931348623157e+308, 1.7976931348623157E308",
        "5e-324, 4.9E-324",
        "123456789012345678, 1.23456789012345677E17",
        "NaN, NaN",
        "-Infinity, -Infinity",
    })
    void doublesAreReadWithAndWithoutAnExponent(String text, double expected) {
        assertThat(read(Numbers::float8, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", ".5", "1.", "0x1p3", "1d", " 1", "1 ", "nan", "1e", "1-1"})
    void whatIsNoFloatIsRefusedOrReadAsJavaDoes(String text) {
        assertSameAsJava(text);
    }

    private static void assertSameAsJava(String text) {
        Object read;
        try {
            read = read(Numbers::float8, text);
        } catch (DataException e) {
            assertThat(e).hasMessageContaining("float8");
            return;
        }
        assertThat(read).isEqualTo(Double.valueOf(text));
    }

    /** What is read the fast way is what the JDK reads. */
    @Test
    void floatsOfAllLengthsAreThoseOfTheJdk() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            double value = i % 2 == 0
                    ? Double.longBitsToDouble(random.nextLong())
                    : random.nextInt(2_000_000) / Math.pow(10, random.nextInt(9)) - 1000;
            String text = Double.toString(value).replace('E', 'e');
            assertThat(read(Numbers::float8, text)).isEqualTo(value);
            assertThat(read(Numbers::float4, text)).isEqualTo(Float.parseFloat(text));
        }
    }
}
