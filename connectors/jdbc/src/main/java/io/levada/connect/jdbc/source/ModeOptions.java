/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.OpenTransactions;
import io.levada.connect.jdbc.dialect.TableId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
                name = "incrementing.column.mapping",
                doc = "The column that grows, by table: entries of a regular expression for schema.table or"
                        + " database.schema.table, a colon and the column; the first that matches counts. Instead of"
                        + " incrementing.column.name.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Mode")
        List<String> incrementingMapping,

        @Option(
                name = "incrementing.initial",
                doc =
                        "Where to begin without stored offsets in mode incrementing: rows with this number or a lower one are"
                                + " not read; not set begins with the lowest.",
                optional = true,
                importance = Importance.LOW,
                group = "Mode")
        @Nullable
        Long incrementingInitial,

        @Option(
                name = "timestamp.column.name",
                doc = "The column that holds when a row changed; of several, the first that is not null counts.",
                defaultValue = "",
                group = "Mode")
        List<String> timestampColumns,

        @Option(
                name = "timestamp.columns.mapping",
                doc = "The timestamp columns, by table: entries of a regular expression for schema.table or"
                        + " database.schema.table, a colon and the columns as [a|b]; the first that matches counts. Instead"
                        + " of timestamp.column.name.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Mode")
        List<String> timestampMapping,

        @Option(
                name = "timestamp.initial",
                doc = "Where to begin without stored offsets: milliseconds since 1970-01-01 UTC, -1 for now, which is"
                        + " the time of each start until a record has been stored; not set begins with the oldest row.",
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
                        "Whether a poll waits for transactions that may still commit rows in the range it is about to read. all: for"
                                + " every open transaction of the database, so that a long one (a report, a session left idle in a"
                                + " transaction) holds new rows back until it ends. writers: only for those that have written; rows are"
                                + " missed whose transaction took their number or time before it wrote, as DEFAULT now() and Hibernate's"
                                + " sequences do. off: for none, so that rows which commit late are missed unless"
                                + " timestamp.delay.interval.ms covers them.",
                defaultValue = "all",
                group = "Mode")
        ExactBounds exactBounds,

        @Option(
                name = "late.rows.window.ms",
                doc =
                        "How far back rows are looked for again that became visible after rows behind them: the range that was read"
                                + " in these last milliseconds (at most 100000 rows) is read again at each poll, and what is new in it is"
                                + " handed over. For databases that do not tell which transactions are open, and for numbers that"
                                + " applications take in advance; 0 for not at all. Over a restart it looks only"
                                + " among the last 1000 rows. Not set means 60000 where rows may commit late and"
                                + " the database does not tell (MySQL, SQL Server, Oracle, H2), unless exactly.once.support is required, and"
                                + " else 0.",
                optional = true,
                importance = Importance.LOW,
                group = "Mode")
        @Nullable
        Duration lateRowsWindow) {

    private static final Duration LATE_ROWS_WINDOW = Duration.ofMinutes(1);

    public ModeOptions {
        incrementingMapping = List.copyOf(incrementingMapping);
        timestampColumns = List.copyOf(timestampColumns);
        timestampMapping = List.copyOf(timestampMapping);
        boolean moments = !timestampColumns.isEmpty() || !timestampMapping.isEmpty();
        if (mode.usesTimestamp() && !moments) {
            throw new OptionException("timestamp.column.name", null, "must be set when mode is " + mode.spelling());
        }
        refuseUnused(mode, mode.usesTimestamp(), "timestamp.column.name", timestampColumns);
        refuseUnused(mode, mode.usesTimestamp(), "timestamp.columns.mapping", timestampMapping);
        refuseUnused(
                mode,
                mode.usesIncrementing(),
                "incrementing.column.name",
                incrementingColumn.isEmpty() ? List.of() : List.of(incrementingColumn));
        refuseUnused(mode, mode.usesIncrementing(), "incrementing.column.mapping", incrementingMapping);
        ColumnMapping.check("incrementing.column.mapping", incrementingMapping, !incrementingColumn.isEmpty());
        ColumnMapping.check("timestamp.columns.mapping", timestampMapping, !timestampColumns.isEmpty());
    }

    /**
     * How far back late rows are looked for again; zero for not at all.
     *
     * @param once whether rows are read once unless a window is asked for, whatever is missed
     */
    public Duration lateRowsWindow(Dialect dialect, boolean once) {
        if (mode == Mode.BULK) {
            return Duration.ZERO;
        }
        if (lateRowsWindow != null) {
            return lateRowsWindow;
        }
        return once || !dialect.hidesLateCommits() ? Duration.ZERO : LATE_ROWS_WINDOW;
    }

    private static void refuseUnused(Mode mode, boolean used, String key, List<String> value) {
        if (!used && !value.isEmpty()) {
            throw new OptionException(key, value, "has no meaning when mode is " + mode.spelling());
        }
    }

    /** The knowledge of open transactions that polls wait by; nothing if they wait for none. */
    Optional<OpenTransactions> awaited(Dialect dialect) {
        return mode == Mode.BULK || exactBounds == ExactBounds.OFF ? Optional.empty() : dialect.openTransactions();
    }

    /** The number's column; empty to take the table's auto-increment column. */
    String incrementingColumn(@Nullable TableId table) {
        return table == null || incrementingMapping.isEmpty()
                ? incrementingColumn
                : ColumnMapping.of(incrementingMapping, table).stream()
                        .findFirst()
                        .orElse("");
    }

    /** The timestamps' columns; empty if there is none for the table. */
    List<String> timestampColumns(@Nullable TableId table) {
        return table == null || timestampMapping.isEmpty()
                ? timestampColumns
                : ColumnMapping.of(timestampMapping, table);
    }

    /** The key that says so. */
    String timestampKey() {
        return timestampMapping.isEmpty() ? "timestamp.column.name" : "timestamp.columns.mapping";
    }

    /** The key that says so. */
    String incrementingKey() {
        return incrementingMapping.isEmpty() ? "incrementing.column.name" : "incrementing.column.mapping";
    }
}
