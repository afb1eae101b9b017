/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.api.json.DecimalText;
import io.levada.connect.api.json.JsonText;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.TemporalKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Connect's values as the dialect binds them: text, numbers, Boolean, bytes and java.time's. A value that its column could not hold
 * as it is, and that the server would cut or round, is refused. Text goes as it is, for the server to read as whatever the column
 * is: uuid, jsonb, inet, an enum, or a number. Structures go into columns of JSON.
 */
final class ColumnValues {

    private static final JsonText JSON = new JsonText(DecimalText.NUMERIC);

    private final Dialect dialect;
    private final ZoneId zone;

    /** @param zone of timestamp columns without a time zone */
    ColumnValues(Dialect dialect, ZoneId zone) {
        this.dialect = dialect;
        this.zone = zone;
    }

    /** Makes values of one field fit for one column. */
    interface Conversion {
        /**
         * Converts.
         *
         * @throws DataException if the column cannot hold the value; says why, and not the value
         */
        Object of(Object value);
    }

    /** How values of the field get into the column. */
    Conversion conversion(FieldShape field, Column column) {
        Conversion conversion = of(field.schema(), column);
        return value -> {
            try {
                return conversion.of(value);
            } catch (DateTimeException | ArithmeticException e) {
                throw refused(field, column, "is out of the range of dates and times", e);
            } catch (DataException e) {
                throw refused(field, column, String.valueOf(e.getMessage()), e);
            }
        };
    }

    private static DataException refused(FieldShape field, Column column, String why, RuntimeException cause) {
        // No value may get into a log, and those of java.time's have it in their message.
        return new DataException(
                "field " + field.name() + " " + why + ": column " + column.name() + " is of type " + column.typeName(),
                cause instanceof DataException ? cause.getCause() : null);
    }

    private Conversion of(@Nullable Schema schema, Column column) {
        Optional<Column> element = dialect.element(column);
        if (element.isPresent()) {
            Schema ofElements = schema != null && schema.type() == Schema.Type.ARRAY ? schema.valueSchema() : null;
            Conversion elements = of(ofElements, element.get());
            return value -> value instanceof Collection<?> each
                    ? dialect.array(element.get(), converted(each, elements))
                    : value;
        }
        if (dialect.holdsJson(column)) {
            return value -> value instanceof String
                    ? value
                    : JSON.of(schema, value instanceof Instant ? value.toString() : value);
        }
        Conversion scalar = scalar(schema, column);
        return value -> {
            Object plain = DebeziumTypes.plain(schema, value);
            refuseStructure(plain);
            return scalar.of(plain);
        };
    }

    private static List<@Nullable Object> converted(Collection<?> list, Conversion elements) {
        List<@Nullable Object> converted = new ArrayList<>(list.size());
        for (Object each : list) {
            if (each instanceof Collection<?> inner) {
                converted.add(converted(inner, elements));
            } else {
                converted.add(each == null ? null : elements.of(each));
            }
        }
        return converted;
    }

    private static void refuseStructure(Object value) {
        if (value instanceof Struct || value instanceof Map) {
            throw new DataException(
                    "is a structure, which only a column of JSON holds; flatten it with the Flatten transform");
        }
        if (value instanceof Collection) {
            throw new DataException("is an array");
        }
    }

    private Conversion scalar(@Nullable Schema schema, Column column) {
        TemporalKind temporal = dialect.temporal(column);
        if (temporal != TemporalKind.NONE) {
            return new TemporalColumn(temporal, zone, schema);
        }
        return new ScalarColumn(column, schema);
    }
}
