/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.CommitLookup;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Commits, and finds out later what became of a commit that was not answered: its records come again, and must be inserted only if it
 * failed.
 */
final class Commit {

    private final Dialect dialect;
    private final Optional<CommitLookup> lookup;
    private @Nullable Unanswered unanswered;
    /** What turned out to be committed of a put that has not succeeded yet: the last offset by partition. */
    private final Map<TopicPartition, Long> done = new HashMap<>();
    /** Those that were left out of it. */
    private final List<BadRecord> doneWithout = new ArrayList<>();

    /** @param repeatable whether the same records may be written again and leave the same rows */
    Commit(Dialect dialect, boolean repeatable) {
        this.dialect = dialect;
        this.lookup = repeatable ? Optional.empty() : dialect.commitLookup();
    }

    /**
     * A commit without an answer.
     *
     * @param last the last offset of its records by partition
     * @param bad those of them that were left out
     */
    private record Unanswered(String transaction, Map<TopicPartition, Long> last, List<BadRecord> bad) {}

    /** Commits the transaction that wrote the records, apart from the bad ones among them. */
    void commit(Collection<SinkRecord> records, List<BadRecord> bad, Connection connection) throws SQLException {
        String transaction = lookup.isPresent() ? lookup.get().transaction(connection) : null;
        try {
            connection.commit();
        } catch (SQLException e) {
            if (transaction != null && dialect.failureKind(e) == FailureKind.RETRIABLE) {
                unanswered = new Unanswered(transaction, lastOffsets(records), List.copyOf(bad));
            }
            throw e;
        }
    }

    private static Map<TopicPartition, Long> lastOffsets(Collection<SinkRecord> records) {
        Map<TopicPartition, Long> last = new HashMap<>();
        for (SinkRecord record : records) {
            last.merge(partition(record), record.originalKafkaOffset(), Math::max);
        }
        return last;
    }

    static TopicPartition partition(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }

    /**
     * The records without those that were committed after all.
     *
     * @throws SQLTransientException if that is not decided yet
     */
    Collection<SinkRecord> withoutCommitted(Collection<SinkRecord> records, Connection connection) throws SQLException {
        Unanswered open = unanswered;
        if (open != null && lookup.isPresent()) {
            settle(open, lookup.get(), connection);
        }
        return done.isEmpty()
                ? records
                : records.stream()
                        .filter(record ->
                                record.originalKafkaOffset() > done.getOrDefault(partition(record), Long.MIN_VALUE))
                        .toList();
    }

    private void settle(Unanswered open, CommitLookup asked, Connection connection) throws SQLException {
        CommitLookup.Outcome outcome = asked.outcome(connection, open.transaction());
        connection.rollback();
        if (outcome == CommitLookup.Outcome.IN_PROGRESS) {
            throw new SQLTransientException("the server has not ended the transaction " + open.transaction()
                    + " yet, whose commit it did not answer");
        }
        unanswered = null;
        if (outcome == CommitLookup.Outcome.COMMITTED) {
            open.last().forEach((partition, offset) -> done.merge(partition, offset, Math::max));
            doneWithout.addAll(open.bad());
        }
    }

    /**
     * Told once a put has succeeded, whose records then come no more.
     *
     * @return the bad records of its earlier commits, of which nobody was told
     */
    List<BadRecord> putSucceeded() {
        List<BadRecord> bad = List.copyOf(doneWithout);
        done.clear();
        doneWithout.clear();
        return bad;
    }
}
