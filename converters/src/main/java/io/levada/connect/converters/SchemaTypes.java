/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import java.util.Locale;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/** The names of the types in JSON schemas. */
final class SchemaTypes {

    private SchemaTypes() {}

    static String name(Schema.Type type) {
        return switch (type) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            default -> type.name().toLowerCase(Locale.ROOT);
        };
    }

    /** @throws DataException if no type has this name */
    static Schema.Type named(String name) {
        for (Schema.Type type : Schema.Type.values()) {
            if (name(type).equals(name)) {
                return type;
            }
        }
        throw new DataException("Cannot read a JSON schema: there is no type '" + name + "'");
    }
}
