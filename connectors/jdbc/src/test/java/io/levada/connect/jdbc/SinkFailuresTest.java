/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SinkRequests;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bad record goes alone, a lost connection loses nothing. */
final class SinkFailuresTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Schema VALUE = SchemaBuilder.struct()
            .field("id", Schema.INT32_SCHEMA)
            .field("item", Schema.STRING_SCHEMA)
            .build();

    private Postgres postgres;

    @BeforeEach
    void createOrders() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE orders (id int PRIMARY KEY, item varchar(5))");
    }

    private SinkHarness start(String... config) {
        Map<String, String> all = postgres.config(config);
        all.put("topics", "orders");
        all.put("retry.backoff.ms", "123");
        return SinkHarness.start(new JdbcSinkConnector(), all, new TopicPartition("orders", 0));
    }

    private static SinkRecord row(int id, String item) {
        return new SinkRecord(
                "orders", 0, null, null, VALUE, new Struct(VALUE).put("id", id).put("item", item), id);
    }

    private static List<SinkRecord> rows(int count) {
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(row(i, "ok"));
        }
        return records;
    }

    private static List<Long> reported(SinkHarness sink) {
        return sink.requests().errant().stream()
                .map(errant -> errant.record().kafkaOffset())
                .toList();
    }

    @Test
    void onlyBadRecordsAreReportedAndAllOthersWritten() throws Exception {
        List<SinkRecord> records = rows(1000);
        records.set(17, row(17, "too long"));
        records.set(500, row(500, "nul \u0000"));
        records.set(999, row(998, "again"));
        try (SinkHarness sink = start()) {
            sink.put(records);

            assertThat(reported(sink)).containsExactly(17L, 500L, 998L);
        }
        assertThat(postgres.rows("SELECT count(*) FROM orders")).containsExactly("997");
    }

    @Test
    void recordsThatDoNotFitTheOptionsAreReportedWithTheWayOut() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(
                    row(1, "ok"),
                    new SinkRecord("orders", 0, null, null, Schema.STRING_SCHEMA, "text", 2),
                    new SinkRecord("orders", 0, null, null, null, null, 3));

            assertThat(sink.requests().errant())
                    .extracting(SinkRequests.Errant::error)
                    .extracting(Throwable::getMessage)
                    .satisfiesExactly(
                            first -> assertThat(first).contains("choose a value.converter that gives structures"),
                            second -> assertThat(second).contains("set delete.enabled=true"));
        }
        assertThat(postgres.rows("TABLE orders")).containsExactly("1,ok");
    }

    @Test
    void earlierVersionOfAKeyIsWrittenWhenTheLaterOneIsBad() throws Exception {
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_value", "pk.fields", "id")) {
            sink.put(row(1, "good"), row(1, "too long"));

            assertThat(reported(sink)).containsExactly(1L);
        }
        assertThat(postgres.rows("TABLE orders")).containsExactly("1,good");
    }

    @Test
    void putIsAllOrNothingWhenTheTaskFails() throws Exception {
        postgres.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '0A000'; END $$",
                "CREATE TRIGGER second BEFORE INSERT ON orders FOR EACH ROW WHEN (NEW.id = 2)"
                        + " EXECUTE FUNCTION refuse()");
        try (SinkHarness sink = start("batch.size", "1")) {
            assertThatThrownBy(() -> sink.put(row(1, "a"), row(2, "b")))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("not today");
        }
        assertThat(postgres.rows("TABLE orders")).isEmpty();
    }

    @Test
    void errorsHoldNoValues() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(row(1, "hush"), row(1, "hush"));

            assertThat(sink.requests().errant()).singleElement().satisfies(errant -> {
                assertThat(errant.error()).hasMessageContaining("duplicate key").hasNoCause();
                assertThat(errant.error().toString()).doesNotContain("hush");
            });
        }
    }

    @Test
    void lostConnectionIsRetriedAndNothingIsLostOrDoubled() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(row(1, "a"));
            postgres.terminateConnections();

            putUntilAccepted(sink, row(2, "b"));
        }
        assertThat(postgres.rows("SELECT id FROM orders ORDER BY id")).containsExactly("1", "2");
    }

    /** The sink has row 1 and waits before row 2, until the other session, which has row 2, waits for row 1. */
    @Test
    void deadlockWithAnotherSessionIsOverWithTheNextPut() throws Exception {
        postgres.execute(
                "ALTER DATABASE " + postgres.name() + " SET deadlock_timeout = '10ms'", // who waits last looks at once
                "INSERT INTO orders VALUES (1, 'old'), (2, 'old')",
                "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$",
                "CREATE TRIGGER waiting BEFORE INSERT ON orders FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION wait()");
        try (SinkHarness sink = start("insert.mode", "upsert", "pk.mode", "record_value", "pk.fields", "id");
                Connection gate = postgres.begin();
                Connection other = postgres.begin()) {
            Postgres.execute(gate, "SELECT pg_advisory_xact_lock(7)");
            Postgres.execute(other, "SET deadlock_timeout = '1h'", "UPDATE orders SET item = 'other' WHERE id = 2");
            CompletableFuture<Void> put = CompletableFuture.runAsync(() -> sink.put(row(1, "new"), row(2, "new")));
            untilWaiting("advisory");
            CompletableFuture<Void> update = CompletableFuture.runAsync(() -> {
                try {
                    Postgres.execute(other, "UPDATE orders SET item = 'other' WHERE id = 1");
                    other.commit();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            untilWaiting("transactionid");
            gate.rollback();

            assertThat(put)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(RetriableException.class)
                    .withMessageContaining("deadlock detected");
            assertThat(update).succeedsWithin(PATIENCE);
            sink.put(row(1, "new"), row(2, "new"));
        }
        assertThat(postgres.rows("SELECT id, item FROM orders ORDER BY id")).containsExactly("1,new", "2,new");
    }

    private void untilWaiting(String lock) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !postgres.rows("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = '" + lock + "'")
                        .isEmpty());
    }

    private static void putUntilAccepted(SinkHarness sink, SinkRecord record) {
        for (int attempt = 0; attempt < 10; attempt++) {
            try {
                sink.put(record);
                return;
            } catch (RetriableException e) {
                assertThat(sink.requests().timeoutMs()).isEqualTo(123);
            }
        }
        throw new AssertionError("the record was refused ten times");
    }

    @Test
    void retriesEndAfterTheirNumber() throws Exception {
        postgres.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$",
                "CREATE TRIGGER busy BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()");
        try (SinkHarness sink = start("max.retries", "2")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.put(row(1, "a"))).isInstanceOf(RetriableException.class);
            }
            assertThatThrownBy(() -> sink.put(row(1, "a")))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("busy")
                    .hasMessageContaining("gave up after 2 further attempts");
        }
    }

    @Test
    void serverThatTakesNoWritesAnyMoreIsLeftForTheNext() throws Exception {
        try (SinkHarness sink = start()) {
            sink.put(row(1, "a"));
            postgres.execute("ALTER DATABASE " + postgres.name() + " SET default_transaction_read_only = on");
            postgres.terminateConnections();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.put(row(2, "b"))).isInstanceOf(RetriableException.class);
            }
            try (Connection connection = postgres.connect()) {
                Postgres.execute(
                        connection,
                        "SET default_transaction_read_only = off",
                        "ALTER DATABASE " + postgres.name() + " RESET default_transaction_read_only");
            }

            sink.put(row(2, "b"));
        }
        assertThat(postgres.rows("SELECT id FROM orders ORDER BY id")).containsExactly("1", "2");
    }

    @Test
    void missingPrivilegeFailsAtOnce() throws Exception {
        String user = "reader_" + System.identityHashCode(this);
        postgres.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'r'", "GRANT INSERT ON orders TO " + user);
        try (SinkHarness sink = start("connection.user", user, "connection.password", "r")) {
            postgres.execute("REVOKE INSERT ON orders FROM " + user);
            assertThatThrownBy(() -> sink.put(row(1, "a")))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("permission denied for table orders");
        }
    }
}
