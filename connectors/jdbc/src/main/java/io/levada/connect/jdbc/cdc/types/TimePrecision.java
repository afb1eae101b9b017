/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/** What dates and times become, {@code time.precision.mode}. */
public enum TimePrecision {
    /** Milliseconds or microseconds, by the column's precision. */
    ADAPTIVE,
    /** As adaptive, but a time of day is always microseconds. */
    ADAPTIVE_TIME_MICROSECONDS,
    /** Connect's Date, Time and Timestamp, to the millisecond. */
    CONNECT,
    /** ISO 8601 text in UTC. */
    ISOSTRING,
    MICROSECONDS,
    NANOSECONDS,
    /** Structs of year, month, day and so on. */
    STRUCTURED
}
