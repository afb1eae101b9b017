/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.ServerFilled;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Generated and identity columns, and those with a default (PostgreSQL manual, section 53.7, pg_attribute). */
final class PostgresServerFilled {

    private static final String COLUMNS =
            "SELECT attname, attgenerated <> '', attidentity, atthasdef OR attidentity <> '' FROM pg_attribute"
                    + " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped";

    private PostgresServerFilled() {}

    static ServerFilled of(Connection connection, String table) throws SQLException {
        Set<String> generated = new HashSet<>();
        Set<String> identity = new HashSet<>();
        Set<String> defaulted = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    if (rows.getBoolean(2)) {
                        generated.add(column);
                    } else {
                        if (rows.getBoolean(4)) {
                            defaulted.add(column);
                        }
                        if (rows.getString(3).equals("a")) {
                            identity.add(column);
                        }
                    }
                }
            }
        }
        return new ServerFilled(generated, identity, defaulted);
    }
}
