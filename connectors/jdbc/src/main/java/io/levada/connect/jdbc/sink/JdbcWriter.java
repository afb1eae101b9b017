/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Writes what one {@code put} brings, in one transaction.
 *
 * <p>If a record is at fault, all is rolled back and written again with a savepoint before each batch; a batch that fails is halved
 * until the record stands alone, which then goes to the {@link BadRecords}.
 */
public final class JdbcWriter {

    private final SinkOptions options;
    private final Dialect dialect;
    private final Database database;
    private final ChangeMapper mapper;
    private final TableStructures structures;
    private final ChangeStatement statement;
    private final BadRecords badRecords;

    /** @param badRecords takes records that cannot be written, or throws */
    public JdbcWriter(SinkOptions options, Dialect dialect, Database database, BadRecords badRecords) {
        this.options = options;
        this.dialect = dialect;
        this.database = database;
        this.mapper = new ChangeMapper(options, dialect);
        this.structures = new TableStructures(options, dialect);
        this.statement = new ChangeStatement(options, dialect);
        this.badRecords = badRecords;
    }

    /** What becomes of a record that cannot be written. */
    public interface BadRecords {
        /** Takes the record, or throws to fail the task. */
        void take(SinkRecord record, Exception cause);
    }

    /**
     * Writes all records and commits; on an exception nothing has been committed.
     *
     * @throws SQLException if the database failed for a reason that lies in no single record
     */
    public void write(Collection<SinkRecord> records) throws SQLException {
        List<List<Change>> batches = batches(changes(records));
        try (Connection connection = database.connect()) {
            try {
                prepare(batches, connection);
                writeAll(batches, connection);
                connection.commit();
            } catch (SQLException e) {
                rollBack(connection, e);
                if (dialect.failureKind(e) != FailureKind.DATA) {
                    throw e;
                }
                writeWithSavepoints(batches, connection);
            } catch (DataException e) {
                rollBack(connection, e);
                writeWithSavepoints(batches, connection);
            } catch (RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            structures.forget();
            throw e;
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private List<Change> changes(Collection<SinkRecord> records) {
        List<Change> changes = new ArrayList<>(records.size());
        for (SinkRecord record : records) {
            try {
                changes.add(mapper.map(record));
            } catch (DataException e) {
                badRecords.take(record, e);
            }
        }
        return changes;
    }

    /** Cuts each table's changes, in their order, into pieces that one statement can execute. */
    private List<List<Change>> batches(List<Change> changes) {
        Map<Object, List<List<Change>>> byTable = new LinkedHashMap<>();
        for (Change change : changes) {
            List<List<Change>> batches = byTable.computeIfAbsent(change.table(), table -> new ArrayList<>());
            List<Change> last = batches.isEmpty() ? List.of() : batches.get(batches.size() - 1);
            if (last.isEmpty()
                    || last.size() >= options.batchSize()
                    || !last.get(0).isLike(change)) {
                last = new ArrayList<>();
                batches.add(last);
            }
            last.add(change);
        }
        return byTable.values().stream().flatMap(List::stream).toList();
    }

    private void prepare(List<List<Change>> batches, Connection connection) throws SQLException {
        for (List<Change> batch : batches) {
            Map<String, Column> unused = structures.columnsFor(batch.get(0), connection);
        }
    }

    private void writeAll(List<List<Change>> batches, Connection connection) throws SQLException {
        for (List<Change> batch : batches) {
            statement.execute(batch, structures.columnsFor(batch.get(0), connection), connection);
        }
    }

    private void writeWithSavepoints(List<List<Change>> batches, Connection connection) throws SQLException {
        try {
            for (List<Change> batch : batches) {
                writeHalving(batch, connection);
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private void writeHalving(List<Change> changes, Connection connection) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            statement.execute(changes, structures.columnsFor(changes.get(0), connection), connection);
            connection.releaseSavepoint(before);
            return;
        } catch (SQLException e) {
            if (dialect.failureKind(e) != FailureKind.DATA) {
                throw e;
            }
            connection.rollback(before);
            if (changes.size() == 1) {
                badRecords.take(changes.get(0).record(), e);
                return;
            }
        } catch (DataException e) {
            connection.rollback(before);
            if (changes.size() == 1) {
                badRecords.take(changes.get(0).record(), e);
                return;
            }
        }
        int middle = changes.size() / 2;
        writeHalving(changes.subList(0, middle), connection);
        writeHalving(changes.subList(middle, changes.size()), connection);
    }
}
