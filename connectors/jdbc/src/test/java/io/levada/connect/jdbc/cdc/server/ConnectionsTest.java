/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionsTest {

    /** A catalogue query behind somebody who waits for a lock would wait as long as it may take, and hold up others. */
    @ParameterizedTest
    @CsvSource({"'', 10s", "SET lock_timeout = '1min', 1min"})
    void waitsForNoLockForLongUnlessToldTo(String statements, String expected) throws SQLException {
        Connections connections = connections(statements);
        try (Connection connection = connections.open();
                ResultSet shown = connection.createStatement().executeQuery("SHOW lock_timeout")) {
            shown.next();
            assertThat(shown.getString(1)).isEqualTo(expected);
        }
    }

    /** A network that swallows everything would hold up whoever asks for good. */
    @Test
    void waitsForNoAnswerForGood() throws SQLException {
        Connections connections = connections("");
        try (Connection sql = connections.open();
                Connection replication = connections.openReplication()) {
            assertThat(sql.getNetworkTimeout()).isEqualTo(60_000);
            assertThat(replication.getNetworkTimeout()).isEqualTo(60_000);
        }
    }

    private static Connections connections(String statements) throws SQLException {
        Postgres postgres = Postgres.newDatabase();
        Map<String, String> config = new HashMap<>(Map.of(
                "database.hostname",
                "localhost",
                "database.port",
                Integer.toString(postgres.serverPort()),
                "database.user",
                "postgres",
                "database.password",
                "postgres",
                "database.dbname",
                postgres.name(),
                "database.initial.statements",
                statements));
        return new Connections(ConfigSpec.of(ServerOptions.class).bind(config), "test");
    }
}
