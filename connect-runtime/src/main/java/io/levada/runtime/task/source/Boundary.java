/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Where the transactions of an exactly-once source task end: {@code transaction.boundary}. Used by one thread at a time. */
sealed interface Boundary {
    /** What is done with the transaction that is open. */
    enum Verdict {
        GO_ON,
        COMMIT,
        /** What was written is taken back; the offsets count, so that the records are not read again. */
        ABORT
    }

    /** A transaction may begin now. */
    default void begin() {}

    /** After a record was sent or dropped. */
    default Verdict after(SourceRecord record) {
        return Verdict.GO_ON;
    }

    /** After all that one poll brought. */
    Verdict afterBatch();

    /** When the task is to pause or ends in good order. A transaction that goes on then holds up the pause; at the end it is aborted. */
    default Verdict atEnd() {
        return Verdict.COMMIT;
    }

    /** For how long a transaction is left open on purpose, however little comes. */
    default Duration interval() {
        return Duration.ZERO;
    }

    /** What the task may say about it; null if it has no say. */
    default @Nullable TransactionContext context() {
        return null;
    }

    /**
     * As the connector's config says.
     *
     * @param nanos the monotonic clock of intervals
     */
    static Boundary of(Map<String, @Nullable String> config, Duration flushInterval, LongSupplier nanos) {
        String given = Settings.text(config, "transaction.boundary", "poll");
        String interval = Settings.text(config, "transaction.boundary.interval.ms");
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "poll" -> new Poll();
            case "interval" -> new Interval(interval == null ? flushInterval : millis(interval), nanos);
            case "connector" -> new Connector(new TransactionMarks());
            default -> throw new ConfigException("transaction.boundary", given, "Must be poll, interval or connector");
        };
    }

    private static Duration millis(String value) {
        try {
            return Duration.ofMillis(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw new ConfigException("transaction.boundary.interval.ms", value, "Not a whole number");
        }
    }

    /** After each poll. */
    record Poll() implements Boundary {
        @Override
        public Verdict afterBatch() {
            return Verdict.COMMIT;
        }
    }

    /** After the first poll that ends when the time is over. */
    final class Interval implements Boundary {
        private final Duration length;
        private final LongSupplier nanos;
        private long endNanos;

        Interval(Duration length, LongSupplier nanos) {
            this.length = length;
            this.nanos = nanos;
            begin();
        }

        @Override
        public void begin() {
            endNanos = nanos.getAsLong() + length.toNanos();
        }

        @Override
        public Duration interval() {
            return length;
        }

        @Override
        public Verdict afterBatch() {
            if (nanos.getAsLong() - endNanos < 0) {
                return Verdict.GO_ON;
            }
            begin();
            return Verdict.COMMIT;
        }
    }

    /** Where the task says. */
    record Connector(TransactionMarks marks) implements Boundary {
        @Override
        public Verdict after(SourceRecord record) {
            return marks.take(record);
        }

        @Override
        public Verdict afterBatch() {
            return marks.takeBatch();
        }

        @Override
        public Verdict atEnd() {
            return marks.takeBatch();
        }

        @Override
        public TransactionContext context() {
            return marks;
        }
    }
}
