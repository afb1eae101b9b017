/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/** Reads text as it comes, from the middle of other bytes, and shows values in one line. */
final class Reading {

    private Reading() {}

    /** A value that the mapping's schema takes. */
    static Object read(ColumnMapping mapping, String value) {
        Object read = read(mapping::read, value);
        ConnectSchema.validateValue(mapping.schema().build(), read);
        return read;
    }

    static Object read(Reader reader, String value) {
        byte[] text = ("9{" + value + "}9").getBytes(StandardCharsets.UTF_8);
        return reader.read(text, 2, text.length - 4);
    }

    /** Bytes are hexadecimal, structs the values of their fields that have one. */
    static String shown(Object value) {
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return HexFormat.of().formatHex(copy);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Reading::shown).toList().toString();
        }
        if (value instanceof Struct struct) {
            StringBuilder shown = new StringBuilder();
            for (Field field : struct.schema().fields()) {
                if (struct.get(field) != null) {
                    shown.append(shown.isEmpty() ? "" : " ").append(shown(struct.get(field)));
                }
            }
            return shown.toString();
        }
        return String.valueOf(value);
    }
}
