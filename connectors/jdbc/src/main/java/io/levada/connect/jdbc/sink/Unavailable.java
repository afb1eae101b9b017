/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What change capture writes in place of a large value that a change left as it was, since the log does not hold it. */
final class Unavailable {

    private final String text;
    private final byte[] bytes;
    private final String uuid;

    /** @param text the placeholder; empty for none */
    Unavailable(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
        this.uuid = UUID.nameUUIDFromBytes(bytes).toString();
    }

    /** True if one of the fields beside the key is a placeholder. */
    boolean isIn(Change change) {
        for (int i = change.shape().keys().size(); i < change.size(); i++) {
            if (is(change.value(i))) {
                return true;
            }
        }
        return false;
    }

    /** True if the value is a placeholder, as text, as bytes, or in a list or map of nothing else. */
    boolean is(@Nullable Object value) {
        if (text.isEmpty() || value == null) {
            return false;
        }
        if (value instanceof String string) {
            return string.equals(text);
        }
        if (value instanceof byte[] array) {
            return Arrays.equals(array, bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return buffer.equals(ByteBuffer.wrap(bytes));
        }
        if (value instanceof Map<?, ?> map) {
            return map.size() == 1 && is(map.keySet().iterator().next());
        }
        return value instanceof List<?> elements && isIn(elements);
    }

    /** Lists of text hold the placeholder, lists of uuid one made of it, lists of numbers its bytes. */
    private boolean isIn(List<?> elements) {
        if (elements.size() == 1 && elements.get(0) instanceof String element) {
            return element.equals(text) || element.equals(uuid);
        }
        if (elements.size() != bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (!(elements.get(i) instanceof Number number) || number.doubleValue() != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
