/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Hears of updated rows before their events are made, since large values that did not change are not there. */
@FunctionalInterface
public interface Unavailable {

    /** Leaves the placeholders in their place. */
    Unavailable LEFT = (table, row, before, values, after) -> {};

    /**
     * An event of this row is about to be made.
     *
     * @param before values of the row before, if they were sent
     * @param values of the row, with placeholders
     * @param after made of them; its placeholders may be replaced until the event is handed over
     */
    void told(
            CapturedTable table,
            Tuple row,
            @Nullable Object @Nullable [] before,
            @Nullable Object[] values,
            Struct after);
}
