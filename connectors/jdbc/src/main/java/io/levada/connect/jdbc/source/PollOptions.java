/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/** How often and how much is read. */
public record PollOptions(
        @Option(
                name = "poll.interval.ms",
                doc = "Milliseconds from one look for new rows in a table to the next.",
                defaultValue = "5000",
                importance = Importance.HIGH,
                group = "Polling")
        Duration interval,

        @Option(
                name = "batch.max.rows",
                doc = "Most rows handed over at once, and fetched from the database at once.",
                defaultValue = "1000",
                min = 1,
                importance = Importance.LOW,
                group = "Polling")
        int batchMaxRows,

        @Option(
                name = "batch.max.bytes",
                doc =
                        "About as many bytes of rows are handed over at once, and fetched at once: fewer rows than batch.max.rows"
                                + " where rows are wide. A single row may be larger.",
                defaultValue = "16777216",
                min = 1,
                importance = Importance.LOW,
                group = "Polling")
        long batchMaxBytes,

        @Option(
                name = "cursor.idle.close.ms",
                doc =
                        "Milliseconds after which the transaction of a result that is not read to its end is ended if nobody polls,"
                                + " as while the task is paused or its records are not taken, so that it does not keep the database from"
                                + " cleaning up. Reading goes on after the last row that was handed over. Where that cannot be told, in"
                                + " the middle of rows of one moment or in mode bulk, if the table has no primary key of whole numbers or"
                                + " a query is read, rows would come again: there it is ended after 30 times as long.",
                defaultValue = "10000",
                min = 1,
                importance = Importance.LOW,
                group = "Polling")
        Duration cursorIdle,

        @Option(
                name = "table.ranges.rows.min",
                doc =
                        "A table of about so many rows or more, by the database's own estimate, is read by several tasks at once, if"
                                + " tasks.max allows more tasks than there are tables: each reads a range of the primary key's first"
                                + " column, or of the incrementing column. In modes other than bulk this is the first load; one task"
                                + " follows the table then. 0 for never.",
                defaultValue = "1000000",
                min = 0,
                importance = Importance.LOW,
                group = "Polling")
        long rangesRowsMin,

        @Option(
                name = "query.retry.attempts",
                doc =
                        "How often in a row a query may fail for a passing reason, such as a lost connection, before the task"
                                + " fails; -1 for any number.",
                defaultValue = "-1",
                min = -1,
                importance = Importance.LOW,
                group = "Polling")
        int queryRetryAttempts,

        @Option(
                name = "transaction.isolation.mode",
                doc = "Isolation of the reading transactions; DEFAULT is the database's own.",
                defaultValue = "DEFAULT",
                importance = Importance.LOW,
                group = "Polling")
        Isolation isolation) {

    /** Isolation levels; PostgreSQL reads READ_UNCOMMITTED as READ_COMMITTED. */
    public enum Isolation {
        DEFAULT,
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE;

        /** As the pool spells it; null for the database's own. */
        public @Nullable String poolName() {
            return this == DEFAULT ? null : "TRANSACTION_" + name();
        }
    }
}
