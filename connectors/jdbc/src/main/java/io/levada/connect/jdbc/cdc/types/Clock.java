/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** The fields of a time of day in a struct. */
record Clock(Field hour, Field minute, Field second, Field nanos, Field precision) {

    static Clock of(Schema schema) {
        return new Clock(
                schema.field("hour"),
                schema.field("minute"),
                schema.field("second"),
                schema.field("nanos"),
                schema.field("precision"));
    }

    /** @param microOfDay to 24:00 */
    Struct put(Struct struct, long microOfDay, int digits) {
        int seconds = (int) (microOfDay / Calendar.MICROS_PER_SECOND);
        return struct.put(hour, (byte) (seconds / 3600))
                .put(minute, (byte) (seconds / 60 % 60))
                .put(second, (byte) (seconds % 60))
                .put(nanos, (int) (microOfDay % Calendar.MICROS_PER_SECOND) * 1000)
                .put(precision, digits);
    }
}
