/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Connect's types as column types, for tables and columns that the sink adds. */
final class PostgresColumnTypes {

    private static final Map<String, String> LOGICAL = Map.of(
            Decimal.LOGICAL_NAME, "DECIMAL",
            Date.LOGICAL_NAME, "DATE",
            Time.LOGICAL_NAME, "TIME",
            Timestamp.LOGICAL_NAME, "TIMESTAMP");

    private static final Map<Schema.Type, String> PRIMITIVE = Map.of(
            Schema.Type.INT8, "SMALLINT",
            Schema.Type.INT16, "SMALLINT",
            Schema.Type.INT32, "INT",
            Schema.Type.INT64, "BIGINT",
            Schema.Type.FLOAT32, "REAL",
            Schema.Type.FLOAT64, "DOUBLE PRECISION",
            Schema.Type.BOOLEAN, "BOOLEAN",
            Schema.Type.STRING, "TEXT",
            Schema.Type.BYTES, "BYTEA");

    private PostgresColumnTypes() {}

    static Optional<String> of(Schema schema) {
        if (schema.name() != null && LOGICAL.containsKey(schema.name())) {
            return Optional.ofNullable(LOGICAL.get(schema.name()));
        }
        if (schema.type() == Schema.Type.ARRAY) {
            return of(schema.valueSchema()).map(element -> element + "[]");
        }
        return Optional.ofNullable(PRIMITIVE.get(schema.type()));
    }
}
