/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of another owner, which only that one can publish, must not keep up the others. */
final class CdcForeignTableTest {

    private CdcFixture cdc;
    private String user;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        user = "capturer_" + cdc.postgres.name();
        cdc.postgres.execute(
                "CREATE ROLE " + user + " LOGIN REPLICATION PASSWORD 'p'",
                "GRANT CREATE ON DATABASE " + cdc.postgres.name() + " TO " + user,
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "ALTER TABLE t OWNER TO " + user);
        cdc.config.put("database.user", user);
        cdc.config.put("database.password", "p");
    }

    @Test
    void isLeftOutAndTheOthersGoOn() throws Exception {
        cdc.config.put("table.poll.interval.ms", "20");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            cdc.awaitActiveSlot();
            cdc.postgres.execute(
                    "CREATE TABLE foreign_one (id int PRIMARY KEY)",
                    "GRANT SELECT ON foreign_one TO " + user,
                    "INSERT INTO foreign_one VALUES (5)");
            cdc.postgres.terminateConnections(); // it looks at all tables when it begins again
            cdc.postgres.execute("INSERT INTO t VALUES (2)");
            List<SourceRecord> told = new ArrayList<>();
            while (told.isEmpty()) {
                try {
                    told.addAll(source.poll());
                } catch (RetriableException e) {
                    assertThat(e).hasMessageContaining("trying again");
                }
            }
            assertThat(CdcFixture.told(told)).containsExactly("c 2 ->2");
            assertThat(source.requests().reconfigurations())
                    .as("for a table that cannot be published")
                    .isZero();
        }
    }

    @Test
    void isNamedByTheCheckAlsoWhereThePublicationIsThere() throws Exception {
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            cdc.awaitActiveSlot();
        }
        assertThat(problems()).isEmpty();
        cdc.postgres.execute("CREATE TABLE foreign_one (id int PRIMARY KEY)", "GRANT SELECT ON foreign_one TO " + user);
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("does not own \"public\".\"foreign_one\"", "table.exclude.list");
    }

    /** By its owner, or a superuser: it must not be lost when the list is set anew. */
    @Test
    void staysInThePublicationWhereSomebodyHasPutIt() throws Exception {
        cdc.postgres.execute("CREATE TABLE foreign_one (id int PRIMARY KEY)", "GRANT SELECT ON foreign_one TO " + user);
        cdc.config.put("table.exclude.list", "public\\.foreign_one");
        cdc.config.remove("table.include.list");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            source.commit();
        }
        cdc.postgres.execute(
                "ALTER PUBLICATION " + cdc.config.get("publication.name") + " ADD TABLE foreign_one",
                "CREATE TABLE u (id int PRIMARY KEY)",
                "ALTER TABLE u OWNER TO " + user);
        cdc.config.remove("table.exclude.list");
        assertThat(problems()).isEmpty();
        try (SourceHarness source = cdc.start()) {
            cdc.awaitActiveSlot();
            cdc.postgres.execute("INSERT INTO foreign_one VALUES (5)", "INSERT INTO u VALUES (6)");
            assertThat(CdcFixture.told(cdc.untilMark(source))).contains("c 5 ->5", "c 6 ->6");
        }
    }

    private List<String> problems() {
        return new PostgresCdcSourceConnector()
                .validate(cdc.config).configValues().stream()
                        .map(ConfigValue::errorMessages)
                        .flatMap(List::stream)
                        .toList();
    }
}
