/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.api.config.Spelled;
import java.time.temporal.ChronoUnit;

/** What the numbers of {@code timestamp.fields.list} count. */
public enum TimestampPrecision implements Spelled {
    MICROSECONDS("microseconds", ChronoUnit.MICROS),
    NANOSECONDS("nanoseconds", ChronoUnit.NANOS);

    private final String spelling;
    private final ChronoUnit unit;

    TimestampPrecision(String spelling, ChronoUnit unit) {
        this.spelling = spelling;
        this.unit = unit;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    ChronoUnit unit() {
        return unit;
    }
}
