/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SourceHarness;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that cannot be captured, and what is said of them, by a check beforehand and by a task. */
final class CdcFaultsTest {

    /** Errors of the check, for a configuration that is otherwise sound. */
    private static List<String> problems(CdcFixture cdc) {
        List<String> problems = new ArrayList<>();
        new PostgresCdcSourceConnector()
                .validate(cdc.config)
                .configValues()
                .forEach(value -> problems.addAll(value.errorMessages()));
        return problems;
    }

    private static void assertTaskFails(CdcFixture cdc, String... words) {
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContainingAll(words);
        }
    }

    @Test
    void aServerWhoseLogDoesNotTellOfRowsAndHasNoSlotLeft() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "replica")
                .setServerConfig("max_replication_slots", "0")
                .setServerConfig("max_wal_senders", "0")
                .start()) {
            CdcFixture cdc = on(server);
            assertThat(problems(cdc).toString())
                    .contains("ALTER SYSTEM SET wal_level = logical")
                    .contains("max_replication_slots=0")
                    .contains("max_wal_senders=0");
        }
    }

    @Test
    void aUserThatLosesTheRightToReplicate() throws Exception {
        CdcFixture cdc = new CdcFixture();
        String user = "replica_" + cdc.postgres.name();
        cdc.postgres.execute(
                "CREATE ROLE " + user + " LOGIN REPLICATION PASSWORD 'p'",
                "GRANT CREATE ON DATABASE " + cdc.postgres.name() + " TO " + user,
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t OWNER TO " + user,
                "INSERT INTO t VALUES (1)");
        cdc.config.put("database.user", user);
        cdc.config.put("database.password", "p");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            cdc.postgres.execute("ALTER ROLE " + user + " NOREPLICATION");
            cdc.postgres.terminateConnections();
            assertThatThrownBy(() -> pollUntilItFails(source))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContainingAll("[42501]", "the user lacks a right", "validating the config");
        }
    }

    @Test
    void aPublicationThatIsCutDown() throws Exception {
        CdcFixture cdc = new CdcFixture();
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            cdc.awaitActiveSlot();
            cdc.postgres.execute(
                    "ALTER PUBLICATION " + cdc.config.get("publication.name") + " SET (publish = 'insert, delete')");
            cdc.postgres.terminateConnections();
            assertThatThrownBy(() -> pollUntilItFails(source))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContainingAll("does not publish update, and", "skipped.operations=u,t");
        }
    }

    private static void pollUntilItFails(SourceHarness source) throws Exception {
        while (true) {
            try {
                source.poll(1, CdcFixture.PATIENCE);
            } catch (RetriableException ignored) {
                // the connection was lost, which goes by
            }
        }
    }

    /** max_slot_wal_keep_size: the slot is lost while nobody reads. */
    @Test
    void aSlotThatTheServerHasGivenUp(@TempDir Path folder) throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_slot_wal_keep_size", "1MB")
                .setServerConfig("min_wal_size", "32MB")
                .setServerConfig("max_wal_size", "32MB")
                .setDataDirectory(folder)
                .start()) {
            CdcFixture cdc = on(server);
            try (SourceHarness source = cdc.start()) {
                source.poll(1, CdcFixture.PATIENCE);
                source.commit();
            }
            for (int i = 0; i < 6; i++) {
                cdc.postgres.execute("INSERT INTO t VALUES (" + (i + 10) + ")", "SELECT pg_switch_wal()", "CHECKPOINT");
            }
            assertThat(cdc.postgres.rows("SELECT wal_status FROM pg_replication_slots"))
                    .containsExactly("lost");
            assertTaskFails(
                    cdc,
                    "max_slot_wal_keep_size",
                    "bytes since the stored offset",
                    "are lost",
                    "DELETE /connectors/",
                    "snapshot.mode=when_needed");

            cdc.config.put("snapshot.mode", "when_needed");
            try (SourceHarness source = cdc.start()) {
                assertThat(source.poll(7, CdcFixture.PATIENCE)).hasSize(7);
            }
        }
    }

    private static CdcFixture on(EmbeddedPostgres server) throws SQLException {
        CdcFixture cdc = new CdcFixture(Postgres.of(server.getPort(), "postgres"));
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        return cdc;
    }
}
