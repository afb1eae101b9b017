/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Values cut to a length. */
final class Truncated {

    private Truncated() {}

    /** The first characters of a string, or bytes of bytes; any other value as it is. */
    static @Nullable Object of(@Nullable Object value, int length) {
        if (value instanceof String text && text.length() > length) {
            return text.substring(0, length);
        }
        if (value instanceof ByteBuffer bytes && bytes.remaining() > length) {
            ByteBuffer cut = bytes.duplicate();
            cut.limit(cut.position() + length);
            return cut.slice();
        }
        return value;
    }
}
