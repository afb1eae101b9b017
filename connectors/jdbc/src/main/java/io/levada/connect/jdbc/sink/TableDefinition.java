/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** Writes CREATE TABLE and ALTER TABLE for records. */
record TableDefinition(Dialect dialect, Identifiers identifiers) {

    String create(Change change) {
        List<String> lines = new ArrayList<>();
        change.keys().forEach(field -> lines.add(column(field) + " NOT NULL"));
        change.others().forEach(field -> lines.add(column(field) + constraint(field)));
        if (!change.keys().isEmpty()) {
            lines.add("PRIMARY KEY (" + identifiers.list(change.keyNames(), "") + ")");
        }
        return "CREATE TABLE IF NOT EXISTS " + identifiers.sql(change.table()) + " (" + String.join(", ", lines) + ")";
    }

    /**
     * @throws ConnectException if a field is required and rows that exist could not have it
     */
    String add(TableId table, List<FieldValue> fields) {
        for (FieldValue field : fields) {
            Schema schema = schema(field);
            if (!schema.isOptional() && schema.defaultValue() == null) {
                throw new ConnectException("cannot add column " + field.name() + " to table " + table
                        + ": the field is required and has no default, which rows that exist would need; add the column"
                        + " yourself, or make the field optional");
            }
        }
        return "ALTER TABLE " + identifiers.sql(table) + " "
                + fields.stream()
                        .map(field -> "ADD COLUMN IF NOT EXISTS " + column(field) + constraint(field))
                        .collect(Collectors.joining(", "));
    }

    private String column(FieldValue field) {
        Schema schema = schema(field);
        return identifiers.sql(field.name()) + " "
                + dialect.columnType(schema)
                        .orElseThrow(() -> new ConnectException("no column type holds field " + field.name()
                                + " of type "
                                + schema.type() + "; flatten it with the Flatten transform, or leave it out with"
                                + " fields.whitelist"));
    }

    private static String constraint(FieldValue field) {
        Schema schema = schema(field);
        String literal = schema.name() == null ? literal(schema.defaultValue()) : "";
        return (literal.isEmpty() ? "" : " DEFAULT " + literal) + (schema.isOptional() ? "" : " NOT NULL");
    }

    /** Defaults of numbers, booleans and text; the record's own default is written in any case. */
    private static String literal(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof String text) {
            return "'" + text.replace("'", "''") + "'";
        }
        boolean finite = !(value instanceof Double d && !Double.isFinite(d))
                && !(value instanceof Float f && !Float.isFinite(f));
        return (value instanceof Number && finite) || value instanceof Boolean ? value.toString() : "";
    }

    private static Schema schema(FieldValue field) {
        if (field.schema() == null) {
            throw new ConnectException(
                    "the type of field " + field.name() + " is not known, because records come without a"
                            + " schema: create the table or column yourself, or use a converter with schemas (JsonConverter with"
                            + " schemas.enable=true, or AvroConverter)");
        }
        return field.schema();
    }
}
