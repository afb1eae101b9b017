/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SinkHarness;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With offsets.table a record is a row once, whatever is killed. */
final class SinkExactlyOnceTest {

    private static final Schema ROW =
            OrdersSink.schema("id", Schema.INT32_SCHEMA, "item", Schema.OPTIONAL_STRING_SCHEMA);

    private OrdersSink orders;

    @BeforeEach
    void createOrders() throws Exception {
        orders = new OrdersSink("CREATE TABLE orders (id int, item varchar(3))");
    }

    private SinkHarness start() {
        return orders.start("offsets.table", "positions");
    }

    @Test
    void whatWasCommittedInTheDatabaseIsNotWrittenAgain() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(orders.struct(ROW, 1, "a"), orders.struct(ROW, 2, "b"));

            List<SinkRecord> unused = sink.crash();

            assertThat(sink.requests().rewinds()).containsEntry(OrdersSink.PARTITION, 2L);
            sink.put(orders.struct(ROW, 3, "c"));
        }
        assertThat(orders.rows("id")).containsExactly("1", "2", "3");
        assertThat(orders.database().rows("SELECT topic, partition, next_offset FROM positions"))
                .containsExactly("orders,0,3");
    }

    @Test
    void killBetweenTheRowsAndTheCommitLeavesNeither() throws Exception {
        orders.database()
                .execute(
                        "CREATE FUNCTION kill() RETURNS trigger LANGUAGE plpgsql AS"
                                + " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
                        "CREATE TABLE arm (x int)",
                        // Runs at the commit, when all rows and the position have been written.
                        "CREATE CONSTRAINT TRIGGER killing AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED"
                                + " FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION kill()");
        try (SinkHarness sink = start()) {
            sink.put(orders.struct(ROW, 1, "a"));
            SinkRecord second = orders.struct(ROW, 2, "b");
            assertThatThrownBy(() -> sink.put(second)).isInstanceOf(RetriableException.class);
            assertThat(orders.rows("id")).containsExactly("1");
            orders.database().execute("DROP TRIGGER killing ON orders");

            sink.put(second);
        }
        assertThat(orders.rows("id")).containsExactly("1", "2");
    }

    @Test
    void taskThatWasAbandonedCanWriteNothingOnceAnotherHasTakenOver() throws Exception {
        SinkRecord first = orders.struct(ROW, 1, "a");
        SinkRecord second = orders.struct(ROW, 2, "b");
        try (SinkHarness zombie = start()) {
            zombie.put(first);
            try (SinkHarness heir = start()) {
                assertThat(heir.requests().rewinds()).containsEntry(OrdersSink.PARTITION, 1L);
                heir.put(second);

                assertThatThrownBy(() -> zombie.put(second))
                        .isInstanceOf(ConnectException.class)
                        .isNotInstanceOf(RetriableException.class)
                        .hasMessageContaining("taken over orders-0");

                heir.put(orders.struct(ROW, 3, "c"));
            }
        }
        assertThat(orders.rows("id")).containsExactly("1", "2", "3");
    }

    @Test
    void badRecordIsReportedBeforeItsOffsetIsCommittedAndOnce() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(orders.struct(ROW, 1, "too long"), orders.struct(ROW, 2, "b"));

            assertThat(OrdersSink.reported(sink)).containsExactly(0L);
            List<SinkRecord> unused = sink.crash();
            assertThat(sink.requests().rewinds()).containsEntry(OrdersSink.PARTITION, 2L);
        }
        assertThat(orders.rows("id")).containsExactly("2");
    }

    @Test
    void positionsFollowOffsetsThatTheUserAlters() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(orders.struct(ROW, 1, "a"), orders.struct(ROW, 2, "b"));
        }
        Map<String, String> config = orders.database().config("topics", "orders", "offsets.table", "positions");

        assertThat(new JdbcSinkConnector().alterOffsets(config, Map.of(OrdersSink.PARTITION, 1L)))
                .isTrue();

        try (SinkHarness sink = start()) {
            assertThat(sink.requests().rewinds()).containsEntry(OrdersSink.PARTITION, 1L);
        }
    }
}
