/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection could not be made, in words for the person who wrote the configuration.
 *
 * @param key the configuration key to change
 * @param message what was attempted, what happened and what to do
 */
public record ConnectFailure(String key, String message) {

    static ConnectFailure of(SQLException failure, JdbcUrl url, @Nullable String user) {
        SQLException told = deepest(failure);
        String state = told.getSQLState() == null ? "" : told.getSQLState();
        return switch (state) {
            case "28P01" ->
                new ConnectFailure(
                        ConnectionOptions.PASSWORD,
                        "the database at " + url + " refused the password of user " + user
                                + "; check connection.user and connection.password");
            case "28000" ->
                new ConnectFailure(
                        ConnectionOptions.USER,
                        "the database at " + url + " does not let user " + user + " in (" + told.getMessage()
                                + "); create the role or allow it in pg_hba.conf");
            case "3D000" ->
                new ConnectFailure(
                        ConnectionOptions.URL,
                        "there is no database " + url.database() + " at " + url.hosts()
                                + "; create it or correct connection.url");
            case "08001", "08006" -> new ConnectFailure(ConnectionOptions.URL, unreachable(told, url));
            default ->
                new ConnectFailure(
                        ConnectionOptions.URL,
                        "cannot connect to " + url + ": " + told.getMessage() + " [" + state + "]");
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
