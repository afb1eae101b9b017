/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.SchemaBuilder;

/** BYTEA, and types without a mapping, whose bytes are those of their text. */
final class Binary {

    private final BinaryMode mode;
    private final Placeholder placeholder;

    Binary(BinaryMode mode, Placeholder placeholder) {
        this.mode = mode;
        this.placeholder = placeholder;
    }

    ColumnMapping bytea() {
        return mapping(Binary::decoded);
    }

    ColumnMapping unknown() {
        return mapping((text, offset, length) -> {
            byte[] bytes = new byte[length];
            System.arraycopy(text, offset, bytes, 0, length);
            return bytes;
        });
    }

    private ColumnMapping mapping(Bytes bytes) {
        return switch (mode) {
            case BYTES -> mapping(SchemaBuilder::bytes, bytes, ByteBuffer::wrap, placeholder.bytes());
            case BASE64 ->
                mapping(SchemaBuilder::string, bytes, Base64.getEncoder()::encodeToString, placeholder.text());
            case BASE64_URL_SAFE ->
                mapping(SchemaBuilder::string, bytes, Base64.getUrlEncoder()::encodeToString, placeholder.text());
            case HEX -> mapping(SchemaBuilder::string, bytes, HexFormat.of()::formatHex, placeholder.text());
        };
    }

    private static ColumnMapping mapping(
            Supplier<SchemaBuilder> schemas, Bytes bytes, Function<byte[], Object> form, Object unavailable) {
        return new PlainMapping(
                schemas, (text, offset, length) -> form.apply(bytes.of(text, offset, length)), unavailable);
    }

    private interface Bytes {
        byte[] of(byte[] text, int offset, int length);
    }

    /** Of {@code \x} and two hexadecimal digits for each byte. */
    private static byte[] decoded(byte[] text, int offset, int length) {
        if (length < 2 || length % 2 != 0 || text[offset] != '\\' || text[offset + 1] != 'x') {
            throw Unreadable.value("bytea", text, offset, length);
        }
        byte[] bytes = new byte[length / 2 - 1];
        for (int i = 0; i < bytes.length; i++) {
            int both = hex(text[offset + 2 + 2 * i]) << 4 | hex(text[offset + 3 + 2 * i]);
            if (both < 0) {
                throw Unreadable.value("bytea", text, offset, length);
            }
            bytes[i] = (byte) both;
        }
        return bytes;
    }

    /** A digit's value, or -1. */
    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }

    /** Of hexadecimal digits alone, as PostGIS gives its geometries. */
    static byte[] hex(String type, byte[] text, int offset, int length) {
        try {
            return HexFormat.of().parseHex(new String(text, offset, length, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw Unreadable.value(type, text, offset, length);
        }
    }
}
