/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.h2.H2Dialect;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** A name without a schema, tables of which are in several: the one that the server finds is meant, and no other is taken for it. */
final class SearchPathTest {

    private static final TableId THINGS = new TableId(null, null, "things");

    private static Postgres twoTables() throws SQLException {
        Postgres postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE SCHEMA empty",
                "CREATE SCHEMA alpha",
                "CREATE TABLE alpha.things (id int UNIQUE, n int GENERATED ALWAYS AS (1) STORED)",
                "CREATE SCHEMA two",
                "CREATE TABLE two.base (id int, n int)",
                "CREATE VIEW two.things AS SELECT * FROM two.base",
                "ALTER DATABASE " + postgres.name() + " SET search_path = empty, two");
        return postgres;
    }

    @Test
    void postgresTellsTheOneThatItFinds() throws Exception {
        Dialect dialect = new PostgresDialect();
        try (Connection connection = twoTables().connect()) {
            assertThat(dialect.kind(connection, THINGS)).contains("VIEW");
            assertThat(dialect.serverFilled(connection, THINGS, "things").refuses("n", true))
                    .isFalse();
            assertThat(dialect.kind(connection, new TableId(null, "alpha", "things")))
                    .contains("TABLE");
            assertThat(dialect.kind(connection, new TableId(null, null, "absent")))
                    .isEmpty();
        }
    }

    @Test
    void sinkLooksAtTheTableThatItWritesTo() throws Exception {
        Postgres postgres = twoTables();
        Map<String, String> config = postgres.config("topics", "things", "table.types", "VIEW");
        try (SinkHarness sink = SinkHarness.start(new JdbcSinkConnector(), config, new TopicPartition("things", 0))) {
            sink.put(new SinkRecord("things", 0, null, null, null, Map.of("id", 1, "n", 7), 0));
            assertThat(sink.requests().errant()).isEmpty();
        }
        assertThat(postgres.rows("SELECT * FROM two.things")).containsExactly("1,7");
        assertThat(postgres.rows("SELECT * FROM alpha.things")).isEmpty();
    }

    /** Where nobody tells which one the server finds. */
    @Test
    void twoOfOneNameBeyondTheOwnSchemaAreRefused() throws Exception {
        Dialect dialect = new H2Dialect();
        TableId table = new TableId(null, null, "THINGS");
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            Postgres.execute(
                    connection,
                    "CREATE SCHEMA EMPTY",
                    "CREATE SCHEMA ALPHA",
                    "CREATE SCHEMA TWO",
                    "CREATE TABLE TWO.THINGS (ID INT)",
                    "SET SCHEMA EMPTY",
                    "SET SCHEMA_SEARCH_PATH EMPTY, TWO");
            assertThat(dialect.kind(connection, table)).as("the only one").contains("TABLE");

            Postgres.execute(connection, "CREATE TABLE ALPHA.THINGS (ID INT GENERATED ALWAYS AS (1))");

            for (Look look : List.<Look>of(dialect::kind, (c, t) -> dialect.serverFilled(c, t, "THINGS"))) {
                assertThatThrownBy(() -> look.at(connection, table))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("THINGS are in the schemas [ALPHA, TWO]")
                        .hasMessageContaining("as ALPHA.THINGS");
                assertThat(look.at(connection, new TableId(null, "TWO", "THINGS")))
                        .isNotNull();
            }
        }
    }

    private interface Look {
        Object at(Connection connection, TableId table) throws SQLException;
    }
}
