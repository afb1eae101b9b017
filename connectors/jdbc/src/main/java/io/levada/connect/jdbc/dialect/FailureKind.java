/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who can do something about an {@link SQLException}. */
public enum FailureKind {
    /** The world: connection lost, server restarting or out of resources, deadlock, serialization failure. Trying again may help. */
    RETRIABLE,
    /** One record: a value that does not fit or violates a constraint. Another record may well succeed. */
    DATA,
    /** The user: wrong credentials, missing table or privilege, wrong SQL. Trying again does not help. */
    FATAL;

    /**
     * Serialization failure, deadlock, lock and statement timeouts, cancelled; and what PostgreSQL says as it ends a session that was
     * idle in its transaction for too long, or whose transaction took too long.
     */
    private static final Set<String> RETRIABLE_STATES = Set.of("40001", "40P01", "55P03", "57014", "25P03", "25P04");

    /**
     * Data and integrity, a cardinality that ON CONFLICT met twice, a type that does not fit, a view's check option, an exception
     * raised by the user's own code, and limits of the server, such as the size of an index's row.
     */
    private static final Set<String> DATA_STATES = Set.of("21000", "22", "23", "42804", "44", "54", "P0001");

    /**
     * The kind by the SQLState alone, as PostgreSQL has them (its manual, appendix A): the first link of the chain (next exceptions,
     * then causes) that tells. For other databases ask {@link Connecting#failureKind}.
     */
    public static FailureKind of(SQLException failure) {
        return of(failure, link -> ofState(link.getSQLState()));
    }

    /** The kind of the first link that tells, each asked by {@code one}, where FATAL tells nothing. */
    public static FailureKind of(SQLException failure, Function<SQLException, FailureKind> one) {
        for (SQLException e = failure; e != null; e = e.getNextException()) {
            FailureKind kind = one.apply(e);
            if (kind != FATAL) {
                return kind;
            }
        }
        boolean transientType = failure instanceof SQLTransientException || failure instanceof SQLRecoverableException;
        if (failure.getCause() instanceof SQLException cause && cause != failure) {
            return of(cause, one);
        }
        return transientType || failure.getCause() instanceof IOException ? RETRIABLE : FATAL;
    }

    /** What a state of the standard or of PostgreSQL says; FATAL for any other. */
    public static FailureKind ofState(@Nullable String state) {
        if (state == null || state.length() != 5) {
            return FATAL;
        }
        if (RETRIABLE_STATES.contains(state)) {
            return RETRIABLE;
        }
        if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P0")) {
            return RETRIABLE;
        }
        return DATA_STATES.stream().anyMatch(state::startsWith) ? DATA : FATAL;
    }
}
