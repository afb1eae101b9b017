/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Types whose value is their text. */
final class Text {

    private Text() {}

    static String read(byte[] text, int offset, int length) {
        return new String(text, offset, length, StandardCharsets.UTF_8);
    }

    static Supplier<SchemaBuilder> named(String name) {
        return () -> SchemaBuilder.string().name(name).version(1);
    }
}
