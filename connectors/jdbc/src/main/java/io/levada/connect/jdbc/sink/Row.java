/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** A change that is ready to be executed. */
final class Row {

    private final Change change;
    private final Target target;
    private final @Nullable Object[] values;

    /** @param values of the target's columns, keys first; not copied */
    Row(Change change, Target target, @Nullable Object[] values) {
        this.change = change;
        this.target = target;
        this.values = values;
    }

    SinkRecord record() {
        return change.record();
    }

    Target target() {
        return target;
    }

    TableId table() {
        return target.shape().table();
    }

    Shape.Kind kind() {
        return target.shape().kind();
    }

    /** Of the target's columns, keys first; not to be changed. */
    @Nullable
    Object[] values() {
        return values;
    }

    Object key() {
        return change.key();
    }

    long sizeBytes() {
        return change.sizeBytes();
    }
}
