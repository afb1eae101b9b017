/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static java.util.Map.entry;

import io.levada.connect.api.config.IgnoredOption;
import java.util.List;
import java.util.Map;

/**
 * Keys of Debezium's PostgreSQL connector that are no options here: those whose meaning is missed are refused, those that ask for
 * nothing that is not so anyway are accepted. A key of neither kind is an option.
 */
final class DebeziumKeys {

    private static final String NO_REGEX = "use the transform RegexRouter";
    private static final String NO_NOTIFICATIONS = "there are no notifications; see the connector's status and metrics";
    private static final String NO_LINEAGE = "no lineage is sent";
    private static final String BY_COPY = "rows come by COPY, as many as the worker takes";
    private static final String NOTHING_EMITTED = "nothing is written where signals come from";
    private static final String CHUNKS = "tables are read in chunks of their blocks";
    private static final String SCHEMAS = "schemas are kept in memory, one for each table";

    /** With what to use instead. */
    static final Map<String, String> REFUSED = Map.ofEntries(
            entry("database.server.name", "use topic.prefix, as it is called since Debezium 2"),
            entry("schema.whitelist", "use schema.include.list, as it is called since Debezium 1.3"),
            entry("schema.blacklist", "use schema.exclude.list, as it is called since Debezium 1.3"),
            entry("table.whitelist", "use table.include.list, as it is called since Debezium 1.3"),
            entry("table.blacklist", "use table.exclude.list, as it is called since Debezium 1.3"),
            entry("column.whitelist", "use column.include.list, as it is called since Debezium 1.3"),
            entry("column.blacklist", "use column.exclude.list, as it is called since Debezium 1.3"),
            entry("converters", "use transforms"),
            entry("custom.metric.tags", "metrics are tagged by connector and task"),
            entry(
                    "post.processors",
                    "use transforms; for ReselectColumnsPostProcessor set reselect.unavailable.values=true"),
            entry("topic.regex", NO_REGEX),
            entry("topic.replacement", NO_REGEX),
            entry("topic.key.field.regex", NO_REGEX),
            entry("topic.key.field.replacement", NO_REGEX),
            entry("notification.enabled.channels", NO_NOTIFICATIONS),
            entry("notification.sink.topic.name", NO_NOTIFICATIONS),
            entry("notification.http.url", NO_NOTIFICATIONS));

