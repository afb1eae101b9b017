/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/** What INTERVAL becomes, {@code interval.handling.mode}. */
public enum IntervalMode {
    /** Microseconds; a month counts as 365.25 / 12 days. */
    NUMERIC,
    /** ISO 8601 text, {@code P1Y2M3DT4H5M6.789S}. */
    STRING
}
