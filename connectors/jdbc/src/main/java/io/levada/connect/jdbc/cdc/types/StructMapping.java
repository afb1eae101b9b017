/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A mapping whose values are structs, which carry the schema of their column.
 *
 * @param readers a reader for each schema that the column may come to have
 */
record StructMapping(Supplier<SchemaBuilder> schemas, Function<Schema, Reader> readers, Reader reader)
        implements ColumnMapping {

    static StructMapping of(Supplier<SchemaBuilder> schemas, Function<Schema, Reader> readers) {
        return new StructMapping(schemas, readers, readers.apply(schemas.get().build()));
    }

    @Override
    public SchemaBuilder schema() {
        return schemas.get();
    }

    @Override
    public ColumnMapping withSchema(Schema schema) {
        return new StructMapping(schemas, readers, readers.apply(schema));
    }

    @Override
    public Object read(byte[] text, int offset, int length) {
        return reader.read(text, offset, length);
    }

    @Override
    public @Nullable Object unavailable() {
        return null;
    }
}
