/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A faster way than statements to write many rows, on one connection and within its transaction. After a failure, of which nothing is
 * left once the transaction has been rolled back, the same can be written by statements; the instance is then of no more use.
 */
public interface BulkLoad {

    /** What happens with the rows. */
    enum Action {
        INSERT,
        UPSERT,
        UPDATE,
        DELETE
    }

    /**
     * Writes rows, each of another key unless they are inserted.
     *
     * @param rows values as {@link Writing#bind} takes them: keys first, then the others; for a deletion the keys alone
     */
    void write(Action action, RowTarget target, List<@Nullable Object[]> rows) throws SQLException;
}
