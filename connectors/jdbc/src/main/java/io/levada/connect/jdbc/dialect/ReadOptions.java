/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import io.levada.connect.api.config.Option;
import java.time.ZoneId;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** How values of the database become values of records. */
public record ReadOptions(
        @Option(
                name = "numeric.mapping",
                doc =
                        "What NUMERIC columns become. readable: whole numbers up to 18 digits INT64, fractions up to 15 digits"
                                + " FLOAT64, anything that these could not hold exactly STRING. none: Connect's Decimal. precision_only:"
                                + " whole numbers become integers of fitting size, others Decimal. best_fit: as precision_only, and"
                                + " fractions up to 18 digits FLOAT64. best_fit_eager_double: all fractions FLOAT64.",
                defaultValue = "readable",
                group = "Types")
        NumericMapping numericMapping,

        @Option(
                name = "timestamp.granularity",
                doc =
                        "What timestamps become: connect_logical (Connect's Timestamp, milliseconds), micros_long, nanos_long"
                                + " (INT64 since 1970-01-01 UTC), micros_string, nanos_string (the same as text),"
                                + " micros_iso_datetime_string or nanos_iso_datetime_string (as 2024-01-01T10:00:00.123456, in"
                                + " UTC). Digits that the form has no room for are cut.",
                defaultValue = "connect_logical",
                group = "Types")
        TimestampGranularity timestampGranularity,

        @Option(
                name = "time.mapping",
                doc = "What times of day become: connect_logical (Connect's Time, milliseconds; a time that is finer is"
                        + " refused), connect_logical_cut (the same, and further digits are cut), or text, the database's own"
                        + " form.",
                defaultValue = "connect_logical",
                importance = Importance.LOW,
                group = "Types")
        TimeMapping timeMapping,

        @Option(
                name = "db.timezone",
                doc = "Time zone in which to read timestamp columns that have none of their own.",
                defaultValue = "UTC",
                group = "Types")
        ZoneId zone,

        @Option(
                name = "array.mapping",
                doc =
                        "What arrays become: list (Connect's ARRAY, of one dimension), or text, the database's own form, which"
                                + " holds arrays of several dimensions too.",
                defaultValue = "list",
                importance = Importance.LOW,
                group = "Types")
        ArrayMapping arrayMapping,

        @Option(
                name = "on.unreadable.value",
                doc =
                        "What to do with a value that has no form in Connect, such as an infinite date: fail, or null (which"
                                + " is logged).",
                defaultValue = "fail",
                importance = Importance.LOW,
                group = "Types")
        OnUnreadable onUnreadable) {}
