/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one record does to one row.
 *
 * @param delete true if the row goes; then {@code others} is empty
 * @param keys the fields of the primary key
 * @param others all other fields
 */
record Change(SinkRecord record, TableId table, boolean delete, List<FieldValue> keys, List<FieldValue> others) {

    Change {
        keys = List.copyOf(keys);
        others = List.copyOf(others);
    }

    /** True if both can be executed by the same statement. */
    boolean isLike(Change other) {
        return delete == other.delete
                && table.equals(other.table)
                && alike(keys, other.keys)
                && alike(others, other.others);
    }

    private static boolean alike(List<FieldValue> left, List<FieldValue> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            boolean same = left.get(i).name().equals(right.get(i).name())
                    && (left.get(i).schema() == right.get(i).schema()
                            || Objects.equals(left.get(i).schema(), right.get(i).schema()));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** The values of the primary key, comparable by equals. */
    List<@Nullable Object> keyValues() {
        List<@Nullable Object> values = new ArrayList<>(keys.size());
        for (FieldValue key : keys) {
            values.add(key.value() instanceof byte[] bytes ? java.nio.ByteBuffer.wrap(bytes) : key.value());
        }
        return values;
    }

    List<FieldValue> fields() {
        List<FieldValue> fields = new ArrayList<>(keys);
        fields.addAll(others);
        return fields;
    }

    List<String> keyNames() {
        return keys.stream().map(FieldValue::name).toList();
    }

    List<String> otherNames() {
        return others.stream().map(FieldValue::name).toList();
    }
}
