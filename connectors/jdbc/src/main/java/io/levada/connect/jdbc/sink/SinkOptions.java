/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.Quoting;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/** How records are written. */
public record SinkOptions(
        @Option(
                name = "insert.mode",
                doc =
                        "insert adds a row for each record; upsert adds it or replaces the one of the same key; update changes"
                                + " existing rows only.",
                defaultValue = "insert",
                importance = Importance.HIGH,
                group = "Writes")
        InsertMode insertMode,

        @Option(
                name = "batch.size",
                doc = "Most records in one batch.",
                defaultValue = "3000",
                min = 1,
                group = "Writes")
        int batchSize,

        @Option(
                name = "delete.enabled",
                doc =
                        "Whether a record without a value, or the event of a deletion, deletes the row of its key; needs pk.mode=record_key.",
                defaultValue = "false",
                group = "Writes")
        boolean deleteEnabled,

        @Option(
                name = "unwrap.change.events",
                doc =
                        "Whether the envelopes of change capture, ours and Debezium's, are taken apart: what an event tells of its row"
                                + " is written, an event of a deletion deletes, if delete.enabled is set, and one of a TRUNCATE empties"
                                + " the table, if truncate.enabled is set. Other records are written as they are.",
                defaultValue = "false",
                group = "Writes")
        boolean unwrapsChangeEvents,

        @Option(
                name = "truncate.enabled",
                doc = "Whether the event of a TRUNCATE empties the table; needs unwrap.change.events=true.",
                defaultValue = "false",
                group = "Writes")
        boolean truncateEnabled,

        @Option(
                name = "unavailable.value.placeholder",
                doc =
                        "The value by which change capture says that a change left a large value as it was. With insert.mode upsert or"
                                + " update such a field is left out, and the row, which must be there, keeps what it has. Empty for none.",
                defaultValue = "__debezium_unavailable_value",
                importance = Importance.LOW,
                group = "Writes")
        String unavailablePlaceholder,

        @Option(
                name = "bulk.rows.min",
                doc =
                        "Batches of at least so many rows are written by the database's way for many rows, if it has one (PostgreSQL:"
                                + " COPY for inserts, else a statement with an array for each column); 0 for never.",
                defaultValue = "100",
                min = 0,
                importance = Importance.LOW,
                group = "Writes")
        int bulkRowsMin,

        @Option(
                name = "offsets.table",
                doc =
                        "Writes each record exactly once: the name of a table, made if it is missing, in which the offsets are kept that"
                                + " are committed together with the rows. When a task starts it reads on from there, and no"
                                + " earlier task can write to its partitions any more. Not set leaves the offsets to Kafka alone.",
                optional = true,
                group = "Writes")
        @Nullable
        String offsetsTable,

        @Option(
                name = "table.name.format",
                doc = "The table, where ${topic} stands for the topic's name; may be schema.table.",
                defaultValue = "${topic}",
                group = "Tables")
        String tableNameFormat,

        @Option(
                name = "topics.to.tables.mapping",
                doc = "Tables of single topics, as topic:table, before table.name.format. The name of a table may be"
                        + " schema.table.",
                defaultValue = "",
                group = "Tables")
        List<String> topicsToTables,

        @Option(
                name = "table.name.normalize",
                doc =
                        "Whether each character of a topic's name that is not a letter a to z, a digit or _ becomes _ in the table's.",
                defaultValue = "false",
                group = "Tables")
        boolean normalizeTableNames,

        @Option(
                name = "table.types",
                doc = "Kinds of tables that may be written to.",
                defaultValue = "TABLE,PARTITIONED TABLE,VIEW",
                importance = Importance.LOW,
                group = "Tables")
        List<String> tableTypes,

        @Option(
                name = "pk.mode",
                doc =
                        "Where the primary key comes from: none; kafka (topic, partition and offset); record_key; record_value.",
                defaultValue = "none",
                importance = Importance.HIGH,
                group = "Fields")
        PkMode pkMode,

        @Option(
                name = "pk.fields",
                doc =
                        "Fields of the primary key; empty means all fields of the key or value, or __connect_topic,"
                                + " __connect_partition, __connect_offset. Names the column if the record's key is no structure.",
                defaultValue = "",
                group = "Fields")
        List<String> pkFields,

        @Option(
                name = "fields.whitelist",
                doc = "Fields of the value to write, apart from the primary key; empty means all.",
                defaultValue = "",
                group = "Fields")
        List<String> fieldsWhitelist,

        @Option(
                name = "string.output.value.column.name",
                doc = "The column of values that are a text and no structure; not set refuses them.",
                optional = true,
                importance = Importance.LOW,
                group = "Fields")
        @Nullable
        String textColumn,

        @Option(
                name = "replace.null.with.default",
                doc = "Whether a null field whose schema has a default is written as that default.",
                defaultValue = "true",
                importance = Importance.LOW,
                group = "Fields")
        boolean replaceNullWithDefault,

        @Option(
                name = "db.timezone",
                doc = "Time zone in which to write to timestamp columns that have none of their own.",
                defaultValue = "UTC",
                group = "Fields")
        ZoneId zone,

        @Option(
                name = "timestamp.fields.list",
                doc =
                        "Fields of the value, INT64 or STRING, whose numbers are moments: counted since 1970-01-01 UTC in what"
                                + " timestamp.precision.mode says. Text that is no number is left to the column."
                                + " The database rounds to the digits that its column has.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Fields")
        List<String> timestampFields,

        @Option(
                name = "timestamp.precision.mode",
                doc = "What the numbers in the fields of timestamp.fields.list count.",
                defaultValue = "microseconds",
                importance = Importance.LOW,
                group = "Fields")
        TimestampPrecision timestampPrecision,

        @Option(
                name = "auto.create",
                doc = "Whether to create tables that are missing.",
                defaultValue = "false",
                group = "Schema changes")
        boolean autoCreate,

        @Option(
                name = "auto.evolve",
                doc = "Whether to add columns that are missing; never removes or changes any.",
                defaultValue = "false",
                group = "Schema changes")
        boolean autoEvolve,

        @Option(
                name = "quote.sql.identifiers",
                doc =
                        "Whether names of tables and columns are quoted in SQL: always or never. Never lets the server fold upper and lower"
                                + " case; reserved words are quoted all the same, as it would fold them.",
                defaultValue = "always",
                importance = Importance.LOW,
                group = "Schema changes")
        Quoting quoting,

        @Option(
                name = "max.retries",
                doc =
                        "How often in a row to try again after a passing failure, such as a lost connection, before the task fails.",
                defaultValue = "10",
                min = 0,
                group = "Retries")
        int maxRetries,

        @Option(
                name = "retry.backoff.ms",
                doc = "Milliseconds to wait before trying again.",
                defaultValue = "3000",
                group = "Retries")
        Duration retryBackoff) {

    private static final int KAFKA_FIELDS = 3;

    public SinkOptions {
        tableTypes = List.copyOf(tableTypes);
        pkFields = List.copyOf(pkFields);
        fieldsWhitelist = List.copyOf(fieldsWhitelist);
        timestampFields = List.copyOf(timestampFields);
        topicsToTables = List.copyOf(topicsToTables);
        boolean deletable = pkMode == PkMode.RECORD_KEY || (pkMode == PkMode.RECORD_VALUE && unwrapsChangeEvents);
        if (deleteEnabled && !deletable) {
            throw new OptionException(
                    "delete.enabled",
                    true,
                    "needs pk.mode=record_key, since a deletion has only a key; or pk.mode=record_value with"
                            + " unwrap.change.events=true, where an event tells the row that it deletes");
        }
        if (truncateEnabled && !unwrapsChangeEvents) {
            throw new OptionException(
                    "truncate.enabled", true, "needs unwrap.change.events=true, which has such events");
        }
        for (String pair : topicsToTables) {
            int colon = pair.indexOf(':');
            if (colon < 1 || pair.indexOf(':', colon + 1) > 0 || pair.endsWith(":")) {
                throw new OptionException("topics.to.tables.mapping", pair, "must be a topic and a table: topic:table");
            }
        }
        if (offsetsTable != null && offsetsTable.isBlank()) {
            throw new OptionException("offsets.table", offsetsTable, "must name a table");
        }
        if (insertMode != InsertMode.INSERT && pkMode == PkMode.NONE) {
            throw new OptionException("pk.mode", "none", "names no key, which insert.mode=upsert and update need");
        }
        if (pkMode == PkMode.NONE && !pkFields.isEmpty()) {
            throw new OptionException("pk.fields", pkFields, "has no meaning with pk.mode=none");
        }
        if (pkMode == PkMode.KAFKA && !pkFields.isEmpty() && pkFields.size() != KAFKA_FIELDS) {
            throw new OptionException(
                    "pk.fields", pkFields, "must be three names with pk.mode=kafka: for topic, partition and offset");
        }
        if (tableNameFormat.isBlank()) {
            throw new OptionException("table.name.format", tableNameFormat, "must name a table");
        }
    }

    /** The table of each topic that has one of its own, as the user wrote it. */
    Map<String, String> tablesOfTopics() {
        return topicsToTables.stream()
                .map(pair -> pair.split(":", 2))
                .collect(Collectors.toMap(pair -> pair[0].strip(), pair -> pair[1].strip(), (first, last) -> last));
    }
}
