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
                doc = "Most rows handed over at once, and fetched from the database at once; memory grows with it.",
                defaultValue = "1000",
                min = 1,
                importance = Importance.LOW,
                group = "Polling")
        int batchMaxRows,

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
