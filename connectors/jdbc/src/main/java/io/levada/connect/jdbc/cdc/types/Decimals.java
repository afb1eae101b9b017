/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** NUMERIC and MONEY. */
final class Decimals {

    /** So many digits fit a long. */
    private static final int LONG_DIGITS = 18;

    private final DecimalMode mode;
    private final int moneyFractionDigits;
    private final Placeholder placeholder;

    Decimals(TypeOptions options, Placeholder placeholder) {
        mode = options.decimals();
        moneyFractionDigits = options.moneyFractionDigits();
        this.placeholder = placeholder;
    }

    ColumnMapping numeric(int typmod) {
        return switch (mode) {
            case DOUBLE -> PlainMapping.of(SchemaBuilder::float64, Decimals::asDouble);
            case STRING -> new PlainMapping(SchemaBuilder::string, Decimals::asText, placeholder.text());
            case PRECISE ->
                typmod < 0
                        ? StructMapping.of(Decimals::variableScale, Decimals::variable)
                        : precise(NumericScale.of(typmod));
        };
    }

    private static ColumnMapping precise(NumericScale column) {
        int scale = column.scale();
        return PlainMapping.of(
                () -> Decimal.builder(scale)
                        .parameter("connect.decimal.precision", Integer.toString(column.precision())),
                (text, offset, length) -> rescaled(exact(text, offset, length), scale, text, offset, length));
    }

    private static BigDecimal rescaled(BigDecimal value, int scale, byte[] text, int offset, int length) {
        try {
            return value.setScale(scale);
        } catch (ArithmeticException e) {
            throw Unreadable.value("numeric of " + scale + " fraction digits", text, offset, length);
        }
    }

    private static SchemaBuilder variableScale() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .version(1)
                .doc("Variable scaled decimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA);
    }

    private static Reader variable(Schema schema) {
        Field scale = schema.field("scale");
        Field unscaled = schema.field("value");
        return (text, offset, length) -> {
            BigDecimal value = exact(text, offset, length).stripTrailingZeros();
            BigDecimal whole = value.scale() < 0 ? value.setScale(0) : value;
            return new Struct(schema)
                    .put(scale, whole.scale())
                    .put(unscaled, whole.unscaledValue().toByteArray());
        };
    }

    private static Object asDouble(byte[] text, int offset, int length) {
        return Numbers.float8Of("numeric", text, offset, length);
    }

    private static Object asText(byte[] text, int offset, int length) {
        String value = Text.read(text, offset, length);
        return switch (value) {
            case "NaN" -> "NAN";
            case "Infinity" -> "POSITIVE_INFINITY";
            case "-Infinity" -> "NEGATIVE_INFINITY";
            default -> value;
        };
    }

    private static BigDecimal exact(byte[] text, int offset, int length) {
        if (isSpecial(text, offset, length)) {
            throw new DataException("a numeric is " + Text.read(text, offset, length)
                    + ", which has no exact form; set decimal.handling.mode to string or double");
        }
        return decimal("numeric", text, offset, length);
    }

    private static boolean isSpecial(byte[] text, int offset, int length) {
        return length > 2 && length < 10 && (text[offset] == 'N' || text[offset] == 'I' || text[offset + 1] == 'I');
    }

    /** Of digits, a point and a minus alone: an exponent would let a short text ask for any amount of memory. */
    private static BigDecimal decimal(String type, byte[] text, int offset, int length) {
        int from = length > 0 && text[offset] == '-' ? offset + 1 : offset;
        int end = offset + length;
        int point = end;
        long sum = 0;
        for (int i = from; i < end; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9) {
                sum = sum * 10 + digit;
            } else if (text[i] == '.' && point == end) {
                point = i;
            } else {
                throw Unreadable.value(type, text, offset, length);
            }
        }
        int digits = end - from - (point < end ? 1 : 0);
        if (digits < 1) {
            throw Unreadable.value(type, text, offset, length);
        }
        return digits <= LONG_DIGITS
                ? BigDecimal.valueOf(from > offset ? -sum : sum, point < end ? end - point - 1 : 0)
                : new BigDecimal(new String(text, offset, length, StandardCharsets.ISO_8859_1));
    }

    ColumnMapping money() {
        return switch (mode) {
            case PRECISE ->
                PlainMapping.of(
                        () -> Decimal.builder(moneyFractionDigits),
                        (text, offset, length) ->
                                amount(text, offset, length).setScale(moneyFractionDigits, RoundingMode.HALF_UP));
            case DOUBLE ->
                PlainMapping.of(
                        SchemaBuilder::float64,
                        (text, offset, length) -> amount(text, offset, length).doubleValue());
            case STRING ->
                PlainMapping.of(
                        SchemaBuilder::string,
                        (text, offset, length) -> amount(text, offset, length).toPlainString());
        };
    }

    /** Without the currency and the commas between thousands: {@code -$1,234.56}. */
    private static BigDecimal amount(byte[] text, int offset, int length) {
        byte[] digits = new byte[length];
        int count = 0;
        for (int i = offset; i < offset + length; i++) {
            if (text[i] != '$' && text[i] != ',') {
                digits[count++] = text[i];
            }
        }
        return decimal("money", digits, 0, count);
    }
}
