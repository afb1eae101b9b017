/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Quoting;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;

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
                doc = "Whether a record without a value deletes the row of its key; needs pk.mode=record_key.",
                defaultValue = "false",
                group = "Writes")
        boolean deleteEnabled,

        @Option(
                name = "table.name.format",
                doc = "The table, where ${topic} stands for the topic's name; may be schema.table.",
                defaultValue = "${topic}",
                group = "Tables")
        String tableNameFormat,

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
                doc = "Whether names of tables and columns are quoted in SQL: always or never.",
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
        if (deleteEnabled && pkMode != PkMode.RECORD_KEY) {
            throw new OptionException(
                    "delete.enabled", true, "needs pk.mode=record_key, since a deletion has only a key");
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

    Identifiers identifiers(Dialect dialect) {
        return dialect.identifiers(quoting);
    }
}
