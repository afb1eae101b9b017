/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.math.BigDecimal;
import java.sql.ResultSet;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/** What a NUMERIC column becomes, {@code numeric.mapping}. */
public enum NumericMapping {
    /** INT64 and FLOAT64 where they are exact, else the digits as text. */
    READABLE {
        @Override
        public ColumnReader reader(Column column) {
            if (isWhole(column) && digits(column) <= INT64_DIGITS) {
                return ColumnReader.of(SchemaBuilder.int64(), column, ResultSet::getLong);
            }
            if (column.precision() > 0 && column.precision() <= EXACT_DOUBLE_DIGITS && column.scale() > 0) {
                return ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble);
            }
            return ColumnReader.of(SchemaBuilder.string(), column, ResultSet::getString);
        }
    },
    NONE {
        @Override
        public ColumnReader reader(Column column) {
            return decimal(column);
        }
    },
    PRECISION_ONLY {
        @Override
        public ColumnReader reader(Column column) {
            return column.scale() == 0 && isWhole(column) && digits(column) <= INT64_DIGITS
                    ? integer(column)
                    : decimal(column);
        }
    },
    BEST_FIT {
        @Override
        public ColumnReader reader(Column column) {
            if (isWhole(column)) {
                return digits(column) <= INT64_DIGITS ? integer(column) : decimal(column);
            }
            return column.precision() > 0 && column.precision() <= INT64_DIGITS
                    ? ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble)
                    : decimal(column);
        }
    },
    BEST_FIT_EAGER_DOUBLE {
        @Override
        public ColumnReader reader(Column column) {
            if (isWhole(column)) {
                return digits(column) <= INT64_DIGITS ? integer(column) : decimal(column);
            }
            return column.scale() > 0
                    ? ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble)
                    : decimal(column);
        }
    };

    /** Every whole number of that many digits fits. */
    private static final int INT64_DIGITS = 18;

    /** Every decimal fraction of that many digits comes back unchanged from a double. */
    private static final int EXACT_DOUBLE_DIGITS = 15;

    /** The reader of a NUMERIC column. */
    public abstract ColumnReader reader(Column column);

    private static boolean isWhole(Column column) {
        return column.precision() > 0 && column.scale() <= 0;
    }

    /** Digits before the point; a negative scale adds zeros. */
    private static int digits(Column column) {
        return column.precision() - Math.min(column.scale(), 0);
    }

    private static ColumnReader integer(Column column) {
        int digits = digits(column);
        if (digits > 9) {
            return ColumnReader.of(SchemaBuilder.int64(), column, ResultSet::getLong);
        }
        if (digits > 4) {
            return ColumnReader.of(SchemaBuilder.int32(), column, ResultSet::getInt);
        }
        return digits > 2
                ? ColumnReader.of(SchemaBuilder.int16(), column, ResultSet::getShort)
                : ColumnReader.of(SchemaBuilder.int8(), column, ResultSet::getByte);
    }

    private static ColumnReader decimal(Column column) {
        // Zeros before the point are digits: schemas of Avro take no scale below zero.
        int scale = Math.max(column.scale(), 0);
        return ColumnReader.of(Decimal.builder(scale), column, (rows, index) -> {
            BigDecimal value = rows.getBigDecimal(index);
            return value == null ? null : rescaled(value, column.name(), scale);
        });
    }

    /** An unlimited NUMERIC has no scale that a schema could name; a Decimal of scale 0 holds only its whole numbers. */
    private static BigDecimal rescaled(BigDecimal value, String column, int scale) {
        try {
            return value.setScale(scale);
        } catch (ArithmeticException e) {
            throw new DataException(
                    "column " + column + " holds a number with more than " + scale
                            + " fraction digits, which its Decimal schema cannot carry; give the column a precision and scale,"
                            + " or set numeric.mapping=readable",
                    e);
        }
    }
}
