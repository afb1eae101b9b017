/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** What a column says about time. */
public enum TemporalKind {
    /** Nothing. */
    NONE,
    /** A day: {@link java.time.LocalDate}. */
    DATE,
    /** A time of day: {@link java.time.LocalTime}. */
    TIME,
    /** What clocks and calendars show: {@link java.time.LocalDateTime}. */
    TIMESTAMP,
    /** A moment: {@link java.time.OffsetDateTime}. */
    TIMESTAMP_WITH_ZONE;

    /** True for {@link #TIMESTAMP} and {@link #TIMESTAMP_WITH_ZONE}. */
    public boolean isTimestamp() {
        return this == TIMESTAMP || this == TIMESTAMP_WITH_ZONE;
    }
}
