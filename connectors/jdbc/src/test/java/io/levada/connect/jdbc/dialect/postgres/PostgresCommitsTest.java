/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.Postgres;
import io.levada.connect.jdbc.dialect.CommitLookup;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Only the server that ran a transaction says what became of it. */
final class PostgresCommitsTest {

    private final CommitLookup commits = new PostgresCommits();

    private CommitLookup.Outcome outcome(Postgres postgres, String transaction) throws SQLException {
        try (Connection connection = postgres.begin()) {
            return commits.outcome(connection, transaction);
        }
    }

    @Test
    void transactionIsKnownOnItsTimelineAlone() throws SQLException {
        Postgres postgres = Postgres.newDatabase();
        String user = "nobody_" + System.identityHashCode(this);
        String transaction;
        try (Connection connection = postgres.begin();
                Statement statement = connection.createStatement()) {
            // No privilege is needed.
            statement.execute("CREATE ROLE " + user);
            statement.execute("SET LOCAL ROLE " + user);
            transaction = commits.transaction(connection);
            assertThat(outcome(postgres, transaction)).isEqualTo(CommitLookup.Outcome.IN_PROGRESS);
            connection.commit();
            statement.execute("SET LOCAL ROLE " + user);
            assertThat(commits.outcome(connection, transaction)).isEqualTo(CommitLookup.Outcome.COMMITTED);
            connection.rollback();
            statement.execute("DROP ROLE " + user);
            connection.commit();
        }
        String number = transaction.substring(transaction.indexOf('/'));

        assertThat(outcome(postgres, transaction)).isEqualTo(CommitLookup.Outcome.COMMITTED);
        assertThat(outcome(postgres, "0000FFFF" + number)).isEqualTo(CommitLookup.Outcome.UNKNOWN);
    }

    @Test
    void transactionOfTheFutureIsUnknown() throws SQLException {
        Postgres postgres = Postgres.newDatabase();
        String transaction;
        try (Connection connection = postgres.begin()) {
            transaction = commits.transaction(connection);
        }
        long number = Long.parseLong(transaction.substring(transaction.indexOf('/') + 1));

        String future = transaction.substring(0, transaction.indexOf('/') + 1) + (number + 1_000_000);
        assertThat(outcome(postgres, future)).isEqualTo(CommitLookup.Outcome.UNKNOWN);
    }
}
