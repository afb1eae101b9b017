/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What differs between PostgreSQL's versions, on the oldest and the newest. Other tests, unless they need a server of their own, run on any:
 * {@code -Dlevada.postgres=15}.
 */
final class CdcVersionsTest {

    /** The first that publishes with filters of rows and columns, and the first that can publish generated columns. */
    private static final int FILTERS_SINCE = 15;

    private static final int ORIGINS_SINCE = 16;
    private static final int FAILOVER_SINCE = 17;
    private static final int GENERATED_SINCE = 18;

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void tellsRowsAndChanges(int version) throws Exception {
        try (PostgresServer server = PostgresServer.ofVersion(String.valueOf(version))) {
            CdcFixture cdc = new CdcFixture(server);
            cdc.config.put("slot.failover", "true");
            cdc.postgres.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v text, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                    "INSERT INTO t VALUES (1, 'a')");
            assertOriginsAreRefusedBefore16(cdc, version);
            try (SourceHarness source = cdc.start()) {
                assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("r 1 ->1,a,2");
                cdc.postgres.execute("INSERT INTO t VALUES (2, 'b')", "UPDATE t SET v = 'aa' WHERE id = 1");
                try (Connection connection = cdc.postgres.begin()) {
                    Postgres.execute(connection, "DELETE FROM t WHERE id = 2", "PREPARE TRANSACTION 'gone'");
                }
                cdc.postgres.execute("COMMIT PREPARED 'gone'");
                assertThat(CdcFixture.told(cdc.untilMark(source)))
                        .as("generated columns are not in the log unless published")
                        .containsExactly("c 2 ->2,b", "u 1 ->1,aa", "d 2 2,null->", "tombstone Struct{id=2}");
                source.restart();
                assertThat(CdcFixture.told(cdc.untilMark(source))).contains("u 1 ->1,aa");
            }
            if (version >= FAILOVER_SINCE) {
                assertThat(cdc.postgres.rows("SELECT failover FROM pg_replication_slots WHERE NOT temporary"))
                        .containsExactly("t");
            }
        }
    }

    private static void assertOriginsAreRefusedBefore16(CdcFixture cdc, int version) {
        cdc.config.put("slot.stream.params", "origin=none");
        assertThat(new PostgresCdcSourceConnector()
                        .validate(cdc.config).configValues().stream()
                                .flatMap(value -> value.errorMessages().stream())
                                .toList()
                                .toString())
                .contains(version < ORIGINS_SINCE ? "slot.stream.params has no meaning" : "[]");
        cdc.config.remove("slot.stream.params");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void tellsWhatAPublicationOfTheUsersLetsThrough(int version) throws Exception {
        try (PostgresServer server = PostgresServer.ofVersion(String.valueOf(version))) {
            CdcFixture cdc = new CdcFixture(server);
            cdc.config.put("publication.autocreate.mode", "disabled");
            cdc.postgres.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v text, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                    "CREATE PUBLICATION " + cdc.config.get("publication.name") + " FOR TABLE t"
                            + (version >= FILTERS_SINCE ? " WHERE (id < 10)" : "")
                            + (version >= GENERATED_SINCE ? " WITH (publish_generated_columns = stored)" : ""),
                    "INSERT INTO t VALUES (0, 'read')");
            try (SourceHarness source = cdc.start()) {
                source.poll(1, CdcFixture.PATIENCE);
                cdc.postgres.execute("INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (10, 'b')");
                String twice = version >= GENERATED_SINCE ? ",2" : "";
                List<String> told = CdcFixture.told(cdc.untilMark(source));
                assertThat(told).startsWith("c 1 ->1,a" + twice).hasSize(version >= FILTERS_SINCE ? 1 : 2);
            }
        }
    }
}
