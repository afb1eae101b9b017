/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** A record's key: a struct of columns that the value has, too. Made once for the shape of a result. */
final class RecordKey {

    /** Records without a key. */
    static final RecordKey NONE = new RecordKey(null, List.of());

    private final @Nullable Schema schema;
    private final List<Field> from;

    private RecordKey(@Nullable Schema schema, List<Field> from) {
        this.schema = schema;
        this.from = from;
    }

    /**
     * Makes the keys of rows of a shape.
     *
     * @param option by which they are in the key
     * @param columns in the key's order; empty for no key
     * @throws OptionFault that names a column that is not read, or masked
     */
    static RecordKey of(Relation relation, String option, List<String> columns, Schema rows) {
        if (columns.isEmpty()) {
            return NONE;
        }
        SchemaBuilder key = SchemaBuilder.struct();
        for (String column : columns) {
            Field field = rows.field(column);
            if (field == null || relation.columns().masks(column)) {
                throw new OptionFault(
                        option,
                        "column " + column + " of " + relation
                                + " is to be in the records' key, but is " + (field == null ? "not read" : "masked")
                                + "; see record.key and the lists of columns");
            }
            key.field(column, field.schema());
        }
        return new RecordKey(key.build(), columns.stream().map(rows::field).toList());
    }

    /** Null without a key. */
    @Nullable
    Schema schema() {
        return schema;
    }

    /** The key of a row; null without one. */
    @Nullable
    Struct of(Struct row) {
        if (schema == null) {
            return null;
        }
        Struct key = new Struct(schema);
        for (int i = 0; i < from.size(); i++) {
            key.put(schema.fields().get(i), row.get(from.get(i)));
        }
        return key;
    }
}
