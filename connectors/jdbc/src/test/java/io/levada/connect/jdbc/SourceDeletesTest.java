/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deleted rows, found by their keys, with records and offsets in one transaction as exactly-once delivery has it. */
final class SourceDeletesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Of the random work; more with {@code -Dlevada.rounds=1000}. */
    private static final int ROUNDS = Integer.getInteger("levada.rounds", 25);

    private final MemoryOffsets offsets = new MemoryOffsets();
    private Postgres postgres;

    @BeforeEach
    void createOrders() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE TABLE orders (id serial PRIMARY KEY, item text, updated timestamptz NOT NULL DEFAULT clock_timestamp())",
                "INSERT INTO orders (item) SELECT 'item ' || g FROM generate_series(1, 5) g");
    }

    private Map<String, String> config(String... keysAndValues) {
        Map<String, String> config = new LinkedHashMap<>(postgres.config(
                "mode", "timestamp+incrementing",
                "timestamp.column.name", "updated",
                "incrementing.column.name", "id",
                "table.whitelist", "orders",
                "topic.prefix", "t.",
                "poll.interval.ms", "1",
                "record.key", "primary_key",
                "deletes.detect", "keys",
                "deletes.interval.ms", "1",
                "exactly.once.support", "required"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        config.values().removeIf("-"::equals);
        return config;
    }

    private SourceHarness start(String... keysAndValues) {
        return SourceHarness.start(new JdbcSourceConnector(), config(keysAndValues), offsets);
    }

    private static String told(SourceRecord record) {
        Struct key = (Struct) record.key();
        return key.get(key.schema().fields().get(0)) + "="
                + (record.value() == null ? null : ((Struct) record.value()).get("item"));
    }

    private static List<String> poll(SourceHarness source, int count) throws Exception {
        return source.poll(count, PATIENCE).stream()
                .map(SourceDeletesTest::told)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"timestamp+incrementing,updated,id", "incrementing,-,id", "timestamp,updated,-"})
    void rowThatIsDeletedIsToldOnce(String mode, String timestamp, String incrementing) throws Exception {
        try (SourceHarness source =
                start("mode", mode, "timestamp.column.name", timestamp, "incrementing.column.name", incrementing)) {
            assertThat(poll(source, 5)).hasSize(5);
            postgres.execute("DELETE FROM orders WHERE id IN (2, 4)");

            List<SourceRecord> tombstones = source.poll(2, PATIENCE);

            assertThat(tombstones).extracting(SourceDeletesTest::told).containsExactly("2=null", "4=null");
            assertThat(tombstones).allSatisfy(each -> assertThat(each.topic()).isEqualTo("t.orders"));
            postgres.execute("INSERT INTO orders (item) VALUES ('next')");
            assertThat(poll(source, 1)).as("no tombstone twice").containsExactly("6=next");
        }
    }

    @Test
    void rowThatIsDeletedWhileNobodyReadsIsTold() throws Exception {
        try (SourceHarness source = start()) {
            poll(source, 5);
            source.commit();
        }
        postgres.execute("DELETE FROM orders WHERE id = 3");
        try (SourceHarness source = start()) {
            assertThat(poll(source, 1)).containsExactly("3=null");
            source.restart();
            assertThat(poll(source, 1)).as("what was not committed comes again").containsExactly("3=null");
            source.commit();
            source.restart();
            postgres.execute("DELETE FROM orders WHERE id = 1");
            assertThat(poll(source, 1)).containsExactly("1=null");
        }
    }

    @Test
    void rowThatComesBackIsToldBehindItsTombstone() throws Exception {
        try (SourceHarness source = start()) {
            poll(source, 5);
            postgres.execute("DELETE FROM orders WHERE id = 3");
            assertThat(poll(source, 1)).containsExactly("3=null");
            postgres.execute("INSERT INTO orders VALUES (3, 'again')");
            assertThat(poll(source, 1)).containsExactly("3=again");
            postgres.execute("DELETE FROM orders WHERE id = 3");
            assertThat(poll(source, 1)).containsExactly("3=null");
        }
    }

    @Test
    void deletionThatIsNotCommittedIsNone() throws Exception {
        try (Connection open = postgres.begin();
                SourceHarness source = start("exact.bounds", "off")) {
            poll(source, 5);
            Postgres.execute(open, "DELETE FROM orders WHERE id = 3");
            postgres.execute("DELETE FROM orders WHERE id = 4");
            assertThat(poll(source, 1)).containsExactly("4=null");
            Postgres.execute(open, "INSERT INTO orders VALUES (3, 'changed')");
            open.commit();
            assertThat(poll(source, 1)).containsExactly("3=changed");
        }
    }

    @Test
    void tableThatIsEmptiedIsToldButNotOneThatIsGone() throws Exception {
        try (SourceHarness source = start("batch.max.rows", "2")) {
            poll(source, 5);
            postgres.execute("TRUNCATE orders");
            assertThat(poll(source, 5)).allSatisfy(each -> assertThat(each).endsWith("=null"));
            postgres.execute("INSERT INTO orders (item) VALUES ('next')");
            poll(source, 1);

            postgres.execute("DROP TABLE orders");
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("does not exist");
        }
    }

    @Test
    void aLookIsMadeOnceInAnInterval() throws Exception {
        try (SourceHarness source = start("deletes.interval.ms", "3600000")) {
            poll(source, 5);
            assertThat(source.poll()).as("what the first look finds").isEmpty();
            postgres.execute("DELETE FROM orders WHERE id = 2", "INSERT INTO orders (item) VALUES ('next')");
            assertThat(poll(source, 1)).containsExactly("6=next");
            postgres.execute("INSERT INTO orders (item) VALUES ('last')");
            assertThat(poll(source, 1)).containsExactly("7=last");
        }
    }

    @Test
    void rowsOfAQueryAreDeletedWhenItDoesNotGiveThemAnyMore() throws Exception {
        try (SourceHarness source = start(
                "table.whitelist",
                "",
                "query",
                "SELECT * FROM orders WHERE item <> 'hidden' AND id > {{after.incrementing}}",
                "mode",
                "incrementing",
                "timestamp.column.name",
                "-",
                "transaction.boundary",
                "connector",
                "record.key",
                "columns",
                "record.key.columns",
                "id")) {
            poll(source, 5);
            postgres.execute("UPDATE orders SET item = 'hidden' WHERE id = 2");
            assertThat(poll(source, 1)).containsExactly("2=null");
        }
    }

    @Test
    void keyOfAnotherFormIsRefused() throws Exception {
        try (SourceHarness source = start()) {
            poll(source, 5);
            source.commit();
            postgres.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id, updated)");
            source.restart();
            assertThatThrownBy(() -> source.poll(1, PATIENCE)).hasMessageContaining("id:INT when they were told");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timestamptz, timestamp.granularity, nanos_long, CONNECT_LOGICAL",
        "timestamp, db.timezone, Asia/Tokyo, CONNECT_LOGICAL UTC"
    })
    void momentsInKeysThatAreToldInAnotherWayAreRefused(String type, String key, String value, String before)
            throws Exception {
        postgres.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ALTER COLUMN updated TYPE " + type
                + ", ADD PRIMARY KEY (updated)");
        try (SourceHarness source = start()) {
            poll(source, 5);
            source.commit();
        }
        try (SourceHarness source = start(key, value)) {
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .hasMessageContaining("updated:INT Timestamp " + before + " when they were told");
        }
    }

    @Test
    void momentsWithAZoneAreTheSameInAnyOther() throws Exception {
        postgres.execute(
                "UPDATE orders SET updated = timestamptz '2024-01-01 UTC' + id * interval '1 s'",
                "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (updated)");
        try (SourceHarness source = start()) {
            poll(source, 5);
            source.commit();
        }
        postgres.execute("DELETE FROM orders WHERE id = 3");
        try (SourceHarness source = start("db.timezone", "Asia/Tokyo")) {
            assertThat(source.poll(1, PATIENCE))
                    .singleElement()
                    .satisfies(each -> assertThat(each.value()).isNull());
            assertThat(source.poll()).isEmpty();
        }
    }

    /** Whose text holds moments, as the server writes them. */
    @Test
    void keyOfMomentsIsTheSameOnAMachineInAnotherZone() throws Exception {
        postgres.execute(
                "ALTER TABLE orders ADD COLUMN during tstzrange",
                "UPDATE orders SET during = tstzrange(timestamptz '2024-01-01 UTC' + id * interval '1 h', NULL)",
                "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (during)");
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            try (SourceHarness source = start()) {
                poll(source, 5);
                source.commit();
            }
            postgres.execute("DELETE FROM orders WHERE id = 3");
            TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
            try (SourceHarness source = start()) {
                assertThat(poll(source, 1)).containsExactly("[\"2024-01-01 03:00:00+00\",)=null");
                assertThat(source.poll()).isEmpty();
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void scaleOfKeysIsPartOfTheirForm() throws Exception {
        postgres.execute(
                "ALTER TABLE orders ADD COLUMN price numeric(9, 2)",
                "UPDATE orders SET price = id",
                "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (price)");
        try (SourceHarness source = start("numeric.mapping", "none")) {
            poll(source, 5);
            source.commit();
            postgres.execute("ALTER TABLE orders ALTER COLUMN price TYPE numeric(9, 3)");
            source.restart();
            assertThatThrownBy(() -> source.poll(1, PATIENCE)).hasMessageContaining("of scale 2 when they were told");
        }
    }

    @Test
    void keysAreComparedInTheFormThatTheyWereReadIn() throws Exception {
        postgres.execute(
                "ALTER DATABASE " + postgres.name() + " SET extra_float_digits = 0",
                "ALTER TABLE orders ADD COLUMN exact float8",
                "UPDATE orders SET exact = (0.1::float8 + 0.2::float8) * id", // 16 digits and more
                "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (exact)");
        try (SourceHarness source = start()) {
            assertThat(source.poll(5, PATIENCE)).hasSize(5);
            postgres.execute("DELETE FROM orders WHERE id = 3");
            assertThat(source.poll(1, PATIENCE))
                    .extracting(each -> ((Struct) each.key()).get("exact"))
                    .containsExactly((0.1 + 0.2) * 3);
            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void aServerThatReadsWhatIsNotCommittedIsRefused() throws Exception {
        postgres.execute(
                "ALTER DATABASE " + postgres.name() + " SET default_transaction_isolation = 'read uncommitted'");
        try (SourceHarness source = start()) {
            poll(source, 5);
            assertThatThrownBy(() -> source.poll(1, PATIENCE))
                    .hasMessageContaining("transaction.isolation.mode=READ_COMMITTED");
        }
    }

    @Test
    void keysThatWereToldAreAlteredOnlyWithTheirTable() throws Exception {
        Map<String, String> own = Map.of("protocol", "1", "table", "public.orders");
        Map<String, String> keys = Map.of("protocol", "1", "table", "public.orders", "keys", "0");
        Map<String, Object> stored;
        try (SourceHarness source = start()) {
            poll(source, 5);
            source.commit();
            stored = Objects.requireNonNull(source.offsets().offset(own));
        }
        Map<String, Object> packed = Map.of("form", stored.get("form"), "keys", stored.get("keys"));
        JdbcSourceConnector connector = new JdbcSourceConnector();
        assertThat(connector.alterOffsets(config(), Map.of(own, stored, keys, packed)))
                .isTrue();
        Map<Map<String, ?>, Map<String, ?>> reset = new HashMap<>();
        reset.put(own, null);
        reset.put(keys, null);
        assertThat(connector.alterOffsets(config(), reset)).isTrue();
        assertThatThrownBy(() -> connector.alterOffsets(config(), Map.of(keys, packed)))
                .hasMessageContaining("alter that too");
        reset.remove(own);
        assertThatThrownBy(() -> connector.alterOffsets(config(), reset)).hasMessageContaining("alter that too");
        for (Map<String, Object> bad : List.<Map<String, Object>>of(
                Map.of("incrementing", 1), Map.of("form", "id:INT", "keys", "x"), Map.of("form", 1, "keys", "x"))) {
            assertThatThrownBy(() -> connector.alterOffsets(config(), Map.of(own, stored, keys, bad)))
                    .as("%s", bad)
                    .isInstanceOf(ConnectException.class);
        }
    }

    /** Another worker forgets the offset of a record that is dropped, and it may hold keys of other records. */
    @ParameterizedTest
    @CsvSource({"transforms, drop", "errors.tolerance, all"})
    void aWorkerThatForgetsOffsetsIsRefused(String key, String value) {
        assertThatThrownBy(() -> start(key, value))
                .hasMessageContaining("deletes.detect=keys goes with neither transforms");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            connection.url       | jdbc:sqlserver://localhost          | use SQL_SERVER_SNAPSHOT
            record.key           | none                                | needs keys in the records
            mode                 | bulk                                | mode=bulk
            late.rows.window.ms  | 1000                                | late.rows.window.ms
            transaction.isolation.mode | read_uncommitted              | READ_UNCOMMITTED
            exactly.once.support | requested                           | exactly.once.support=required
            table.whitelist      | unkeyed                             | has no primary key
            """)
    void whatCannotWorkIsRefusedByName(String key, String value, String reason) throws Exception {
        postgres.execute("CREATE TABLE unkeyed (id serial, updated timestamptz NOT NULL DEFAULT now())");
        Map<String, String> config = config(key, value);
        if (value.equals("bulk")) {
            config.keySet().removeAll(List.of("timestamp.column.name", "incrementing.column.name"));
        }

        assertThat(new JdbcSourceConnector()
                        .validate(config).configValues().stream()
                                .flatMap(each -> each.errorMessages().stream())
                                .toList())
                .singleElement()
                .asString()
                .contains(reason);
    }

    /** Rows come, change, go and come back in transactions that overlap; tasks end at any moment. */
    @Test
    void compactedTopicEqualsTheTable() throws Exception {
        long seed = Long.getLong("levada.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, String> topic = new TreeMap<>();
        List<SourceRecord> polled = new ArrayList<>();
        try (SourceHarness source = start("batch.max.rows", "7");
                Connection one = postgres.begin();
                Connection two = postgres.begin()) {
            for (int i = 0; i < ROUNDS; i++) {
                for (int j = random.nextInt(15); j >= 0; j--) {
                    change(random.nextBoolean() ? one : two, random);
                }
                // A session that is left open holds back what is new, and a poll without anything new waits.
                (random.nextInt(4) == 0 ? one : two).commit();
                (random.nextInt(4) == 0 ? two : one).commit();
                polled.addAll(source.poll());
                if (random.nextInt(3) > 0) {
                    source.commit();
                    polled.forEach(each -> compact(topic, each));
                    polled.clear();
                }
                if (random.nextInt(5) == 0) {
                    source.restart();
                    polled.clear();
                }
            }
            one.commit();
            two.commit();
            postgres.execute("INSERT INTO orders VALUES (1000, 'last')");
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!topic.equals(table()) && System.nanoTime() < end) {
                polled.addAll(source.poll());
                source.commit();
                polled.forEach(each -> compact(topic, each));
                polled.clear();
            }
            assertThat(topic).as("seed %d", seed).isEqualTo(table());
        }
    }

    /** A row that a session has changed is its own until the end of its transaction: no session waits for another. */
    private static void change(Connection session, Random random) throws SQLException {
        int id = 1 + random.nextInt(60);
        String lock = "SELECT pg_try_advisory_xact_lock(" + id + ")";
        try (var statement = session.createStatement();
                var locked = statement.executeQuery(lock)) {
            locked.next();
            if (locked.getBoolean(1)) {
                String item = "'" + random.nextInt(1000) + "'";
                Postgres.execute(
                        session,
                        switch (random.nextInt(3)) {
                            case 0 -> "DELETE FROM orders WHERE id = " + id;
                            case 1 ->
                                "INSERT INTO orders VALUES (" + id + ", " + item
                                        + ") ON CONFLICT (id) DO UPDATE SET item = excluded.item, updated = excluded.updated";
                            default ->
                                "UPDATE orders SET item = " + item + ", updated = clock_timestamp() WHERE id = " + id;
                        });
            }
        }
        if (random.nextInt(3) == 0) {
            if (random.nextInt(5) == 0) {
                session.rollback();
            } else {
                session.commit();
            }
        }
    }

    private static void compact(Map<String, String> topic, SourceRecord record) {
        String id = ((Struct) record.key()).get("id").toString();
        if (record.value() == null) {
            topic.remove(id);
        } else {
            topic.put(id, ((Struct) record.value()).getString("item"));
        }
    }

    private Map<String, String> table() throws SQLException {
        Map<String, String> table = new TreeMap<>();
        postgres.rows("SELECT id, item FROM orders").forEach(row -> {
            int comma = row.indexOf(',');
            table.put(row.substring(0, comma), row.substring(comma + 1));
        });
        return table;
    }
}
