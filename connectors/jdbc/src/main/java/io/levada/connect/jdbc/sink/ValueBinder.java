/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.api.json.DecimalText;
import io.levada.connect.api.json.JsonText;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Sets a statement's parameters from Connect's values. Text goes without a type, so that the server reads it as whatever the column
 * is: uuid, jsonb, inet, an enum, or a number. Structures go into json and jsonb columns.
 */
record ValueBinder(Dialect dialect, TemporalValues temporals) {

    private static final JsonText JSON = new JsonText(DecimalText.NUMERIC);

    void bind(PreparedStatement statement, int index, FieldValue field, Column column) throws SQLException {
        Object value = field.value();
        if (value == null) {
            dialect.bind(statement, index, column, null);
        } else if (isStructured(value) && dialect.holdsJson(column)) {
            dialect.bind(statement, index, column, JSON.of(field.schema(), value));
        } else if (value instanceof Collection<?> elements) {
            bindArray(statement, index, elements, field, column);
        } else if (value instanceof Struct || value instanceof Map) {
            throw new DataException("field " + field.name() + " is a structure, which the column " + column.name()
                    + " of type " + column.typeName()
                    + " cannot hold; make the column jsonb, or flatten the field with the Flatten transform");
        } else {
            dialect.bind(statement, index, column, plain(temporals.of(field.schema(), value, column)));
        }
    }

    private static boolean isStructured(Object value) {
        return value instanceof Collection || value instanceof Map || value instanceof Struct;
    }

    private static Object plain(Object value) {
        return value instanceof ByteBuffer buffer ? bytes(buffer) : value;
    }

    private void bindArray(
            PreparedStatement statement, int index, Collection<?> elements, FieldValue field, Column column)
            throws SQLException {
        Column element = dialect.element(column)
                .orElseThrow(() -> new DataException("field " + field.name() + " is an array, but the column "
                        + column.name() + " is of type " + column.typeName()));
        Schema schema = field.schema() == null ? null : field.schema().valueSchema();
        @Nullable Object[] texts = new String[elements.size()];
        int i = 0;
        for (Object each : elements) {
            texts[i++] = each == null ? null : text(temporals.of(schema, each, element), field.name());
        }
        statement.setArray(index, statement.getConnection().createArrayOf(element.typeName(), texts));
    }

    /** What the server reads as an element of the array's type. */
    private static String text(Object value, String field) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return "\\x" + HexFormat.of().formatHex(bytes(buffer));
        }
        if (isStructured(value)) {
            throw new DataException("field " + field + " is an array of arrays or structures, which no column holds");
        }
        return value.toString();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
