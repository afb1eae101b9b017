/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Options that choose rows, values and names, at a real PostgreSQL. */
final class CdcRowsTest {

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
    }

    private List<String> told(SourceHarness source, int rows) throws Exception {
        return CdcFixture.told(source.poll(rows, CdcFixture.PATIENCE));
    }

    @Test
    void readsRowsByAStatementOfTheirOwn() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text, w int)",
                "INSERT INTO t SELECT g, 'v' || g, g FROM generate_series(1, 9) g");
        cdc.config.put("snapshot.select.statement.overrides", "public.t");
        cdc.config.put(
                "snapshot.select.statement.overrides.public.t",
                "SELECT upper(v) AS v, id FROM t WHERE id > 7 ORDER BY id DESC -- the newest\n;");
        try (SourceHarness source = cdc.start()) {
            assertThat(told(source, 2)).containsExactly("r 9 ->9,V9,null", "r 8 ->8,V8,null");
            cdc.postgres.execute("UPDATE t SET w = 0 WHERE id = 1");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("u 1 ->1,v1,0");
        }
    }

    @Test
    void namesAColumnOfAStatementThatTheTableDoesNotHave() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        cdc.config.put("snapshot.select.statement.overrides", "public.t");
        cdc.config.put("snapshot.select.statement.overrides.public.t", "SELECT id AS number FROM t");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> told(source, 1))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("snapshot.select.statement.overrides.public.t")
                    .hasMessageContaining("number");
        }
    }

    /** A row that moves over the filter's line is told as deleted, or as made. */
    @Test
    void filtersRowsAndChangesAlike() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t SELECT g, CASE WHEN g % 2 = 0 THEN 'EU' ELSE 'US' END FROM generate_series(1, 4) g");
        cdc.config.put("publication.row.filter.public.t", "v = 'EU' OR v = 'none'");
        cdc.config.put("tombstones.on.delete", "false");
        try (SourceHarness source = cdc.start()) {
            assertThat(told(source, 2)).containsExactly("r 2 ->2,EU", "r 4 ->4,EU");
            cdc.postgres.execute(
                    "INSERT INTO t VALUES (5, 'US'), (6, 'EU')",
                    "UPDATE t SET v = 'US' WHERE id = 2",
                    "UPDATE t SET v = 'EU' WHERE id = 1",
                    "DELETE FROM t WHERE id = 3");
            assertThat(CdcFixture.told(cdc.untilMark(source)))
                    .containsExactly("c 6 ->6,EU", "d 2 2,EU->", "c 1 ->1,EU");
        }
    }

    private static final String LARGE = "(SELECT string_agg(md5(g::text), '') FROM generate_series(1, 500) g)";

    private String large() throws SQLException {
        return cdc.postgres.rows("SELECT " + LARGE).get(0);
    }

    private void makeTableOfLargeValues() throws SQLException {
        cdc.postgres.execute(
                "CREATE TABLE t (id int, k char(3), n int, large text, PRIMARY KEY (id, k))",
                "INSERT INTO t SELECT g, E'\\\\''', 0, " + LARGE + " FROM generate_series(1, 3) g");
        cdc.config.put("snapshot.mode", "no_data");
    }

    /** The mark of the fixture waits for rows to have been read; without any, changes are counted. */
    private List<SourceRecord> streamed(SourceHarness source, int changes, String... statements) throws Exception {
        cdc.awaitActiveSlot();
        cdc.postgres.execute(statements);
        return source.poll(changes, CdcFixture.PATIENCE);
    }

    private static Struct after(SourceRecord record) {
        return ((Struct) record.value()).getStruct("after");
    }

    @Test
    void leavesLargeValuesThatDidNotChangeOut() throws Exception {
        makeTableOfLargeValues();
        try (SourceHarness source = cdc.start()) {
            assertThat(streamed(source, 1, "UPDATE t SET n = 1 WHERE id = 1"))
                    .extracting(each -> after(each).getString("large"))
                    .containsExactly("__debezium_unavailable_value");
        }
    }

    @Test
    void asksForLargeValuesThatDidNotChange() throws Exception {
        makeTableOfLargeValues();
        cdc.config.put("reselect.unavailable.values", "true");
        cdc.config.put("column.truncate.to.2000.chars", "public\\.t\\.large");
        String large = large();
        assertThat(large).hasSizeGreaterThan(2000);
        try (SourceHarness source = cdc.start()) {
            List<SourceRecord> changes = streamed(
                    source,
                    4,
                    "UPDATE t SET n = 1 WHERE id IN (1, 2)",
                    "UPDATE t SET n = 2 WHERE id = 1",
                    "UPDATE t SET n = 3, large = 'small' WHERE id = 3");
            assertThat(changes)
                    .extracting(each ->
                            after(each).getInt32("id") + " " + after(each).getInt32("n"))
                    .containsExactly("1 1", "2 1", "1 2", "3 3");
            String cut = large.substring(0, 2000);
            assertThat(changes)
                    .extracting(each -> after(each).getString("large"))
                    .as("as the column's rule has them")
                    .containsExactly(cut, cut, cut, "small");
        }
    }

    /** The change of the key tells the row anew, and a placeholder would be all that its readers ever see. */
    @Test
    void asksForLargeValuesUnderANewKey() throws Exception {
        makeTableOfLargeValues();
        cdc.config.put("reselect.unavailable.values", "true");
        cdc.config.put("tombstones.on.delete", "false");
        try (SourceHarness source = cdc.start()) {
            assertThat(after(streamed(source, 2, "UPDATE t SET id = 9 WHERE id = 1")
                                    .get(1))
                            .getString("large"))
                    .isEqualTo(large());
        }
    }

    @Test
    void leavesThePlaceholderWhereTheRowOrItsColumnIsGone() throws Exception {
        makeTableOfLargeValues();
        cdc.config.put("reselect.unavailable.values", "true");
        cdc.config.put("tombstones.on.delete", "false");
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            try (Connection connection = cdc.postgres.begin()) {
                Postgres.execute(connection, "UPDATE t SET n = 1 WHERE id = 1", "DELETE FROM t WHERE id = 1");
                connection.commit();
            }
            assertThat(after(source.poll(2, CdcFixture.PATIENCE).get(0)).getString("large"))
                    .isEqualTo("__debezium_unavailable_value");

            try (Connection connection = cdc.postgres.begin()) {
                Postgres.execute(
                        connection, "UPDATE t SET n = 1 WHERE id = 2", "ALTER TABLE t RENAME COLUMN large TO larger");
                connection.commit();
            }
            assertThat(after(source.poll(1, CdcFixture.PATIENCE).get(0)).getString("large"))
                    .isEqualTo("__debezium_unavailable_value");
        }
    }

    @Test
    void doesNotMixRowsThatShareTheChosenKey() throws Exception {
        makeTableOfLargeValues();
        cdc.config.put("reselect.unavailable.values", "true");
        cdc.config.put("message.key.columns", "public.t:n");
        try (SourceHarness source = cdc.start()) {
            assertThat(after(streamed(source, 1, "UPDATE t SET n = 0 WHERE id = 1")
                                    .get(0))
                            .getString("large"))
                    .isEqualTo("__debezium_unavailable_value");
        }
    }

    @Test
    void adjustsNamesOfTopicsSchemasAndFields() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE \"my t\" (\"the-id\" int PRIMARY KEY, \"2nd\" varchar(9))",
                "INSERT INTO \"my t\" VALUES (1, 'a')");
        cdc.config.put("topic.naming.strategy", "io.debezium.schema.SchemaUnicodeTopicNamingStrategy");
        cdc.config.put("schema.name.adjustment.mode", "avro_unicode");
        cdc.config.put("field.name.adjustment.mode", "avro");
        cdc.config.put("column.propagate.source.type", ".*2nd");
        try (SourceHarness source = cdc.start()) {
            SourceRecord record = source.poll(1, CdcFixture.PATIENCE).get(0);
            assertThat(record.topic()).isEqualTo("p.public.my_u0020t");
            assertThat(record.keySchema().name()).isEqualTo("p.public.my_u005fu0020t.Key");
            assertThat(record.valueSchema().name()).isEqualTo("p.public.my_u005fu0020t.Envelope");
            assertThat(after(record).schema().name()).isEqualTo("p.public.my_u005fu0020t.Value");
            assertThat(record.key()).hasToString("Struct{the_id=1}");
            assertThat(after(record)).hasToString("Struct{the_id=1,_2nd=a}");
            assertThat(after(record).schema().field("_2nd").schema().parameters())
                    .containsEntry("__debezium.source.column.name", "2nd");
        }
    }

    /** Arrays with several dimensions have no schema, so that such a value cannot be told. */
    @Test
    void passesOverValuesThatCannotBeReadOnlyIfAsked() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int[])", "INSERT INTO t VALUES (1, '{{1,2},{3,4}}')");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> told(source, 1))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("column v of table public.t cannot be read");
        }
        cdc.config.put("event.converting.failure.handling.mode", "warn");
        try (SourceHarness source = cdc.start()) {
            assertThat(told(source, 1)).containsExactly("r 1 ->1,null");
            cdc.postgres.execute("INSERT INTO t VALUES (2, '{{5}}'), (3, '{6}')");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 2 ->2,null", "c 3 ->3,[6]");
        }
    }

    /** A null, or a value made up, in a column that never has one would be a lie. */
    @Test
    void failsAtARequiredValueThatCannotBeRead() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int[] NOT NULL)", "INSERT INTO t VALUES (1, '{{1}}')");
        cdc.config.put("event.converting.failure.handling.mode", "skip");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> told(source, 1))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("column v of table public.t cannot be read");
        }
    }

    @Test
    void leavesOutWhatTheServerHasFromAnotherIfAsked() throws Exception {
        assumeTrue(cdc.postgres.majorVersion() >= 16, "CdcVersionsTest has what older ones say");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (0)");
        cdc.config.put("slot.stream.params", "origin=none");
        String origin = "another_" + cdc.postgres.name();
        cdc.postgres.execute("SELECT pg_replication_origin_create('" + origin + "')");
        try (SourceHarness source = cdc.start()) {
            assertThat(told(source, 1)).containsExactly("r 0 ->0");
            try (Connection connection = cdc.postgres.connect()) {
                Postgres.execute(
                        connection,
                        "SELECT pg_replication_origin_session_setup('" + origin + "')",
                        "INSERT INTO t VALUES (1)");
            }
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("c 2 ->2");
        } finally {
            cdc.postgres.execute("SELECT pg_replication_origin_drop('" + origin + "')");
        }
    }

    @Test
    void tellsGeneratedColumnsOfRows() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                "INSERT INTO t VALUES (4)");
        try (SourceHarness source = cdc.start()) {
            assertThat(told(source, 1)).containsExactly("r 4 ->4,8");
        }
    }

    /** Rows that are hidden would be missing for ever, and nobody would know. */
    @Test
    void failsWhereRowLevelSecurityHidesRowsOfAPartition() throws Exception {
        String user = "limited_" + cdc.postgres.name();
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY LIST (id)",
                "CREATE TABLE t_1 PARTITION OF t DEFAULT",
                "INSERT INTO t VALUES (1), (2)",
                "CREATE ROLE " + user + " LOGIN REPLICATION PASSWORD 'p'",
                "GRANT SELECT ON t, t_1 TO " + user,
                "ALTER TABLE t_1 ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY ones ON t_1 USING (id = 1)",
                "CREATE PUBLICATION " + cdc.config.get("publication.name")
                        + " FOR TABLE t WITH (publish_via_partition_root = true)");
        cdc.config.put("database.user", user);
        cdc.config.put("database.password", "p");
        cdc.config.put("publication.autocreate.mode", "disabled");
        cdc.config.put("publish.via.partition.root", "true");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> told(source, 1))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("row-level security");
        }
    }

    /** A table that is rewritten looks empty to the snapshot, which has not come to it yet. */
    @Test
    void keepsTablesFromBeingRewrittenWhileTheirRowsAreRead() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT g, repeat('x', 500) FROM generate_series(1, 20000) g",
                "CREATE TABLE z (id int PRIMARY KEY)",
                "INSERT INTO z VALUES (1)");
        cdc.config.put("max.batch.size", "1");
        cdc.config.put("max.queue.size", "1");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            assertThatThrownBy(() -> cdc.postgres.execute(
                            "SET lock_timeout = '200ms'; ALTER TABLE z ALTER COLUMN id TYPE bigint"))
                    .hasMessageContaining("lock timeout");
            cdc.postgres.execute("UPDATE t SET v = 'y' WHERE id = 20000");
        }
    }

    @Test
    void breaksOffQueriesThatTakeTooLong() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
        cdc.config.put("database.query.timeout.ms", "200");
        cdc.config.put("heartbeat.interval.ms", "10");
        cdc.config.put("heartbeat.action.query", "SELECT pg_sleep(3600)");
        cdc.config.put("errors.max.retries", "0");
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> told(source, 1))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("statement timeout");
        }
    }

    @Test
    void readsAtEachStartWhereTheConfigurationSaysSo() throws Exception {
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        cdc.config.put("snapshot.mode", "configuration_based");
        cdc.config.put("snapshot.mode.configuration.based.snapshot.data", "true");
        cdc.config.put("snapshot.mode.configuration.based.start.stream", "true");
        for (int start = 0; start < 2; start++) {
            try (SourceHarness source = cdc.start()) {
                assertThat(told(source, 1)).containsExactly("r 1 ->1");
                source.commit();
            }
        }
        cdc.config.put("snapshot.mode.configuration.based.snapshot.data", "false");
        try (SourceHarness source = cdc.start()) {
            assertThat(streamed(source, 1, "INSERT INTO t VALUES (2)"))
                    .extracting(CdcFixture::told)
                    .containsExactly("c 2 ->2");
        }
    }
}
