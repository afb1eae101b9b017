/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Numbers of a JSON parser at the ranges of Connect's types. */
final class JsonNumbers {

    private JsonNumbers() {}

    /** An integer of any size as a long; one beyond its range wraps, as Apache's converter has always done without a schema. */
    static long wrappingLong(JsonParser in) throws IOException {
        return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? in.getBigIntegerValue().longValue()
                : in.getLongValue();
    }

    /** A number as a double; {@code -0.0} is zero without a sign, since decimals, through which Apache's converter goes, have none. */
    static double toDouble(JsonParser in) throws IOException {
        double number = in.getDoubleValue();
        return number == 0 ? new BigDecimal(in.getText()).doubleValue() : number;
    }

    /** As {@link #toDouble}. */
    static float toFloat(JsonParser in) throws IOException {
        float number = in.getFloatValue();
        return number == 0 ? new BigDecimal(in.getText()).floatValue() : number;
    }

    /**
     * A whole number within bounds.
     *
     * @throws DataException if it has a fraction or is out of bounds
     */
    static long within(JsonParser in, long min, long max) throws IOException {
        long number;
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
                && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            number = in.getLongValue();
        } else {
            number = exact(in, min, max);
        }
        if (number < min || number > max) {
            throw outOfBounds(in, min, max, null);
        }
        return number;
    }

    private static long exact(JsonParser in, long min, long max) throws IOException {
        try {
            return in.getDecimalValue().longValueExact();
        } catch (ArithmeticException e) {
            throw outOfBounds(in, min, max, e);
        }
    }

    private static DataException outOfBounds(JsonParser in, long min, long max, @Nullable Throwable cause) {
        return new DataException(
                "Cannot read the JSON number at " + in.getParsingContext().pathAsPointer()
                        + ": its schema asks for a whole number from " + min + " to " + max,
                cause);
    }
}
