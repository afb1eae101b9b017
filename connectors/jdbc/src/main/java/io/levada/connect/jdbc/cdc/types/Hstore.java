/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Extension hstore: {@code "key"=>"value", "other"=>NULL}, with quotes and backslashes after a backslash. */
final class Hstore {

    private Hstore() {}

    static ColumnMapping mapping(HstoreMode mode, Placeholder placeholder) {
        Map<String, @Nullable String> unavailable = new HashMap<>(Map.of(placeholder.text(), placeholder.text()));
        return switch (mode) {
            case JSON ->
                new PlainMapping(
                        Text.named("io.debezium.data.Json"),
                        (text, offset, length) -> json(pairs(text, offset, length)),
                        json(unavailable));
            case MAP ->
                new PlainMapping(
                        () -> SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA),
                        Hstore::pairs,
                        unavailable);
        };
    }

    /** In the order of a HashMap, which Debezium's JSON shows. */
    private static Map<String, @Nullable String> pairs(byte[] text, int offset, int length) {
        Scanner scanner = new Scanner(text, offset, length);
        Map<String, @Nullable String> pairs = new HashMap<>();
        while (!scanner.atEnd()) {
            if (!pairs.isEmpty()) {
                scanner.skip(", ");
            }
            String key = scanner.quoted();
            scanner.skip("=>");
            pairs.put(key, scanner.value());
        }
        return pairs;
    }

    private static String json(Map<String, @Nullable String> pairs) {
        StringBuilder json = new StringBuilder("{");
        pairs.forEach((key, value) -> {
            if (json.length() > 1) {
                json.append(',');
            }
            putString(json, key);
            json.append(':');
            if (value == null) {
                json.append("null");
            } else {
                putString(json, value);
            }
        });
        return json.append('}').toString();
    }

    private static void putString(StringBuilder json, String value) {
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"', '\\' -> json.append('\\').append(character);
                case '\b' -> json.append("\\b");
                case '\t' -> json.append("\\t");
                case '\n' -> json.append("\\n");
                case '\f' -> json.append("\\f");
                case '\r' -> json.append("\\r");
                default -> {
                    if (character < ' ') {
                        json.append(String.format("\\u%04X", (int) character));
                    } else {
                        json.append(character);
                    }
                }
            }
        }
        json.append('"');
    }

    private static final class Scanner {
        private final byte[] text;
        private final int offset;
        private final int end;
        private int at;

        Scanner(byte[] text, int offset, int length) {
            this.text = text;
            this.offset = offset;
            at = offset;
            end = offset + length;
        }

        boolean atEnd() {
            return at == end;
        }

        void skip(String expected) {
            for (int i = 0; i < expected.length(); i++) {
                check(at < end && text[at] == expected.charAt(i));
                at++;
            }
        }

        @Nullable
        String value() {
            if (at < end && text[at] == 'N') {
                skip("NULL");
                return null;
            }
            return quoted();
        }

        String quoted() {
            skip("\"");
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            while (at < end && text[at] != '"') {
                if (text[at] == '\\') {
                    at++;
                }
                check(at < end);
                value.write(text[at++]);
            }
            skip("\"");
            return value.toString(StandardCharsets.UTF_8);
        }

        private void check(boolean understood) {
            if (!understood) {
                throw Unreadable.value("hstore", text, offset, end - offset);
            }
        }
    }
}
