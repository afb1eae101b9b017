/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A database's knowledge of which transactions are open, by which readers bound the rows that may still come. */
public interface OpenTransactions {

    /**
     * Names the transactions, other than the connection's own, that may still commit rows older than those visible now.
     *
     * @param table the only table of interest, in SQL; null for any
     * @param scope which transactions count
     * @throws org.apache.kafka.connect.errors.ConnectException if this server cannot tell, for instance a replica
     */
    Set<String> open(Connection connection, @Nullable String table, TransactionScope scope) throws SQLException;

    /** Those of the named transactions that have not ended. */
    Set<String> stillOpen(Connection connection, Set<String> transactions) throws SQLException;
}
