/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Who can do something about an {@link SQLException}, told from its SQLState (PostgreSQL manual, appendix A). */
public enum FailureKind {
    /** The world: connection lost, server restarting or out of resources, deadlock, serialization failure. Trying again may help. */
    RETRIABLE,
    /** One record: a value that does not fit or violates a constraint. Another record may well succeed. */
    DATA,
    /** The user: wrong credentials, missing table or privilege, wrong SQL. Trying again does not help. */
    FATAL;

    /** The kind of the first link of the chain (next exceptions, then causes) that tells. */
    public static FailureKind of(SQLException failure) {
        for (SQLException e = failure; e != null; e = e.getNextException()) {
            FailureKind kind = ofState(e.getSQLState());
            if (kind != FATAL) {
                return kind;
            }
        }
        boolean transientType = failure instanceof SQLTransientException || failure instanceof SQLRecoverableException;
        if (failure.getCause() instanceof SQLException cause && cause != failure) {
            return of(cause);
        }
        return transientType || failure.getCause() instanceof IOException ? RETRIABLE : FATAL;
    }

    static FailureKind ofState(@Nullable String state) {
        if (state == null || state.length() != 5) {
            return FATAL;
        }
        if (state.equals("40001") || state.equals("40P01") || state.equals("55P03") || state.equals("57014")) {
            return RETRIABLE;
        }
        if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P0")) {
            return RETRIABLE;
        }
        if (state.startsWith("22") || state.startsWith("23") || state.equals("42804") || state.equals("21000")) {
            return DATA;
        }
        return FATAL;
    }
}
