/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/** How new rows are found. */
public record ModeOptions(
        @Option(
                name = "mode",
                doc =
                        "bulk reads everything at each poll. incrementing finds new rows by a growing number. timestamp finds new"
                                + " and changed rows by the time of their change. timestamp+incrementing does so by both and is the"
                                + " most exact.",
                importance = Importance.HIGH,
                group = "Mode")
        Mode mode,

        @Option(
                name = "incrementing.column.name",
                doc = "The column that grows with each new row; empty takes the table's auto-increment column.",
                defaultValue = "",
                group = "Mode")
        String incrementingColumn,

        @Option(
                name = "timestamp.column.name",
                doc = "The column that holds when a row changed; of several, the first that is not null counts.",
                defaultValue = "",
                group = "Mode")
        List<String> timestampColumns,

        @Option(
                name = "timestamp.initial",
                doc =
                        "Where to begin without stored offsets: milliseconds since 1970-01-01 UTC, -1 for now; not set begins with"
                                + " the oldest row.",
                optional = true,
                min = -1,
                importance = Importance.LOW,
                group = "Mode")
        @Nullable
        Long timestampInitial,

        @Option(
                name = "timestamp.delay.interval.ms",
                doc = "Milliseconds that a row's timestamp must be in the past before it is read.",
                defaultValue = "0",
                group = "Mode")
        Duration timestampDelay,

        @Option(
                name = "validate.non.null",
                doc =
                        "Refuse tables whose incrementing column, or all of whose timestamp columns, may be null: such rows would"
                                + " never be seen.",
                defaultValue = "true",
                importance = Importance.LOW,
                group = "Mode")
        boolean validateNonNull,

        @Option(
                name = "exact.bounds",
                doc =
                        "Whether a poll waits for transactions that may still commit rows in the range it is about to read."
                                + " writers: for those that have written; all: for every open one; off: for none, so that rows which"
                                + " commit late are missed unless timestamp.delay.interval.ms covers them. Numbers that applications"
                                + " take from a sequence in advance (CACHE above 1) are beyond what a database can tell.",
                defaultValue = "writers",
                group = "Mode")
        ExactBounds exactBounds) {

    public ModeOptions {
        timestampColumns = List.copyOf(timestampColumns);
        if (mode.usesTimestamp() && timestampColumns.isEmpty()) {
            throw new OptionException("timestamp.column.name", null, "must be set when mode is " + mode.spelling());
        }
        if (!mode.usesTimestamp() && !timestampColumns.isEmpty()) {
            throw new OptionException(
                    "timestamp.column.name", timestampColumns, "has no meaning when mode is " + mode.spelling());
        }
        if (!mode.usesIncrementing() && !incrementingColumn.isEmpty()) {
            throw new OptionException(
                    "incrementing.column.name", incrementingColumn, "has no meaning when mode is " + mode.spelling());
        }
    }
}
