/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/**
 * Connect's types as column types, for tables and columns that the sink adds.
 *
 * @param primitives by type
 * @param decimal with {@code %d} for the scale, if the type has one
 * @param scaleMax the largest scale; values with more fraction digits have no column type
 */
public record ColumnTypes(
        Map<Schema.Type, String> primitives, String decimal, int scaleMax, String date, String time, String timestamp) {

    public ColumnTypes {
        primitives = Map.copyOf(primitives);
    }

    /** The column type, or nothing if no type holds values of the schema. */
    public Optional<String> of(Schema schema) {
        if (Decimal.LOGICAL_NAME.equals(schema.name())) {
            int scale = Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD));
            return scale < 0 || scale > scaleMax
                    ? Optional.empty()
                    : Optional.of(String.format(Locale.ROOT, decimal, scale));
        }
        if (Date.LOGICAL_NAME.equals(schema.name())) {
            return Optional.of(date);
        }
        if (Time.LOGICAL_NAME.equals(schema.name())) {
            return Optional.of(time);
        }
        if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
            return Optional.of(timestamp);
        }
        return Optional.ofNullable(primitives.get(schema.type()));
    }
}
