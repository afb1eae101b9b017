/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;

/**
 * Why a connection could not be made, in words for the person who wrote the configuration.
 *
 * @param key the configuration key to change
 * @param message what was attempted, what happened and what to do
 */
public record ConnectFailure(String key, String message) {

    static ConnectFailure of(SQLException failure, ConnectionOptions options) {
        SQLException told = deepest(failure);
        JdbcUrl url = options.jdbcUrl();
        return switch (options.dialect().connectProblem(told)) {
            case PASSWORD ->
                new ConnectFailure(
                        ConnectionOptions.PASSWORD,
                        "the database at " + url + " refused the password of user " + options.user()
                                + "; check connection.user and connection.password");
            case USER ->
                new ConnectFailure(
                        ConnectionOptions.USER,
                        "the database at " + url + " does not let user " + options.user() + " in ("
                                + told.getMessage() + "); create the user, or allow it to connect (in PostgreSQL:"
                                + " pg_hba.conf)");
            case DATABASE ->
                new ConnectFailure(
                        ConnectionOptions.URL,
                        "there is no database " + url.database() + " at "
                                + (url.hosts().isEmpty() ? url : url.hosts())
                                + "; create it or correct connection.url");
            case UNREACHABLE -> new ConnectFailure(ConnectionOptions.URL, unreachable(told, url));
            case OTHER ->
                new ConnectFailure(
                        ConnectionOptions.URL,
                        "cannot connect to " + url + ": " + told.getMessage() + " [" + told.getSQLState() + "]");
        };
    }

    private static String unreachable(SQLException failure, JdbcUrl url) {
        if (failure.getCause() instanceof UnknownHostException) {
            return "the host of " + url.hosts() + " is not known here; correct connection.url or the name service";
        }
        boolean refused = failure.getCause() instanceof ConnectException;
        return "cannot reach the database at " + url.hosts() + (refused ? ", nothing listens there (" : " (")
                + failure.getMessage()
                + "); check that it runs, listens on that address, and that no firewall is in between";
    }

    private static SQLException deepest(SQLException failure) {
        SQLException told = failure;
        while (told.getSQLState() == null && told.getCause() instanceof SQLException cause && cause != told) {
            told = cause;
        }
        return told;
    }
}
