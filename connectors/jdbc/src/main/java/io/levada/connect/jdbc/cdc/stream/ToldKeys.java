/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.table.TableName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Rows of which a change was told since some moment. Used by the capturing thread. */
final class ToldKeys {

    private final int max;
    private final Set<Row> rows = new HashSet<>();

    /** Keys are compared by their values: their schemas may be another's, as those of enums that got a label. */
    private record Row(TableName table, List<@Nullable Object> key) {}

    /** @param max keys that may be kept */
    ToldKeys(int max) {
        this.max = max;
    }

    /** No more is kept once there are so many, as after a large transaction: then they are of no use. */
    void add(TableName table, Struct key) {
        if (!isFull()) {
            rows.add(row(table, key));
        }
    }

    boolean has(TableName table, @Nullable Struct key) {
        return key != null && !rows.isEmpty() && rows.contains(row(table, key));
    }

    /** Whether rows may be missing here. */
    boolean isFull() {
        return rows.size() >= max;
    }

    void clear() {
        rows.clear();
    }

    private static Row row(TableName table, Struct key) {
        List<@Nullable Object> values = new ArrayList<>(key.schema().fields().size());
        for (Field field : key.schema().fields()) {
            Object value = key.get(field);
            values.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
        }
        return new Row(table, values);
    }
}
