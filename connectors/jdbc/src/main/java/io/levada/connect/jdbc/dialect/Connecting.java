/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/** The way to a kind of database. */
public interface Connecting {

    /**
     * Takes a URL apart, and refuses whatever is not known to be harmless: drivers load classes, run SQL and read files where a
     * URL says so.
     *
     * @throws IllegalArgumentException with a message that says what is wrong and holds no part of the URL that may be secret
     */
    JdbcUrl url(String text);

    /** The class of the driver for a URL, and what it is called where it is missing. */
    DriverName driver(JdbcUrl url);

    /** The driver's properties that users may set, in the URL or as {@code connection.} and the name. */
    DriverProperties userProperties();

    /** Properties of the driver for reading with a cursor over tables that may change their columns. */
    Map<String, String> readingProperties();

    /** Properties of the driver for writing batches. */
    Map<String, String> writingProperties();

    /** Properties of the driver that bound how long it takes to connect and to answer, zero for no bound; what it knows of these. */
    Map<String, String> timeLimits(Duration connect, Duration answer);

    /**
     * SQL with which each session begins, so that neither the worker's time zone, which drivers hand on to the server, nor a setting of
     * the database or its user decides what text a value has, or what a text means. Nothing where neither has a say.
     *
     * @param zone of the session
     */
    default Optional<String> sessionBegin(ZoneId zone) {
        return Optional.empty();
    }

    /** Who can do something about a failure: told by the first link of its chain that says. */
    FailureKind failureKind(SQLException failure);

    /** True if the user lacks a privilege for what the statement names. */
    default boolean isForbidden(SQLException failure) {
        return "42501".equals(failure.getSQLState());
    }

    /** What keeps us from connecting, as the database's own words say. */
    ConnectProblem connectProblem(SQLException failure);
}
