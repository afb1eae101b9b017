/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** About how many rows there are to read, for those who watch. */
final class RowEstimate {

    private static final Logger LOGGER = LoggerFactory.getLogger(RowEstimate.class);

    private RowEstimate() {}

    /**
     * Of each of so many parts of a table; nothing if the database does not tell, as of a query. That it fails holds up nothing. Ends the
     * connection's transaction.
     */
    static OptionalLong of(Connection connection, Relation relation, Dialect dialect, int parts) throws SQLException {
        if (relation.table() == null) {
            return OptionalLong.empty();
        }
        try {
            OptionalLong rows = dialect.estimatedRows(connection, relation.table(), relation.from());
            return rows.isEmpty() ? rows : OptionalLong.of(rows.getAsLong() / parts);
        } catch (SQLException e) {
            LOGGER.atDebug()
                    .addKeyValue("relation", relation)
                    .addKeyValue("error", e.getMessage())
                    .log("the number of rows is not known");
            return OptionalLong.empty();
        } finally {
            connection.rollback();
        }
    }
}
