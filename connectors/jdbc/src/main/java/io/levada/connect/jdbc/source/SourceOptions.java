/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.ReadOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that reading needs to know, apart from the connection. */
public record SourceOptions(
        TableOptions tables,
        ColumnOptions columns,
        ModeOptions mode,
        PollOptions poll,
        ReadOptions types,
        TopicOptions topics,
        DeleteOptions deletes) {

    public SourceOptions {
        if (tables.isQuery()) {
            checkQuery(columns, mode, topics);
        } else {
            columns.checkForTables();
        }
        if (!tables.querySuffix().isEmpty() && mode.exactBounds() != ExactBounds.OFF) {
            checkSuffix(tables, mode.mode());
        }
        if (deletes.isOn()) {
            checkDeletes(mode, poll, topics);
        }
    }

    /** Only a table's number is taken to be of one row each: then a limit cuts off between two places. */
    private static void checkSuffix(TableOptions tables, Mode mode) {
        if (mode == Mode.TIMESTAMP) {
            throw new OptionException(
                    "query.suffix",
                    tables.querySuffix(),
                    "could cut off rows of the same moment, which mode timestamp would then miss; "
                            + (tables.isQuery()
                                    ? "remove it, since batch.max.rows limits what is read at once"
                                    : "use mode=timestamp+incrementing")
                            + ", or set exact.bounds=off to accept that");
        }
        if (tables.isQuery() && mode.usesIncrementing()) {
            throw new OptionException(
                    "query.suffix",
                    tables.querySuffix(),
                    "could cut off rows of the same number, of which a query may have several, and which would then be"
                            + " missed; remove it, since batch.max.rows limits what is read at once, or set"
                            + " exact.bounds=off to accept that");
        }
    }

    private static void checkDeletes(ModeOptions mode, PollOptions poll, TopicOptions topics) {
        refuseDeletes(
                topics.key() == KeySource.NONE,
                "needs keys in the records: set record.key=primary_key, or record.key=columns and record.key.columns");
        refuseDeletes(
                mode.mode() == Mode.BULK,
                "cannot be with mode=bulk, which keeps no offsets and so does not know what it told");
        refuseDeletes(
                mode.lateRowsWindow() != null && !mode.lateRowsWindow().isZero(),
                "cannot be with late.rows.window.ms, which tells rows once more after a restart");
        refuseDeletes(
                poll.isolation() == PollOptions.Isolation.READ_UNCOMMITTED,
                "needs to see all rows that are there, which transaction.isolation.mode=READ_UNCOMMITTED does not promise");
    }

    private static void refuseDeletes(boolean wrong, String reason) {
        if (wrong) {
            throw new OptionException(DeleteOptions.DETECT, "keys", reason);
        }
    }

    /** The options that change nothing beside the others, each with the reason. */
    public Map<String, String> unused() {
        Map<String, String> unused = new LinkedHashMap<>();
        if (tables.isQuery()) {
            for (String key : List.of(
                    "topic.name.format",
                    "catalog.pattern",
                    "schema.pattern",
                    "table.types",
                    "table.poll.interval.ms")) {
                unused.put(key, "has no effect with query, which is no table and goes to the topic topic.prefix");
            }
        }
        if (mode.mode() == Mode.BULK) {
            for (String key : List.of("exact.bounds", "late.rows.window.ms")) {
                unused.put(key, "has no effect with mode=bulk, which reads all at each poll");
            }
        }
        if (mode.mode() != Mode.INCREMENTING) {
            unused.put(
                    "incrementing.initial",
                    "has no effect with mode=" + mode.mode().spelling() + ", which does not begin at a number");
        }
        if (!mode.mode().usesTimestamp()) {
            for (String key : List.of("timestamp.initial", "timestamp.delay.interval.ms")) {
                unused.put(key, "has no effect with mode=" + mode.mode().spelling() + ", which follows no timestamp");
            }
        }
        return unused;
    }

    private static void checkQuery(ColumnOptions columns, ModeOptions mode, TopicOptions topics) {
        if (mode.mode().usesIncrementing() && mode.incrementingColumn().isEmpty()) {
            throw new OptionException(
                    "incrementing.column.name", null, "must be set with query: a query has no auto-increment column");
        }
        if (mode.mode().usesTimestamp() && mode.timestampColumns().isEmpty()) {
            throw new OptionException(
                    "timestamp.column.name", null, "must be set with query: timestamp.columns.mapping is for tables");
        }
        refuse(ColumnOptions.INCLUDE, columns.includeList());
        refuse(ColumnOptions.EXCLUDE, columns.excludeList());
        if (topics.key() == KeySource.PRIMARY_KEY) {
            throw new OptionException(
                    "record.key",
                    "primary_key",
                    "has no meaning with query; name the key's columns by record.key=columns and record.key.columns");
        }
    }

    private static void refuse(String key, List<String> value) {
        if (!value.isEmpty()) {
            throw new OptionException(key, value, "has no meaning with query; name the columns in the query");
        }
    }
}
