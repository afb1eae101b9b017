/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** What one record does to one row: a shape, and a value for each of its fields. */
final class Change {

    private final SinkRecord record;
    private final Shape shape;
    private final @Nullable Object[] values;

    /** @param values in the order of the shape's fields; not copied */
    Change(SinkRecord record, Shape shape, @Nullable Object[] values) {
        this.record = record;
        this.shape = shape;
        this.values = values;
    }

    SinkRecord record() {
        return record;
    }

    Shape shape() {
        return shape;
    }

    /** How many fields the shape has. */
    int size() {
        return values.length;
    }

    /** The value of the shape's field at that place. */
    @Nullable
    Object value(int field) {
        return values[field];
    }

    /** The values of the primary key, comparable by equals. */
    Object key() {
        int size = shape.keys().size();
        if (size == 1) {
            return comparable(values[0]);
        }
        Object[] key = new Object[size];
        for (int i = 0; i < size; i++) {
            key[i] = comparable(values[i]);
        }
        return List.of(key);
    }

    private static Object comparable(@Nullable Object value) {
        if (value == null) {
            return Change.class; // Stands for null, which no list of keys takes.
        }
        return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
    }

    /** The same change by a shape with fewer fields. */
    Change reshaped(Shape narrower) {
        List<FieldShape> from = shape.fields();
        List<FieldShape> to = narrower.fields();
        @Nullable Object[] kept = new Object[to.size()];
        int next = 0;
        for (int i = 0; i < from.size() && next < kept.length; i++) {
            if (from.get(i).equals(to.get(next))) {
                kept[next++] = values[i];
            }
        }
        return new Change(record, narrower, next == kept.length ? kept : Arrays.copyOf(kept, next));
    }

    /** About how many bytes the values take. */
    long sizeBytes() {
        long size = 0;
        for (Object value : values) {
            size += sizeBytes(value);
        }
        return size;
    }

    private static long sizeBytes(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof byte[] bytes) {
            return bytes.length;
        }
        return value instanceof ByteBuffer buffer ? buffer.remaining() : Long.BYTES;
    }
}
