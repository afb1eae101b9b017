/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BeatsTest {

    @Test
    void areDueBeforeTheirTimeWhenTheServerKeepsMuch() throws Exception {
        try (Connection connection = Postgres.newDatabase().connect()) {
            Beats beats = new Beats(Duration.ofDays(1), "", connection, Duration.ZERO);
            assertThat(beats.isDue(1_000)).isFalse();
            assertThat(beats.isDue(999 + Beats.BYTES)).isFalse();
            assertThat(beats.isDue(1_000 + Beats.BYTES)).isTrue();
            assertThat(beats.isDue(1_000 + Beats.BYTES)).isFalse();
        }
    }

    /** PostgreSQL itself tells a query that is wrong from a connection that is gone. */
    @Test
    void aQueryThatFailsKeepsNothingUpAndALostConnectionIsTold() throws Exception {
        Postgres postgres = Postgres.newDatabase();
        try (Connection connection = postgres.connect()) {
            Beats beats =
                    new Beats(Duration.ofDays(1), "INSERT INTO beats VALUES (1)", connection, Duration.ofMinutes(1));
            beats.act();
            postgres.execute("CREATE TABLE beats (id int)");
            beats.act();
            assertThat(postgres.rows("SELECT id FROM beats")).containsExactly("1");

            postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                    + postgres.name() + "' AND pid <> pg_backend_pid()");
            assertThatThrownBy(beats::act).isInstanceOf(SQLException.class);
        }
    }

    /** The answers that the capture waits for come sooner. */
    @Test
    void aQueryMayTakeLongerThanTheConnectionLetsOthers() throws Exception {
        try (Connection connection = Postgres.newDatabase().connect()) {
            connection.setNetworkTimeout(Runnable::run, 200);
            new Beats(Duration.ofDays(1), "SELECT pg_sleep(0.5)", connection, Duration.ofMinutes(1)).act();
            assertThat(connection.getNetworkTimeout()).isEqualTo(200);
        }
    }

    @Test
    void areNeverDueWithoutAnInterval() throws Exception {
        try (Connection connection = Postgres.newDatabase().connect()) {
            Beats none = new Beats(Duration.ZERO, "", connection, Duration.ZERO);
            assertThat(none.isDue(1)).isFalse();
            assertThat(none.isDue(1 + Beats.BYTES)).isFalse();
        }
    }
}
