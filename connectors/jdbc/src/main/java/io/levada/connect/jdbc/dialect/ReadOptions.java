/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import io.levada.connect.api.config.Option;
import java.time.ZoneId;

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
                                + " (INT64 since 1970-01-01 UTC), micros_string or nanos_string (the same as text).",
                defaultValue = "connect_logical",
                group = "Types")
        TimestampGranularity timestampGranularity,

        @Option(
                name = "db.timezone",
                doc = "Time zone in which to read timestamp columns that have none of their own.",
                defaultValue = "UTC",
                group = "Types")
        ZoneId zone) {}
