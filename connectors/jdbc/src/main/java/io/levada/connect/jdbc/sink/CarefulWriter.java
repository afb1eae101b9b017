/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Writes with a savepoint before each batch; a batch that fails is halved until the record at fault stands alone. A row that misses
 * another by a foreign key is tried again once all are there.
 */
final class CarefulWriter {

    private final SinkOptions options;
    private final Dialect dialect;
    private final Batches batches;
    private final StatementWriter statements;

    CarefulWriter(SinkOptions options, Dialect dialect, Batches batches, StatementWriter statements) {
        this.options = options;
        this.dialect = dialect;
        this.batches = batches;
        this.statements = statements;
    }

    /** A row and why it was refused. */
    private record Refused(Row row, Exception cause) {}

    /**
     * Writes within the connection's transaction.
     *
     * @param records of which the rows were prepared
     * @param atOnce whether constraints that are checked at the commit are to be checked with each statement
     * @return what cannot be written, in the order in which it came
     */
    List<BadRecord> write(
            Preparation.Prepared prepared, Collection<SinkRecord> records, boolean atOnce, Connection connection)
            throws SQLException {
        Optional<String> check = dialect.checkConstraintsAtOnce();
        if (atOnce && check.isPresent()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(check.get());
            }
        }
        List<Refused> refused = new ArrayList<>();
        for (List<Row> batch : batches.inOrder(prepared.rows())) {
            halving(batch, refused, connection);
        }
        refused = withoutParents(refused, prepared.rows(), connection);
        List<BadRecord> bad = new ArrayList<>(prepared.bad());
        refused.forEach(each -> bad.add(new BadRecord(each.row().record(), each.cause())));
        bad.sort(inOrderOf(records));
        return bad;
    }

    private static Comparator<BadRecord> inOrderOf(Collection<SinkRecord> records) {
        IdentityHashMap<SinkRecord, Integer> places = new IdentityHashMap<>();
        records.forEach(record -> places.put(record, places.size()));
        return Comparator.comparing(bad -> places.getOrDefault(bad.record(), Integer.MAX_VALUE));
    }

    private void halving(List<Row> rows, List<Refused> refused, Connection connection) throws SQLException {
        Savepoint before = connection.setSavepoint();
        Exception cause;
        try {
            statements.execute(rows, connection);
            release(before, connection);
            return;
        } catch (SQLException e) {
            if (dialect.failureKind(e) != FailureKind.DATA) {
                throw e;
            }
            cause = e;
        } catch (DataException e) {
            cause = e;
        }
        connection.rollback(before);
        if (rows.size() == 1) {
            refused.add(new Refused(rows.get(0), cause));
            return;
        }
        int middle = rows.size() / 2;
        halving(rows.subList(0, middle), refused, connection);
        halving(rows.subList(middle, rows.size()), refused, connection);
    }

    private static void release(Savepoint savepoint, Connection connection) throws SQLException {
        try {
            connection.releaseSavepoint(savepoint);
        } catch (SQLFeatureNotSupportedException ignored) {
            // It goes with the transaction, in databases that have no such statement.
        }
    }

    /**
     * Tries rows again that missed others, as long as that helps, and with them the later changes that were refused for want of such a
     * row. None is made after a later change of the same row has been: it is dropped where that covers it, and stays refused where not.
     */
    private List<Refused> withoutParents(List<Refused> refused, List<Row> all, Connection connection)
            throws SQLException {
        if (refused.stream().noneMatch(this::missesAnother)) {
            return refused;
        }
        RowChanges changes = new RowChanges(all, options.insertMode() == InsertMode.INSERT);
        List<Refused> open = refused;
        boolean helped = true;
        while (helped) {
            Set<Row> unwritten = new HashSet<>();
            open.forEach(each -> unwritten.add(each.row()));
            Set<Object> tried = new HashSet<>();
            List<Refused> still = new ArrayList<>();
            for (Refused each : open) {
                Row row = each.row();
                List<Row> written = changes.after(row)
                        .filter(later -> !unwritten.contains(later))
                        .toList();
                boolean misses = missesAnother(each);
                if (written.isEmpty() && (misses || tried.contains(changes.id(row)))) {
                    tried.add(changes.id(row));
                    halving(List.of(row), still, connection);
                } else if (!misses || written.stream().noneMatch(later -> batches.covers(later, row))) {
                    still.add(each);
                }
            }
            helped = still.size() < open.size();
            open = still;
        }
        return open;
    }

    private boolean missesAnother(Refused refused) {
        return refused.cause() instanceof SQLException e && dialect.isMissingReference(e);
    }
}
