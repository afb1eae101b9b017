/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Reads data of one schema from JSON. */
@FunctionalInterface
interface ValueReader {

    /**
     * Reads the JSON value that starts at the parser's current token, and leaves the parser at its last token.
     *
     * @throws DataException if the JSON does not fit the schema
     */
    @Nullable
    Object read(JsonParser in) throws IOException;
}
