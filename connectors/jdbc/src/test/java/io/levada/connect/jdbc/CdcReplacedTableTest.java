/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.table.Selection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that takes the name of another is another table: the publication does not have it, and none of its rows has been read. */
final class CdcReplacedTableTest {

    private static final Map<String, String> PARTITION = Map.of("server", "p");

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        cdc.config.put("table.include.list", "public\\.t");
        cdc.config.put("table.poll.interval.ms", "50");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    }

    private void readTheFirstRow() throws Exception {
        try (SourceHarness source = cdc.start()) {
            cdc.untilMarkOf(source, "t");
            source.commit();
        }
    }

    private static final String RENAMED = "CREATE TABLE t_new (id int PRIMARY KEY); INSERT INTO t_new VALUES (7);"
            + " ALTER TABLE t RENAME TO t_old; ALTER TABLE t_new RENAME TO t; INSERT INTO t VALUES (8)";

    private static final String MADE_ANEW =
            "DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (7), (8)";

    @ParameterizedTest
    @ValueSource(strings = {RENAMED, MADE_ANEW})
    void isNoticedWhileTheConnectorRuns(String replacement) throws Exception {
        try (SourceHarness source = cdc.start()) {
            cdc.untilMarkOf(source, "t");
            source.commit();
            cdc.postgres.execute(replacement);
            await().atMost(CdcFixture.PATIENCE).until(() -> source.requests().reconfigurations() > 0);
            source.restart();
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("r 7 ->7", "r 8 ->8");
            cdc.postgres.execute("INSERT INTO t VALUES (9)");
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("c 9 ->9");
            source.commit();
            source.restart();
            assertThat(cdc.untilMarkOf(source, "t")).as("nor twice").isEmpty();
        }
    }

    /** As the exchange of two tables every night does: the task publishes each that has the name, and the connector goes on looking. */
    @Test
    void isNoticedEachTimeItTakesItsNameBack() throws Exception {
        cdc.postgres.execute("CREATE TABLE t_new (id int PRIMARY KEY)");
        PostgresCdcSourceConfig config = PostgresCdcSourceConfig.SPEC.bind(cdc.config);
        String publish = "PUBLICATION \"" + config.slot().publication() + "\"";
        JoinedTables finder = new JoinedTables(
                new Connections(config.server(), "levada-test"), new Selection(config.selection()), config.slot());
        cdc.postgres.execute("CREATE " + publish + " FOR TABLE t");
        int found = finder.find().size();
        String there = "ALTER TABLE t RENAME TO t_old; ALTER TABLE t_new RENAME TO t";
        String back = "ALTER TABLE t RENAME TO t_new; ALTER TABLE t_old RENAME TO t";
        for (String exchange : new String[] {there, back, there, back}) {
            cdc.postgres.execute(exchange);
            assertThat(finder.find()).as(exchange).hasSize(++found);
            cdc.postgres.execute("ALTER " + publish + " SET TABLE t");
            assertThat(finder.find()).as("once").hasSize(found);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RENAMED, MADE_ANEW})
    void isReadAtTheNextStart(String replacement) throws Exception {
        readTheFirstRow();
        cdc.postgres.execute(replacement);
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("r 7 ->7", "r 8 ->8");
        }
    }

    /** Published, but killed before any record could say so. */
    @Test
    void isReadThoughTheTaskWasKilledWhenItHadPublishedIt() throws Exception {
        readTheFirstRow();
        cdc.postgres.execute(MADE_ANEW, "ALTER PUBLICATION " + cdc.config.get("publication.name") + " SET TABLE t");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("r 7 ->7", "r 8 ->8");
        }
    }

    /** The connection breaks after the table was published, and before any record could say so. */
    @Test
    void isReadThoughTheRunBreaksThatPublishedIt() throws Exception {
        readTheFirstRow();
        String publication = cdc.config.get("publication.name");
        cdc.postgres.execute(
                "CREATE TABLE other (id int PRIMARY KEY)",
                "ALTER PUBLICATION " + publication + " SET TABLE other",
                "INSERT INTO t VALUES (2)");
        cdc.config.put("snapshot.delay.ms", "1000");
        cdc.config.put("retriable.restart.connector.wait.ms", "10");
        try (SourceHarness source = cdc.start()) {
            source.poll();
            await().atMost(CdcFixture.PATIENCE)
                    .until(() -> !cdc.postgres
                            .rows("SELECT 1 FROM pg_publication_tables WHERE tablename = 't' AND pubname = '"
                                    + publication + "'")
                            .isEmpty());
            cdc.postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name LIKE 'levada-cdc-%' AND datname = current_database()");
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE)).isInstanceOf(RetriableException.class);
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("r 1 ->1", "r 2 ->2");
        }
    }

    /** Whatever it was called meanwhile: its changes were not published. */
    @Test
    void isReadAgainWhereThePublicationLackedIt() throws Exception {
        readTheFirstRow();
        cdc.postgres.execute(
                "CREATE TABLE other (id int PRIMARY KEY)",
                "ALTER PUBLICATION " + cdc.config.get("publication.name") + " SET TABLE other",
                "INSERT INTO t VALUES (2)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("r 1 ->1", "r 2 ->2");
        }
    }

    /** Nobody told their changes meanwhile. */
    @Test
    void isReadAgainWhereItWasNotCapturedForAWhile() throws Exception {
        cdc.postgres.execute("CREATE TABLE other (id int PRIMARY KEY)");
        readTheFirstRow();
        cdc.config.put("table.include.list", "public\\.other");
        try (SourceHarness source = cdc.start()) {
            cdc.untilMarkOf(source, "other");
            cdc.postgres.execute("INSERT INTO t VALUES (2)", "INSERT INTO other VALUES (5)");
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "other"))).containsExactly("c 5 ->5");
            source.commit();
        }
        cdc.config.put("table.include.list", "public\\.(t|other)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("r 1 ->1", "r 2 ->2");
        }
    }

    /** An offset of before tells names alone. */
    @Test
    void isTakenForTheSameWhereTheOffsetDoesNotSay() throws Exception {
        readTheFirstRow();
        Map<String, Object> offset = new HashMap<>(Objects.requireNonNull(cdc.offsets.offset(PARTITION)));
        offset.remove("levada_table_oids");
        cdc.offsets.put(PARTITION, offset);
        cdc.postgres.execute("INSERT INTO t VALUES (2)");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("c 2 ->2");
            source.commit();
        }
        cdc.postgres.execute(MADE_ANEW);
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(cdc.untilMarkOf(source, "t"))).containsExactly("r 7 ->7", "r 8 ->8");
        }
    }
}
