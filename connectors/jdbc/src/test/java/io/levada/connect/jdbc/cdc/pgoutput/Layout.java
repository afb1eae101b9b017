/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.pgoutput;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the parts of a message, for tests. */
public final class Layout {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private Layout() {}

    /** Begins with the type. */
    public static Layout message(String type) throws IOException {
        return new Layout().raw(type.charAt(0));
    }

    public Layout raw(int value) throws IOException {
        out.writeByte(value);
        return this;
    }

    public Layout shorts(int value) throws IOException {
        out.writeShort(value);
        return this;
    }

    public Layout ints(int value) throws IOException {
        out.writeInt(value);
        return this;
    }

    public Layout longs(long value) throws IOException {
        out.writeLong(value);
        return this;
    }

    public Layout text(String value) throws IOException {
        out.write(value.getBytes(StandardCharsets.UTF_8));
        return raw(0);
    }

    /** Columns; null is null, "u" one that was not sent. */
    public Layout tuple(@Nullable String... columns) throws IOException {
        shorts(columns.length);
        for (@Nullable String column : columns) {
            if (column == null) {
                raw('n');
            } else if (column.equals("u")) {
                raw('u');
            } else {
                byte[] text = column.getBytes(StandardCharsets.UTF_8);
                raw('t').ints(text.length);
                out.write(text);
            }
        }
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
