/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Bytes of one kind of message to Connect data; {@link JsonConverter} picks the kind once. */
interface JsonDecoder {

    /**
     * Reads the first JSON value in {@code bytes}.
     *
     * @throws DataException if the JSON does not fit the schema or the kind of message
     * @throws JsonProcessingException if the bytes are no JSON
     */
    SchemaAndValue decode(byte[] bytes) throws IOException;

    /** Messages that are the data, of one schema known beforehand or of none. */
    record Plain(ObjectMapper mapper, @Nullable Schema schema, ValueReader reader) implements JsonDecoder {

        @Override
        public SchemaAndValue decode(byte[] bytes) throws IOException {
            try (JsonParser in = mapper.createParser(bytes)) {
                if (in.nextToken() != null) {
                    return new SchemaAndValue(schema, reader.read(in));
                } else if (schema == null) {
                    return SchemaAndValue.NULL;
                }
                throw new DataException(
                        "Cannot read JSON: the message is empty, but schema.content asks for " + schema);
            }
        }
    }
}
