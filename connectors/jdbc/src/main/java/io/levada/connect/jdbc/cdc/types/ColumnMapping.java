/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** A column's values as Connect's. Stateless and shared between threads. */
public interface ColumnMapping {

    /** A fresh builder, required, without default; the caller adds {@code optional()}, a default and parameters. */
    SchemaBuilder schema();

    /** This mapping where its values are structs: of that schema, which the caller has built from {@link #schema()}. */
    default ColumnMapping withSchema(Schema schema) {
        return this;
    }

    /**
     * The value of PostgreSQL's text for it, which is never null.
     *
     * @param text in UTF-8
     * @throws DataException naming what cannot be read, shortened to 100 characters
     */
    Object read(byte[] text, int offset, int length);

    /** What stands for a TOASTed value that did not change and was not sent; null where the type has no such value. */
    @Nullable
    Object unavailable();

    /**
     * Whether a value of {@link #read} shows that the column's type has changed since this mapping was made: an enum with a
     * label of later. {@link TypeCatalog#refresh} and a new mapping then know it.
     */
    default boolean outdatedBy(Object value) {
        return false;
    }
}
