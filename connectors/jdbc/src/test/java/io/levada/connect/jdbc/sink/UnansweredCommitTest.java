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
import java.util.ArrayList;
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

    /** Inserts fail for a reason that passes. */
    static final String[] BUSY = {
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$",
        "CREATE TRIGGER busy BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()"
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
        return writer(NO_BAD_RECORDS);
    }

    private JdbcWriter writer(JdbcWriter.BadRecords bad) {
        SinkOptions options = ConfigSpec.of(SinkOptions.class).bind(Map.of());
        PostgresDialect dialect = new PostgresDialect();
        return new JdbcWriter(
                options, dialect, new SinkConnection(this::losing, dialect, System::nanoTime), Positions.NOT_KEPT, bad);
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

    @Test
    void badRecordOfACommitThatWasDoneIsGivenBack() throws SQLException {
        List<Long> taken = new ArrayList<>();
        JdbcWriter writer = writer(new JdbcWriter.BadRecords() {
            @Override
            public void check(List<BadRecord> records) {
                // Somebody takes them.
            }

            @Override
            public void take(List<BadRecord> records) {
                records.forEach(each -> taken.add(each.record().originalKafkaOffset()));
            }
        });
        List<SinkRecord> put = List.of(
                record(1), new SinkRecord("orders", 0, null, null, null, Map.of("id", 2, "odd", 1), 2), record(3));
        loss = Loss.AFTER_COMMIT;
        assertThatThrownBy(() -> writer.write(put)).isInstanceOf(SQLException.class);
        assertThat(taken).isEmpty();

        assertThat(writer.write(put)).isEmpty();

        assertThat(taken).containsExactly(2L);
        assertThat(postgres.rows("SELECT id FROM orders ORDER BY id")).containsExactly("1", "3");
    }

    @Test
    void commitThatWasDoneIsRememberedUntilThePutSucceeds() throws SQLException {
        JdbcWriter writer = writer();
        loss = Loss.AFTER_COMMIT;
        assertThatThrownBy(() -> writer.write(List.of(record(2), record(3)))).isInstanceOf(SQLException.class);
        List<SinkRecord> more = List.of(record(2), record(3), record(4));
        postgres.execute(BUSY);
        assertThatThrownBy(() -> writer.write(more))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("busy");
        postgres.execute("DROP TRIGGER busy ON orders");
        loss = Loss.AFTER_COMMIT;
        assertThatThrownBy(() -> writer.write(more)).isInstanceOf(SQLException.class);

        assertThat(writer.write(more)).isEmpty();

        assertThat(postgres.rows("SELECT id FROM orders ORDER BY id")).containsExactly("2", "3", "4");
    }
}
