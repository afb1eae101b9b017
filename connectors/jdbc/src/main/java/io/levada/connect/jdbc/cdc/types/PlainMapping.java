/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.function.Supplier;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** A mapping whose values know nothing of their schema. */
record PlainMapping(
        Supplier<SchemaBuilder> schemas,
        Reader reader,
        @Nullable Object unavailable) implements ColumnMapping {

    /** For types that PostgreSQL never stores apart from their row. */
    static PlainMapping of(Supplier<SchemaBuilder> schemas, Reader reader) {
        return new PlainMapping(schemas, reader, null);
    }

    @Override
    public SchemaBuilder schema() {
        return schemas.get();
    }

    @Override
    public Object read(byte[] text, int offset, int length) {
        return reader.read(text, offset, length);
    }
}
