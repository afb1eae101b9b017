/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capture from a standby server, which can make a slot since PostgreSQL 16, but no publication. */
final class CdcStandbyTest {

    @TempDir
    private static Path folder;

    private static PostgresServer primary;
    private static PostgresServer standby;
    private CdcFixture cdc;

    @BeforeAll
    static void start() throws Exception {
        primary = PostgresServer.ofVersion("18");
        standby = primary.standby(folder);
    }

    @BeforeEach
    void makeDatabase() throws Exception {
        cdc = new CdcFixture(primary);
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        cdc.config.put("database.port", Integer.toString(standby.port()));
    }

    @AfterAll
    static void stop() throws Exception {
        standby.close();
        primary.close();
    }

    private void publish() throws Exception {
        cdc.postgres.execute("CREATE PUBLICATION " + cdc.config.get("publication.name") + " FOR TABLE t");
        awaitReplayed();
    }

    /** Also what is committed and not written yet: these servers do not wait for their disk. */
    private void awaitReplayed() throws Exception {
        String end = cdc.postgres.rows("SELECT pg_current_wal_insert_lsn()").get(0);
        await().atMost(CdcFixture.PATIENCE)
                .until(() -> cdc.postgres
                        .rows("SELECT replay_lsn >= '" + end
                                + "' FROM pg_stat_replication WHERE application_name = 'walreceiver'")
                        .equals(List.of("t")));
    }

    /** Polls while the primary logs which transactions run, which the standby waits for before it makes a slot. */
    private List<SourceRecord> poll(SourceHarness source, int count) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        await().atMost(CdcFixture.PATIENCE).until(() -> {
            cdc.postgres.execute("SELECT pg_log_standby_snapshot()");
            records.addAll(source.poll());
            return records.size() >= count;
        });
        return records;
    }

    @Test
    void tellsRowsAndChangesOverARestart() throws Exception {
        publish();
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(poll(source, 1))).containsExactly("r 1 ->1,a");
            cdc.postgres.execute("INSERT INTO t VALUES (2, 'b')");
            assertThat(CdcFixture.told(poll(source, 1))).containsExactly("c 2 ->2,b");
            source.commit();
            cdc.postgres.execute("DELETE FROM t WHERE id = 1");
            source.restart();
            assertThat(CdcFixture.told(poll(source, 2))).containsExactly("d 1 1,null->", "tombstone Struct{id=1}");
        }
    }

    @Test
    void readsRowsAlone() throws Exception {
        cdc.config.put("snapshot.mode", "initial_only");
        awaitReplayed();
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("r 1 ->1,a");
        }
    }

    @Test
    void saysWhereThePublicationIsMade() throws Exception {
        awaitReplayed();
        String way = "CREATE PUBLICATION \"" + cdc.config.get("publication.name") + "\" FOR TABLE";
        Config validated = new PostgresCdcSourceConnector().validate(cdc.config);
        assertThat(validated.configValues().stream()
                        .map(ConfigValue::errorMessages)
                        .flatMap(List::stream))
                .anySatisfy(message -> assertThat(message).contains("standby").contains(way));
    }

    /** The polling source is told before it starts that a standby does not know which transactions are open. */
    @Test
    void isRefusedToASourceThatWaitsForTransactions() throws Exception {
        awaitReplayed();
        Postgres database = Postgres.of(standby.port(), cdc.postgres.name());
        Map<String, String> config = database.config(
                "mode", "incrementing", "incrementing.column.name", "id", "table.whitelist", "t", "topic.prefix", "");

        assertThat(new JdbcSourceConnector().validate(config).configValues())
                .filteredOn(value -> !value.errorMessages().isEmpty())
                .singleElement()
                .satisfies(value -> {
                    assertThat(value.name()).isEqualTo("exact.bounds");
                    assertThat(value.errorMessages().toString()).contains("is a replica");
                });
        config.put("exact.bounds", "off");
        assertThat(new JdbcSourceConnector().validate(config).configValues())
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
    }

    /** Found out later, when the publication that was there is no longer what the connector wants. */
    @Test
    void saysWhatToRunOnThePrimary() throws Exception {
        publish();
        cdc.postgres.execute("CREATE TABLE u (id int PRIMARY KEY)");
        awaitReplayed();
        try (SourceHarness source = cdc.start()) {
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("run on its primary: ALTER PUBLICATION")
                    .hasMessageContaining("SET TABLE");
        }
    }
}
