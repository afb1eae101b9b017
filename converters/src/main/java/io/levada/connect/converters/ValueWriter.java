/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Writes data of one schema as JSON. */
@FunctionalInterface
interface ValueWriter {

    /**
     * Writes exactly one JSON value.
     *
     * @throws DataException if the data does not fit the schema
     * @throws ClassCastException if the data is of another class than the schema's type has
     */
    void write(JsonGenerator out, @Nullable Object value) throws IOException;
}
