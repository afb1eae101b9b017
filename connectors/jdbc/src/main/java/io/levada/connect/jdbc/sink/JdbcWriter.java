/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.BulkLoad;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what one {@code put} brings, in one transaction, in the fastest way there is. If anything fails that is not the world's
 * fault, all is rolled back, the tables are looked at again, and the {@link CarefulWriter} finds the records at fault.
 */
public final class JdbcWriter {

    private static final Logger LOGGER = LoggerFactory.getLogger(JdbcWriter.class);

    /** read_only_sql_transaction: after a failover, a connection may lead to the server that was the primary. */
    private static final String READ_ONLY = "25006";

    private static final String CONNECTION_FAILURE = "08006";

    /** The first may come of a table that changed just before. */
    private static final int BULK_FAILURES_MAX = 3;

    private final SinkOptions options;
    private final Dialect dialect;
    private final SinkConnection connections;
    private final Preparation preparation;
    private final Batches batches;
    private final StatementWriter statements;
    private final CarefulWriter careful;
    private final Commit commit;
    private final Positions positions;
    private final BadRecords badRecords;
    private final Set<TopicPartition> opened = new HashSet<>();
    /** What the worker has not been told yet, since that takes a put that succeeds. */
    private final Map<TopicPartition, Long> rewinds = new HashMap<>();

    private final Map<TableId, Integer> bulkFailures = new HashMap<>();

    /**
     * Does not connect yet.
     *
     * @param positions of what is written, kept in the database if so configured
     */
    public JdbcWriter(
            SinkOptions options,
            Dialect dialect,
            SinkConnection connections,
            Positions positions,
            BadRecords badRecords) {
        this.options = options;
        this.dialect = dialect;
        this.connections = connections;
        this.preparation = new Preparation(options, dialect);
        this.batches = new Batches(options);
        this.statements = new StatementWriter(options, dialect);
        this.careful = new CarefulWriter(options, dialect, batches, statements);
        this.commit = new Commit(dialect, options.insertMode() != InsertMode.INSERT || positions.areKept());
        this.positions = positions;
        this.badRecords = badRecords;
    }

    /** What becomes of records that cannot be written. */
    public interface BadRecords {

        /**
         * Called before the others are committed.
         *
         * @param records at least one, in the order in which they came
         * @throws org.apache.kafka.connect.errors.ConnectException if nobody takes such records, so that nothing is to be committed
         */
        void check(List<BadRecord> records);

        /** Takes records, once the others have been committed. */
        void take(List<BadRecord> records);
    }

    /**
     * Gives partitions to the task.
     *
     * @return from where to read those of which the database knows it
     * @throws SQLException if it cannot be asked now; it will be with the next records
     */
    public Map<TopicPartition, Long> open(Collection<TopicPartition> partitions) throws SQLException {
        opened.addAll(partitions);
        rewinds.keySet().removeAll(partitions);
        if (!positions.areKept()) {
            return Map.of();
        }
        try {
            return takeOver(connections.get());
        } catch (SQLException e) {
            given(e);
            throw e;
        }
    }

    private Map<TopicPartition, Long> takeOver(Connection connection) throws SQLException {
        Map<TopicPartition, Long> next = positions.open(Set.copyOf(opened), connection);
        opened.clear();
        return next;
    }

    /** Takes partitions from the task. */
    public void close(Collection<TopicPartition> partitions) {
        opened.removeAll(partitions);
        rewinds.keySet().removeAll(partitions);
        positions.close(partitions);
    }

    /**
     * Writes all records and commits; on an exception nothing has been committed, as far as the database answers.
     *
     * @return partitions of which nothing was written, since they are to be read from another offset on
     * @throws SQLException if the database failed for a reason that lies in no single record
     */
    public Map<TopicPartition, Long> write(Collection<SinkRecord> records) throws SQLException {
        Connection connection = connections.get();
        List<BadRecord> bad = new ArrayList<>();
        try {
            addRewinds(records, connection);
            Collection<SinkRecord> open =
                    commit.withoutCommitted(positions.notYetWritten(withoutRewinds(records)), connection);
            if (!open.isEmpty()) {
                bad.addAll(written(open, connection));
            }
            bad.addAll(0, commit.putSucceeded());
        } catch (SQLException e) {
            given(e);
            boolean readOnly = READ_ONLY.equals(e.getSQLState());
            if (readOnly || dialect.failureKind(e) == FailureKind.RETRIABLE) {
                connections.discard();
            }
            throw readOnly ? new SQLTransientException(e.getMessage(), CONNECTION_FAILURE, e) : e;
        } catch (RuntimeException e) {
            given(e);
            throw e;
        }
        if (!bad.isEmpty()) {
            badRecords.take(bad);
        }
        Map<TopicPartition, Long> told = Map.copyOf(rewinds);
        rewinds.clear();
        return told;
    }

