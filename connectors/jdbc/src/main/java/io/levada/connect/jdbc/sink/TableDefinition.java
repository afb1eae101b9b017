/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** Writes CREATE TABLE and ALTER TABLE for records. */
record TableDefinition(Dialect dialect, Identifiers identifiers) {

    /**
     * The CREATE TABLE for changes of a shape.
     *
     * @throws DataException if a field has no type of column
     */
    String create(Shape shape) {
        List<String> lines = new ArrayList<>();
        shape.keys().forEach(field -> lines.add(column(field, true) + " NOT NULL"));
        shape.others().forEach(field -> lines.add(column(field, false) + constraint(field)));
        if (!shape.keys().isEmpty()) {
            lines.add("PRIMARY KEY ("
                    + identifiers.list(
                            shape.keys().stream().map(FieldShape::name).toList(), "")
                    + ")");
        }
        return dialect.createTable(identifiers.sql(shape.table()), lines);
    }

    /**
     * The statements that add columns.
     *
     * @throws DataException if a field is required and rows that exist could not have it, or has no type of column
     */
    List<String> add(TableId table, List<FieldShape> fields) {
        for (FieldShape field : fields) {
            Schema schema = schema(field);
            if (!schema.isOptional() && schema.defaultValue() == null) {
                throw new DataException("cannot add column " + field.name() + " to table " + table
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

    private String column(FieldShape field, boolean key) {
        Schema schema = schema(field);
        return identifiers.sql(field.name()) + " "
                + dialect.columnType(schema, key)
                        .orElseThrow(() -> new DataException("no column type holds field " + field.name() + " of type "
                                + schema.type() + "; flatten it with the Flatten transform, or leave it out with"
                                + " fields.whitelist"));
    }

    /** The record's own default is written in any case. */
    private String constraint(FieldShape field) {
        Schema schema = schema(field);
        String literal =
                schema.name() == null ? dialect.literal(schema.defaultValue()).orElse("") : "";
        return (literal.isEmpty() ? "" : " DEFAULT " + literal) + (schema.isOptional() ? "" : " NOT NULL");
    }

    private static Schema schema(FieldShape field) {
        if (field.schema() == null) {
            throw new DataException(
                    "the type of field " + field.name() + " is not known, because records come without a"
                            + " schema: create the table or column yourself, or use a converter with schemas (JsonConverter with"
                            + " schemas.enable=true, or AvroConverter)");
        }
        return field.schema();
    }
}
