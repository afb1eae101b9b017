/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static io.levada.connect.jdbc.cdc.types.Reading.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecimalsTest {

    private static final String LONG = "12345678901234567890123456789012345678.125";

    private static Decimals decimals(DecimalMode mode, int moneyFractionDigits) {
        TypeOptions options = new TypeOptions(
                mode,
                TimePrecision.ADAPTIVE,
                BinaryMode.BYTES,
                HstoreMode.JSON,
                IntervalMode.NUMERIC,
                moneyFractionDigits,
                false,
                "gone",
                UnreadableValues.FAIL);
        return new Decimals(options, new Placeholder("gone"));
    }

    private static int typmod(int precision, int scale) {
        return (precision << 16 | (scale & 0x7ff)) + 4;
    }

    @Test
    void preciseNumericHasPrecisionAndScaleOfItsColumn() {
        ColumnMapping mapping = decimals(DecimalMode.PRECISE, 2).numeric(typmod(10, 3));

        Schema schema = mapping.schema().build();
        assertThat(schema.name()).isEqualTo("org.apache.kafka.connect.data.Decimal");
        assertThat(schema.parameters()).isEqualTo(Map.of("scale", "3", "connect.decimal.precision", "10"));
        assertThat(read(mapping, "-1.500")).isEqualTo(new BigDecimal("-1.500"));
        assertThat(read(mapping, "0.000")).isEqualTo(new BigDecimal("0.000"));
        assertThatThrownBy(() -> read(mapping, "1.0005")).isInstanceOf(DataException.class);
    }

    @Test
    void digitsBeyondALongAreKept() {
        assertThat(read(decimals(DecimalMode.PRECISE, 2).numeric(typmod(60, 3)), LONG))
                .isEqualTo(new BigDecimal(LONG));
    }

    @Test
    void negativeScaleIsOfWholeNumbers() {
        ColumnMapping mapping = decimals(DecimalMode.PRECISE, 2).numeric(typmod(4, -2));

        assertThat(mapping.schema().build().parameters())
                .isEqualTo(Map.of("scale", "0", "connect.decimal.precision", "6"));
        assertThat(read(mapping, "123400")).isEqualTo(new BigDecimal("123400"));
    }

    @ParameterizedTest
    @CsvSource({"1.50, 1 0f", "100, 0 64", "0, 0 00", "0.000, 0 00", "-0.5, 1 fb"})
    void unlimitedNumericSaysItsScale(String text, String scaleAndUnscaled) {
        assertThat(shown(read(decimals(DecimalMode.PRECISE, 2).numeric(-1), text)))
                .isEqualTo(scaleAndUnscaled);
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, NAN, NaN",
        "Infinity, POSITIVE_INFINITY, Infinity",
        "-Infinity, NEGATIVE_INFINITY, -Infinity",
        "1.500, 1.500, 1.5"
    })
    void textAndDoubleHaveSpecialValues(String text, String asText, double asDouble) {
        assertThat(read(decimals(DecimalMode.STRING, 2).numeric(-1), text)).isEqualTo(asText);
        assertThat(read(decimals(DecimalMode.DOUBLE, 2).numeric(-1), text)).isEqualTo(asDouble);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void specialValuesHaveNoExactForm(String text) {
        assertThatThrownBy(() -> read(decimals(DecimalMode.PRECISE, 2).numeric(-1), text))
                .isInstanceOf(DataException.class)
                .hasMessage("a numeric is " + text
                        + ", which has no exact form; set decimal.handling.mode to string or double");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "1e999999999", "1.2.3", "0x1", "1-"})
    void whatIsNoDecimalIsRefused(String text) {
        assertThatThrownBy(() -> read(decimals(DecimalMode.PRECISE, 2).numeric(-1), text))
                .isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'$1,234.56', 1234.56, 1234.560",
        "-$0.01, -0.01, -0.010",
        "'$92,233,720,368,547,758.07', 92233720368547758.07, 92233720368547758.070",
        "'-$92,233,720,368,547,758.08', -92233720368547758.08, -92233720368547758.080",
    })
    void moneyIsItsAmount(String text, String amount, String ofThreeDigits) {
        assertThat(read(decimals(DecimalMode.PRECISE, 2).money(), text)).isEqualTo(new BigDecimal(amount));
        assertThat(read(decimals(DecimalMode.PRECISE, 3).money(), text)).isEqualTo(new BigDecimal(ofThreeDigits));
        assertThat(read(decimals(DecimalMode.STRING, 3).money(), text)).isEqualTo(amount);
        assertThat(read(decimals(DecimalMode.DOUBLE, 2).money(), text)).isEqualTo(Double.valueOf(amount));
    }
}