    /** Partitions that could not be taken over before, and those of which the database lost something. */
    private void addRewinds(Collection<SinkRecord> records, Connection connection) throws SQLException {
        rewinds.putAll(positions.lost(connection));
        if (opened.isEmpty() || !positions.areKept()) {
            return;
        }
        Map<TopicPartition, Long> next = new HashMap<>(takeOver(connection));
        Map<TopicPartition, Long> first = new HashMap<>();
        records.forEach(record -> first.putIfAbsent(Commit.partition(record), record.originalKafkaOffset()));
        // Where a partition without records stands nobody knows here.
        next.entrySet().removeIf(each -> each.getValue().equals(first.get(each.getKey())));
        rewinds.putAll(next);
    }

    private Collection<SinkRecord> withoutRewinds(Collection<SinkRecord> records) {
        return rewinds.isEmpty()
                ? records
                : records.stream()
                        .filter(record -> !rewinds.containsKey(Commit.partition(record)))
                        .toList();
    }

    private void given(Exception failure) {
        connections.rollBack(failure);
        preparation.forget();
        positions.forget();
    }

    private List<BadRecord> written(Collection<SinkRecord> records, Connection connection) throws SQLException {
        Set<TableId> bulk = new HashSet<>();
        boolean committing = false;
        try {
            Preparation.Prepared prepared = preparation.rows(records, connection);
            if (!prepared.bad().isEmpty()) {
                // What does not fit may fit the table as it is now.
                preparation.forget();
                prepared = preparation.rows(records, connection);
            }
            for (List<Row> batch : batches.reduced(prepared.rows())) {
                execute(batch, bulk, connection);
            }
            positions.advance(records, connection);
            check(prepared.bad());
            committing = true;
            commit(records, prepared.bad(), connection);
            return prepared.bad();
        } catch (SQLException e) {
            if (dialect.failureKind(e) == FailureKind.RETRIABLE) {
                throw e;
            }
            given(e);
        } catch (DataException e) {
            given(e);
        }
        return careful(records, bulk, committing, connection);
    }

    /** What statements write and a bulk load does not, such as rows of a table with row security, is left to statements. */
    private void failedInBulk(TableId table) {
        if (bulkFailures.merge(table, 1, Integer::sum) == BULK_FAILURES_MAX) {
            LOGGER.atInfo()
                    .addKeyValue("table", table)
                    .log("the table takes no bulk load; its rows are written by statements");
        }
    }

    private void commit(Collection<SinkRecord> records, List<BadRecord> bad, Connection connection)
            throws SQLException {
        commit.commit(records, bad, connection);
        positions.committed(records);
    }

    private void check(List<BadRecord> bad) {
        if (!bad.isEmpty()) {
            badRecords.check(bad);
        }
    }

    private List<BadRecord> careful(
            Collection<SinkRecord> records, Set<TableId> bulk, boolean atCommit, Connection connection)
            throws SQLException {
        boolean committing = false;
        try {
            Preparation.Prepared prepared = preparation.rows(records, connection);
            List<BadRecord> bad = careful.write(prepared, records, atCommit, connection);
            positions.advance(records, connection);
            check(bad);
            committing = true;
            commit(records, bad, connection);
            if (bad.isEmpty() && !atCommit) {
                bulk.forEach(this::failedInBulk);
            }
            return bad;
        } catch (SQLException e) {
            if (!committing || atCommit || dialect.failureKind(e) != FailureKind.DATA) {
                throw e;
            }
            given(e);
        }
        return careful(records, bulk, true, connection);
    }

    private void execute(List<Row> batch, Set<TableId> bulk, Connection connection) throws SQLException {
        Row first = batch.get(0);
        BulkLoad.@Nullable Action action = action(batch);
        if (action != null && bulkFailures.getOrDefault(first.table(), 0) < BULK_FAILURES_MAX) {
            Optional<BulkLoad> load = connections.bulkLoad(connection);
            if (load.isPresent()) {
                bulk.add(first.table());
                load.get()
                        .write(
                                action,
                                first.target().rows(),
                                batch.stream().map(Row::values).toList());
                return;
            }
        }
        statements.execute(batch, connection);
    }

    /** What a bulk load would do with the batch; null if it is none for that. */
    private BulkLoad.@Nullable Action action(List<Row> batch) {
        Row first = batch.get(0);
        if (options.bulkRowsMin() == 0 || batch.size() < options.bulkRowsMin()) {
            return null;
        }
        return switch (first.kind()) {
            case DELETE -> BulkLoad.Action.DELETE;
            case PATCH, TRUNCATE -> null;
            case WRITE ->
                switch (options.insertMode()) {
                    case INSERT -> BulkLoad.Action.INSERT;
                    case UPSERT -> BulkLoad.Action.UPSERT;
                    case UPDATE -> first.target().rows().others().isEmpty() ? null : BulkLoad.Action.UPDATE;
                };
        };
    }
}