    /** In the order in which they are documented. */
    static final List<IgnoredOption> IGNORED = List.of(
            of("connection.validation.timeout.ms", "a connection is given up after 10 seconds"),
            of("executor.shutdown.timeout.ms", "a task that stops waits 4 seconds at most"),
            of("database.include.list", "a connector captures database.dbname"),
            of("database.exclude.list", "a connector captures database.dbname"),
            of("table.ignore.builtin", "the server's own tables are never captured", "true"),
            of("topic.cache.size", "a topic's name is kept with its table"),
            of("topic.key.enforce.uniqueness", NO_REGEX),
            of("topic.key.field.name", NO_REGEX),
            of("heartbeat.topics.prefix", "topic.heartbeat.prefix names the topic"),
            of("snapshot.fetch.size", BY_COPY),
            of("query.fetch.size", BY_COPY),
            of(
                    "snapshot.isolation.mode",
                    "all rows are of one snapshot, which is never weaker than what is asked for",
                    "serializable",
                    "repeatable_read",
                    "read_committed",
                    "read_uncommitted"),
            of("snapshot.locking.mode", "tables may be written to, and not rewritten, meanwhile", "none", "shared"),
            of("snapshot.locking.mode.custom.name", "snapshot.locking.mode has no custom"),
            of("snapshot.lock.timeout.ms", "tables that are locked are waited for"),
            of("snapshot.max.threads.multiplier", CHUNKS),
            of("legacy.snapshot.max.threads", CHUNKS),
            of(
                    "snapshot.tables.order.by.row.count",
                    "tables are read in the order of their names",
                    "disabled",
                    "ascending",
                    "descending"),
            of("snapshot.query.mode", "use snapshot.select.statement.overrides", "select_all"),
            of("snapshot.query.mode.custom.name", "snapshot.query.mode has no custom"),
            of("snapshot.mode.custom.name", "snapshot.mode has no custom"),
            of("snapshot.mode.configuration.based.snapshot.schema", "schemas are told with each table's events"),
            of(
                    "snapshot.mode.configuration.based.snapshot.on.schema.error",
                    "schemas are told with each table's events"),
            of(
                    "lsn.flush.mode",
                    "the server forgets what is stored, and what was none of ours",
                    "connector",
                    "connector_and_driver"),
            of("flush.lsn.source", "the server forgets what is stored", "true"),
            of("lsn.flush.timeout.ms", "nobody waits for the server to forget"),
            of("lsn.flush.timeout.action", "nobody waits for the server to forget"),
            of(
                    "offset.mismatch.strategy",
                    "changes are read on from the stored offset, and a gap is an error; snapshot.mode=recovery goes on from the slot",
                    "no_validation",
                    "trust_offset"),
            of(
                    "read.only",
                    "signals need no table that is written to; what the connector changes is its slot, the publication and what you ask for"),
            of(
                    "signal.kafka.poll.timeout.ms",
                    "the topic has a thread of its own, which waits as long as nothing comes"),
            of("signal.emit.failure.max.retries", NOTHING_EMITTED),
            of("signal.emit.failure.backoff.ms", NOTHING_EMITTED),
            of("incremental.snapshot.chunk.size", CHUNKS),
            of("incremental.snapshot.allow.schema.changes", "a table cannot be altered while its rows are read again"),
            of("incremental.snapshot.watermarking.strategy", "no watermarks are written"),
            of("xmin.fetch.interval.ms", "source.xmin is not told", "0"),
            of(
                    "event.processing.failure.handling.mode",
                    "no change is passed over; event.converting.failure.handling.mode lets go of single values",
                    "fail"),
            of("schema.refresh.mode", "schemas are those that the server's log tells of"),
            of("include.schema.comments", "comments of columns are not read", "false"),
            of("memory.management.schemas.class", SCHEMAS),
            of("memory.management.tables.class", SCHEMAS),
            of(
                    "sourceinfo.struct.maker",
                    "the source block is Debezium's own",
                    "io.debezium.connector.postgresql.PostgresSourceInfoStructMaker"),
            of(
                    "transaction.metadata.factory",
                    "transactions are told as Debezium's own",
                    "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory"),
            of("notification.http.timeout.ms", NO_NOTIFICATIONS),
            of("notification.http.retries", NO_NOTIFICATIONS),
            of("notification.http.allow.private.networks", NO_NOTIFICATIONS),
            of("guardrail.collections.max", "name the tables in table.include.list", "0"),
            of("guardrail.collections.limit.action", "there is no guardrail.collections.max"),
            of("custom.sanitize.pattern", "values of the configuration are not logged"),
            of("statistics.metrics.enabled", "metrics cost next to nothing"),
            of("include.schema.changes", "there is no topic of schema changes"),
            of("poll.dispatch.interval.ms", "records are handed over when a batch is full or nothing more has come"),
            of("queue.provider.type", "records wait in memory"),
            of("openlineage.integration.enabled", NO_LINEAGE, "false"),
            of("openlineage.integration.config.file.path", NO_LINEAGE),
            of("openlineage.integration.job.namespace", NO_LINEAGE),
            of("openlineage.integration.job.description", NO_LINEAGE),
            of("openlineage.integration.job.tags", NO_LINEAGE),
            of("openlineage.integration.job.owners", NO_LINEAGE),
            of("openlineage.integration.dataset.kafka.bootstrap.servers", NO_LINEAGE));

    private DebeziumKeys() {}

    private static IgnoredOption of(String key, String reason, String... values) {
        return IgnoredOption.of(key, reason, values);
    }
}
