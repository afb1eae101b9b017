/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tables are read, by how many tasks, and what happens when tables come. */
final class TableDiscoveryTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Postgres postgres;

    @BeforeEach
    void createTables() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute("CREATE SCHEMA crm");
        for (String table : List.of("orders", "order_lines", "\"Odd, Name\"", "crm.people")) {
            postgres.execute(
                    "CREATE TABLE " + table + " (id serial PRIMARY KEY)", "INSERT INTO " + table + " DEFAULT VALUES");
        }
        postgres.execute("CREATE VIEW big AS SELECT * FROM orders");
    }

    private Map<String, String> config(String... config) {
        Map<String, String> all = postgres.config(config);
        all.putAll(Map.of("mode", "incrementing", "topic.prefix", "t.", "poll.interval.ms", "20"));
        return all;
    }

    private static List<String> topics(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::topic).sorted().toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "table.whitelist    | public.orders,crm.people       | t.orders,t.people",
                "table.blacklist    | order_lines,people             | t.Odd, Name,t.orders",
                "table.include.list | public\\.order.*               | t.order_lines,t.orders",
                "table.include.list | .*\\.crm\\..*                  | t.people",
                "table.exclude.list | public\\..*                    | t.people",
                "schema.pattern     | crm                            | t.people",
            })
    void tablesAreChosenByEveryOption(String key, String value, String expected) throws Exception {
        List<String> wanted = List.of(expected.split(",(?=t\\.)"));
        try (SourceHarness source =
                SourceHarness.start(new JdbcSourceConnector(), config(key, value), new MemoryOffsets())) {
            assertThat(topics(source.poll(wanted.size(), PATIENCE))).isEqualTo(wanted);
            assertThat(source.poll()).isEmpty();
        }
    }

    @Test
    void viewIsReadWhenItsTypeIsAllowed() throws Exception {
        Map<String, String> config =
                config("table.types", "VIEW", "incrementing.column.name", "id", "validate.non.null", "false");
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
            assertThat(topics(source.poll(1, PATIENCE))).containsExactly("t.big");
        }
    }

    @Test
    void tablesAreSplitOverTasks() throws Exception {
        try (SourceHarness source =
                SourceHarness.start(new JdbcSourceConnector(), config("tasks.max", "3"), new MemoryOffsets())) {
            assertThat(topics(source.poll(4, PATIENCE)))
                    .containsExactly("t.Odd, Name", "t.order_lines", "t.orders", "t.people");
        }
    }

    @Test
    void newTableMakesNewTasks() throws Exception {
        try (SourceHarness source = SourceHarness.start(
                new JdbcSourceConnector(),
                config("table.poll.interval.ms", "20", "table.include.list", "public\\..*"),
                new MemoryOffsets())) {
            assertThat(source.requests().reconfigurations()).isZero();
            postgres.execute("CREATE TABLE fresh (id serial PRIMARY KEY)", "INSERT INTO fresh DEFAULT VALUES");
            Awaitility.await().atMost(PATIENCE).until(() -> source.requests().reconfigurations() > 0);
            source.restart();

            assertThat(topics(source.poll(4, PATIENCE))).contains("t.fresh");
        }
    }

    @Test
    void newTableIsReadThoughAnotherWouldShareATopic() throws Exception {
        JdbcSourceConnector connector = new JdbcSourceConnector();
        connector.initialize(new ConnectorContext() {
            @Override
            public void requestTaskReconfiguration() {
                // The test asks for itself.
            }

            @Override
            public PluginMetrics pluginMetrics() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void raiseError(Exception e) {
                throw new IllegalStateException(e);
            }
        });
        connector.start(config("table.poll.interval.ms", "20"));
        try {
            postgres.execute("CREATE TABLE crm.orders (id serial PRIMARY KEY)", "CREATE TABLE fresh (id serial)");

            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> connector.taskConfigs(1).toString().contains("fresh"));
            assertThat(connector.taskConfigs(1).toString())
                    .contains("\"public\".\"orders\"")
                    .doesNotContain("\"crm\".\"orders\"");
        } finally {
            connector.stop();
        }
    }

    @Test
    void withoutTablesThereIsNoTask() throws Exception {
        JdbcSourceConnector connector = new JdbcSourceConnector();
        connector.start(config("schema.pattern", "nowhere"));

        assertThat(connector.taskConfigs(4)).isEmpty();

        connector.stop();
    }

    @Test
    void excludedColumnsAreNotRead() throws Exception {
        postgres.execute("ALTER TABLE orders ADD COLUMN secret text");
        try (SourceHarness source = SourceHarness.start(
                new JdbcSourceConnector(),
                config("table.whitelist", "orders", "column.exclude.list", "public.orders.secret"),
                new MemoryOffsets())) {
            assertThat(source.poll(1, PATIENCE).get(0).valueSchema().fields())
                    .singleElement()
                    .satisfies(field -> assertThat(field.name()).isEqualTo("id"));
        }
    }

    @Test
    void unreachableDatabaseIsOneClearErrorAtTheStart() {
        JdbcSourceConnector connector = new JdbcSourceConnector();
        Map<String, String> config = new HashMap<>(config("connection.attempts", "1"));
        config.put("connection.url", "jdbc:postgresql://localhost:1/shop");

        assertThatThrownBy(() -> connector.start(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot reach the database at localhost:1");
    }

    @Test
    void offsetsMayBeAlteredIfTheyAreOurs() {
        JdbcSourceConnector connector = new JdbcSourceConnector();

        assertThat(connector.alterOffsets(
                        Map.of(), Map.of(Map.of("protocol", "1", "table", "public.orders"), Map.of("incrementing", 5))))
                .isTrue();
        assertThatThrownBy(() -> connector.alterOffsets(Map.of(), Map.of(Map.of("file", "x"), Map.of())))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("is none of this connector");
        assertThatThrownBy(() -> connector.alterOffsets(
                        Map.of(), Map.of(Map.of("query", "query"), Map.of("incrementing", "five"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("must be a whole number");
        assertThat(connector.alterOffsets(
                        Map.of(), java.util.Collections.singletonMap(Map.of("table", "orders"), null)))
                .as("forgets the offset")
                .isTrue();
        assertThatThrownBy(() -> connector.alterOffsets(
                        Map.of(), Map.of(Map.of("table", "public.orders"), Map.of("increment", 5))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("has the key increment");
        assertThatThrownBy(() -> connector.alterOffsets(
                        Map.of(), Map.of(Map.of("table", "orders", "protocol", "2"), Map.of("incrementing", 5))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("is none of this connector");
    }

    @Test
    void exactlyOnceIsPromisedWhereEveryRecordHasAnOffset() {
        JdbcSourceConnector connector = new JdbcSourceConnector();
        Map<String, String> config = config();

        assertThat(connector.exactlyOnceSupport(config)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
        config.put("mode", "bulk");
        assertThat(connector.exactlyOnceSupport(config)).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
        config.putAll(Map.of("mode", "timestamp", "timestamp.column.name", "at"));
        assertThat(connector.exactlyOnceSupport(config)).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
        config.put("transaction.boundary", "connector");
        assertThat(connector.exactlyOnceSupport(config)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }
}
