/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.SQLException;

/** Tells what became of a transaction whose commit was sent and not answered. */
public interface CommitLookup {

    /** What became of it. */
    enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        IN_PROGRESS,
        /** The server does not remember it, or is another one. */
        UNKNOWN
    }

    /** The name of the connection's transaction, which has written something. */
    String transaction(Connection connection) throws SQLException;

    /** What became of a transaction, asked on another connection. */
    Outcome outcome(Connection connection, String transaction) throws SQLException;
}
