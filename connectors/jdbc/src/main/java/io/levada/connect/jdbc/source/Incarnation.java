/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Dialect;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Notices, while a task runs, that a table was dropped and made anew, or emptied, so that its numbers may begin anew: rows with numbers
 * that have been passed would never be read. Of what happened while no task ran it says what it sees: rows that were deleted look alike.
 */
final class Incarnation {

    private static final Logger LOGGER = LoggerFactory.getLogger(Incarnation.class);

    private final Relation relation;
    private final Dialect dialect;

    private @Nullable String known;
    private boolean suspect;
    private boolean begun;

    Incarnation(Relation relation, Dialect dialect) {
        this.relation = relation;
        this.dialect = dialect;
    }

    /** True, once, if the table is another one than before and its highest number is below the one that was read. */
    boolean beginsAnew(Connection connection, NewRowsQuery.Kind kind, JdbcOffset offset) throws SQLException {
        if (relation.table() == null) {
            return false;
        }
        if (!begun) {
            begun = true;
            warnOfLowerNumbers(connection, kind, offset);
        }
        Optional<String> now = dialect.incarnation(connection, relation.from());
        suspect |= known != null && now.isPresent() && isAnother(known, now.get());
        known = now.orElse(known);
        if (!suspect || offset.incrementing() == null) {
            return false;
        }
        BigDecimal highest = SettledBounds.highest(connection, kind, JdbcOffset.NONE, Bound.NONE);
        if (highest == null) {
            return false; // nothing is in it yet that tells
        }
        suspect = false;
        boolean anew = highest.compareTo(BigDecimal.valueOf(offset.incrementing())) < 0;
        LOGGER.atLevel(anew ? Level.WARN : Level.INFO)
                .addKeyValue("table", relation.table())
                .addKeyValue("highest", highest)
                .addKeyValue("read", offset.incrementing())
                .log(
                        anew
                                ? "the table was made anew or emptied, and its numbers begin anew: reading it from the beginning"
                                : "the table was made anew or rewritten, and its numbers go on: reading goes on, too");
        return anew;
    }

    /** If any part is still there, some may have come or gone, but not all rows at once. */
    private static boolean isAnother(String before, String now) {
        return Collections.disjoint(List.of(before.split(",")), List.of(now.split(",")));
    }

    private void warnOfLowerNumbers(Connection connection, NewRowsQuery.Kind kind, JdbcOffset offset)
            throws SQLException {
        if (offset.incrementing() == null) {
            return;
        }
        BigDecimal highest = SettledBounds.highest(connection, kind, JdbcOffset.NONE, Bound.NONE);
        if (highest != null && highest.compareTo(BigDecimal.valueOf(offset.incrementing())) < 0) {
            LOGGER.atWarn()
                    .addKeyValue("table", relation.table())
                    .addKeyValue("highest", highest)
                    .addKeyValue("read", offset.incrementing())
                    .log(
                            "all numbers are below the one that was read: rows were deleted, or the table was made anew while no task ran, and then it is to be read from the beginning: reset its offset");
        }
    }
}
