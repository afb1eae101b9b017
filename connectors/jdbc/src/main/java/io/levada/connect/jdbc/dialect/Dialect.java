/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** What a kind of database does in its own way. Instances have no state and may be used from any thread. */
public interface Dialect {

    /** Properties of the driver for reading with a cursor over tables that may change their columns. */
    Map<String, String> readingProperties();

    /** Properties of the driver for writing batches. */
    Map<String, String> writingProperties();

    /** How to read a column, or nothing if its type has no faithful form in Connect. */
    Optional<ColumnReader> reader(Column column, ReadOptions options);

    /** True if the column is a timestamp that modes can follow. */
    boolean isTimestamp(Column column);

    /** The moment in a timestamp column of the current row, to the microsecond. */
    @Nullable
    Instant instant(ResultSet rows, int index, Column column, ZoneId zone) throws SQLException;

    /** Sets a parameter that is compared with a timestamp column. */
    void bindInstant(PreparedStatement statement, int index, Column column, ZoneId zone, Instant value)
            throws SQLException;

    /** The database's clock, now. */
    Instant now(Connection connection) throws SQLException;

    /**
     * Names the transactions, other than the connection's own, that may still commit rows older than those visible now.
     *
     * @param table the only table of interest, in SQL; null for any
     * @param scope which transactions count
     * @throws org.apache.kafka.connect.errors.ConnectException if this server cannot tell, for instance a replica
     */
    Set<String> openTransactions(Connection connection, @Nullable String table, TransactionScope scope)
            throws SQLException;

    /** Those of the named transactions that have not ended. */
    Set<String> stillOpen(Connection connection, Set<String> transactions) throws SQLException;

    /** The column type for a CREATE TABLE, or nothing if no type holds values of the schema. */
    Optional<String> columnType(Schema schema);

    /** An INSERT with one parameter a column, keys first, that updates the row if its key exists. */
    String upsert(String table, Identifiers identifiers, List<String> keys, List<String> others);
}
