/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Values that are not to be seen. */
final class Masked {

    private static final String MASK = "****";

    private Masked() {}

    /** Text of the same four characters for every value, whatever its type and length; null stays null. */
    static ColumnReader reader(Column column) {
        SchemaBuilder schema = SchemaBuilder.string();
        if (column.optional()) {
            schema.optional();
        }
        // Only whether there is a value is asked for, in a form that every type has.
        return new ColumnReader(schema.build(), (rows, index) -> rows.getString(index) == null ? null : MASK);
    }
}
