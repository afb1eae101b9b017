/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.Postgres;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit that was done and not answered is not done again; one that failed is. */
final class UnansweredCommitTest {

    static final JdbcWriter.BadRecords NO_BAD_RECORDS = new JdbcWriter.BadRecords() {
        @Override
        public void check(List<BadRecord> records) {
            throw new AssertionError("bad records", records.get(0).cause());
        }

        @Override
        public void take(List<BadRecord> records) {
            throw new AssertionError("bad records", records.get(0).cause());
        }
    };

    private Postgres postgres;
    private Loss loss = Loss.NONE;

    private enum Loss {
        NONE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    @BeforeEach
    void createOrders() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE orders (id int)");
    }

    private JdbcWriter writer() {
        SinkOptions options = ConfigSpec.of(SinkOptions.class).bind(Map.of());
        PostgresDialect dialect = new PostgresDialect();
        return new JdbcWriter(
                options,
                dialect,
                new SinkConnection(this::losing, dialect, System::nanoTime),
                Positions.NOT_KEPT,
                NO_BAD_RECORDS);
    }

    private Connection losing() throws SQLException {
        Connection real = postgres.connect();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") && loss != Loss.NONE) {
                        if (loss == Loss.AFTER_COMMIT) {
                            real.commit();
                        }
                        loss = Loss.NONE;
                        real.close();
                        throw new SQLException("the connection is gone", "08006");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    private static SinkRecord record(int id) {
        return new SinkRecord("orders", 0, null, null, null, Map.of("id", id), id);
    }

    private void writeWithLoss(Loss when) throws SQLException {
        JdbcWriter writer = writer();
        Map<?, ?> unused = writer.write(List.of(record(1)));
        loss = when;
        List<SinkRecord> records = List.of(record(2), record(3));
        assertThatThrownBy(() -> writer.write(records)).isInstanceOf(SQLException.class);

        // A worker gives the same records again, others with them perhaps.
        Map<?, ?> again = writer.write(List.of(record(2), record(3), record(4)));

        assertThat(again).isEmpty();
        assertThat(postgres.rows("SELECT id FROM orders ORDER BY id")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void commitThatWasDoneIsNotDoneAgain() throws SQLException {
        writeWithLoss(Loss.AFTER_COMMIT);
    }

    @Test
    void commitThatFailedIsDoneAgain() throws SQLException {
        writeWithLoss(Loss.BEFORE_COMMIT);
    }
}
