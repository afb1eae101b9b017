/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Digests of rows, which stand for what is in them without keeping it. Not for use by several threads. */
final class RowDigest {

    private final MessageDigest digest;

    RowDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Half of a digest: among rows by the million two that differ do not share it. */
    record Value(long high, long low) {
        static final Value NONE = new Value(0, 0);
    }

    /** The same for rows with the same values. */
    Value of(Struct row) {
        add(row);
        return value();
    }

    /** The same for the same bytes. */
    Value of(byte[] bytes) {
        digest.update(bytes);
        return value();
    }

    private Value value() {
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new Value(bytes.getLong(), bytes.getLong());
    }

    private void add(@Nullable Object value) {
        if (value instanceof Struct struct) {
            for (Field field : struct.schema().fields()) {
                add(struct.get(field));
            }
        } else if (value instanceof List<?> list) {
            add(list.size());
            list.forEach(this::add);
        } else if (value instanceof byte[] bytes) {
            addBytes(bytes);
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            addBytes(bytes);
        } else if (value == null) {
            digest.update((byte) 0);
        } else if (value instanceof Double number) {
            addBytes(ByteBuffer.allocate(Double.BYTES)
                    .putDouble(number)
                    .array()); // its text differs between versions of Java
        } else if (value instanceof Float number) {
            addBytes(ByteBuffer.allocate(Float.BYTES).putFloat(number).array());
        } else {
            addBytes(text(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Their text shows no milliseconds. */
    @SuppressWarnings("JavaUtilDate") // the form that Connect gives its logical types
    private static String text(Object value) {
        return value instanceof Date date ? Long.toString(date.getTime()) : value.toString();
    }

    /** The length keeps neighbours apart. */
    private void addBytes(byte[] bytes) {
        digest.update((byte) 1);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
