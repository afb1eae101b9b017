/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.StringJoiner;

/** As much of {@code psql} as the documentation uses, so that its commands run where there is none: an address, {@code -c}, {@code -f}. */
final class Psql {

    private Psql() {}

    public static void main(String[] arguments) throws Exception {
        URI address = URI.create(arguments[0]);
        String[] login = address.getUserInfo().split(":", 2);
        String url = "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath();
        try (Connection connection = DriverManager.getConnection(url, login[0], login[1]);
                Statement statement = connection.createStatement()) {
            for (int i = 1; i < arguments.length; i += 2) {
                String sql = switch (arguments[i]) {
                    case "-c" -> arguments[i + 1];
                    case "-f" -> Files.readString(Path.of(arguments[i + 1]));
                    default -> throw new IllegalArgumentException("psql " + arguments[i] + " is not known here");
                };
                if (statement.execute(sql)) {
                    print(statement.getResultSet());
                }
            }
        }
    }

    private static void print(ResultSet rows) throws Exception {
        while (rows.next()) {
            StringJoiner line = new StringJoiner(" | ");
            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                line.add(rows.getString(column));
            }
            System.out.println(line);
        }
    }
}
