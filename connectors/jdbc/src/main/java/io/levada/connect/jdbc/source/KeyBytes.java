/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Keys of records as bytes and back. A key is its fields' values one after the other, each a byte that says what follows:
 *
 * <pre>
 * 0  null
 * 1  a whole number of any width: 8 bytes
 * 2  text: length (4 bytes), UTF-8
 * 3  bytes: length (4 bytes), bytes
 * 4  true        5  false
 * 6  a number with a fraction: 8 bytes, as IEEE 754 has it
 * 7  a Decimal: scale (4 bytes), length (4 bytes), the digits as a whole number
 * 8  one of Connect's moments, days or times: 8 bytes, milliseconds
 * </pre>
 *
 * <p>Many of them, one after the other, are kept compressed (RFC 1950) in Base64. The number 7 is {@code 01 00 00 00 00 00 00 00 07}.
 */
final class KeyBytes {

    private static final int NULL = 0;
    private static final int WHOLE = 1;
    private static final int TEXT = 2;
    private static final int BYTES = 3;
    private static final int TRUE = 4;
    private static final int FALSE = 5;
    private static final int FLOATING = 6;
    private static final int DECIMAL = 7;
    private static final int MOMENT = 8;

    private KeyBytes() {}

    /**
     * The form that keys of a schema have: those of another form cannot be compared with them.
     *
     * @param moments how the fields that were a moment in the database tell it, by their names
     * @throws ConnectException that names a field whose values have no form
     */
    static String form(Schema schema, Map<String, String> moments) {
        StringBuilder form = new StringBuilder();
        for (Field field : schema.fields()) {
            String type = switch (field.schema().type()) {
                case INT8, INT16, INT32, INT64 -> "INT";
                case FLOAT32, FLOAT64, STRING, BYTES, BOOLEAN ->
                    field.schema().type().name();
                case ARRAY, MAP, STRUCT ->
                    throw new ConnectException("column " + field.name() + " is in the records' key and of a type"
                            + " with parts, which " + DeleteOptions.DETECT + " cannot compare");
            };
            String name = field.schema().name();
            form.append(form.isEmpty() ? "" : ",")
                    .append(field.name().replace(',', ' '))
                    .append(':')
                    .append(type);
            form.append(name == null ? "" : " " + name.substring(name.lastIndexOf('.') + 1));
            Map<String, String> parameters = field.schema().parameters();
            String scale = parameters == null ? null : parameters.get(Decimal.SCALE_FIELD);
            form.append(scale == null ? "" : " of scale " + scale);
            String moment = moments.get(field.name());
            form.append(moment == null ? "" : " " + moment);
        }
        return form.toString();
    }

    static byte[] of(Struct key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Field field : key.schema().fields()) {
                write(out, key.get(field));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof Boolean truth) {
            out.writeByte(truth ? TRUE : FALSE);
        } else if (value instanceof Float || value instanceof Double) {
            out.writeByte(FLOATING);
            out.writeDouble(((Number) value).doubleValue());
        } else if (value instanceof BigDecimal decimal) {
            out.writeByte(DECIMAL);
            out.writeInt(decimal.scale());
            writeBytes(out, decimal.unscaledValue().toByteArray());
        } else if (value instanceof Number number) {
            out.writeByte(WHOLE);
            out.writeLong(number.longValue());
        } else if (value instanceof Date date) {
            out.writeByte(MOMENT);
            out.writeLong(date.getTime());
        } else if (value instanceof byte[] bytes) {
            out.writeByte(BYTES);
            writeBytes(out, bytes);
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            out.writeByte(BYTES);
            writeBytes(out, bytes);
        } else {
            out.writeByte(TEXT);
            writeBytes(out, utf8(value.toString()));
        }
    }

    /** Halves of a character would all be the same in UTF-8. */
    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!text.equals(new String(bytes, StandardCharsets.UTF_8))) {
            throw new DataException(
                    "a text in a record's key has half of a character (a surrogate without its other half), which "
                            + DeleteOptions.DETECT + "=keys cannot keep");
        }
        return bytes;
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Many keys as one text. */
    static String pack(Iterable<byte[]> keys) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            for (byte[] key : keys) {
                out.write(key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        } finally {
            deflater.end();
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    /**
     * The keys that {@link #pack} was given, in their order.
     *
     * @param fields how many values a key has
     * @throws ConnectException if the text is none of {@link #pack}
     */
    static List<byte[]> unpack(String text, int fields) {
        try (InflaterInputStream in = new InflaterInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            byte[] all = in.readAllBytes();
            List<byte[]> keys = new ArrayList<>();
            ByteBuffer buffer = ByteBuffer.wrap(all);
            while (buffer.hasRemaining()) {
                int start = buffer.position();
                for (int i = 0; i < fields; i++) {
                    skip(buffer);
                }
                byte[] key = new byte[buffer.position() - start];
                buffer.get(start, key);
                keys.add(key);
            }
            return keys;
        } catch (IOException | RuntimeException e) {
            throw new ConnectException(
                    "keys in a stored offset cannot be read; reset the connector's offsets to begin anew", e);
        }
    }

    private static void skip(ByteBuffer buffer) {
        int kind = buffer.get();
        switch (kind) {
            case NULL, TRUE, FALSE -> {}
            case WHOLE, FLOATING, MOMENT -> buffer.position(buffer.position() + Long.BYTES);
            case DECIMAL -> {
                buffer.getInt();
                skipBytes(buffer);
            }
            case TEXT, BYTES -> skipBytes(buffer);
            default -> throw new ConnectException("no kind of value is " + kind);
        }
    }

    private static void skipBytes(ByteBuffer buffer) {
        int length = buffer.getInt();
        buffer.position(buffer.position() + length);
    }

    /** The key again. */
    static Struct read(byte[] bytes, Schema schema) {
        Struct key = new Struct(schema);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            for (Field field : schema.fields()) {
                key.put(field, read(in, field.schema()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a key ends too early", e);
        }
        return key;
    }

    @SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
    private static @Nullable Object read(DataInputStream in, Schema schema) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case NULL -> null;
            case WHOLE -> whole(in.readLong(), schema);
            case TEXT -> new String(readBytes(in), StandardCharsets.UTF_8);
            case BYTES -> readBytes(in);
            case TRUE -> true;
            case FALSE -> false;
            case FLOATING -> floating(in.readDouble(), schema);
            case DECIMAL -> {
                int scale = in.readInt();
                yield new BigDecimal(new BigInteger(readBytes(in)), scale);
            }
            case MOMENT -> new Date(in.readLong());
            default -> throw new ConnectException("no kind of value is " + kind);
        };
    }

    private static Object floating(double value, Schema schema) {
        return schema.type() == Schema.Type.FLOAT32 ? (Object) (float) value : (Object) value;
    }

    /** The column may be wider now than it was, or narrower. */
    private static Object whole(long value, Schema schema) {
        Object fitting = switch (schema.type()) {
            case INT8 -> (byte) value;
            case INT16 -> (short) value;
            case INT32 -> (int) value;
            default -> value;
        };
        if (((Number) fitting).longValue() != value) {
            throw new ConnectException("the key " + value + " was told, and its column is too narrow for it now;"
                    + " reset the connector's offsets to begin anew");
        }
        return fitting;
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
