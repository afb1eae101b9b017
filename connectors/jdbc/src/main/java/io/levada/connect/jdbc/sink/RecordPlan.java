/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * How records of one form become changes: made once for their schemas, or the names in their maps, then used for each.
 *
 * @param sources one for each field of the shape
 */
record RecordPlan(Shape shape, List<Source> sources) {

    RecordPlan {
        sources = List.copyOf(sources);
    }

    /** Where a field's value is found. */
    interface Source {
        /**
         * Reads it.
         *
         * @param key the structure that holds the key, if there is one
         * @param value the structure that holds the row, if there is one
         */
        @Nullable
        Object of(SinkRecord record, @Nullable Object key, @Nullable Object value);
    }

    Change change(SinkRecord record, @Nullable Object key, @Nullable Object value) {
        @Nullable Object[] values = new Object[sources.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = sources.get(i).of(record, key, value);
        }
        return new Change(record, shape, values);
    }
}
