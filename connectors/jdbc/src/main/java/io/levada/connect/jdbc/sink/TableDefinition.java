/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** Writes CREATE TABLE and ALTER TABLE for records. */
record TableDefinition(Dialect dialect, Identifiers identifiers) {

    String create(Change change) {
        List<String> lines = new ArrayList<>();
        change.keys().forEach(field -> lines.add(column(field, true) + " NOT NULL"));
        change.others().forEach(field -> lines.add(column(field, false) + constraint(field)));
        if (!change.keys().isEmpty()) {
            lines.add("PRIMARY KEY (" + identifiers.list(change.keyNames(), "") + ")");
        }
        return dialect.createTable(identifiers.sql(change.table()), lines);
    }

    /**
     * @throws ConnectException if a field is required and rows that exist could not have it
     */
    List<String> add(TableId table, List<FieldValue> fields) {
        for (FieldValue field : fields) {
            Schema schema = schema(field);
            if (!schema.isOptional() && schema.defaultValue() == null) {
                throw new ConnectException("cannot add column " + field.name() + " to table " + table
                        + ": the field is required and has no default, which rows that exist would need; add the column"
                        + " yourself, or make the field optional");
            }
        }
        return dialect.addColumns(
                identifiers.sql(table),
                fields.stream()
                        .map(field -> column(field, false) + constraint(field))
                        .toList());
    }

    private String column(FieldValue field, boolean key) {
        Schema schema = schema(field);
        return identifiers.sql(field.name()) + " "
                + dialect.columnType(schema, key)
                        .orElseThrow(() -> new ConnectException("no column type holds field " + field.name()
                                + " of type "
                                + schema.type() + "; flatten it with the Flatten transform, or leave it out with"
                                + " fields.whitelist"));
    }

    private String constraint(FieldValue field) {
        Schema schema = schema(field);
        String literal =
                schema.name() == null ? dialect.literal(schema.defaultValue()).orElse("") : "";
        return (literal.isEmpty() ? "" : " DEFAULT " + literal) + (schema.isOptional() ? "" : " NOT NULL");
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
