/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.server.UnderWay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From where a slot that was just made can be read. While PostgreSQL (14 to 18) makes one, it waits first for the transactions it found,
 * then for those that have begun meanwhile. What others commit to the catalogue during the first wait it does not see afterwards, until
 * the catalogue changes again or the slot begins at a later place: changes have the columns that a table had before, or end in "could
 * not map filenumber" if it was truncated or rewritten. So if there was such a commit, the slot is moved behind the making of another
 * one, which logs the transactions under way anew and waits for them. Used by the capturing thread.
 */
final class SlotMaking {

    private static final Logger LOGGER = LoggerFactory.getLogger(SlotMaking.class);

    /** Whether rows of the catalogue that decoding looks at are of a transaction or younger. */
    private static final String CHANGED =
            "WITH since AS (SELECT age(CAST(CAST(? AS xid8) AS xid)) AS made), kept AS (SELECT oid, xmin FROM pg_class"
                    + " WHERE relpersistence <> 't' AND relkind IN ('r', 'p', 'm', 't'))"
                    + " SELECT EXISTS (SELECT 1 FROM kept, since WHERE age(xmin) <= made)"
                    + " OR EXISTS (SELECT 1 FROM pg_attribute a JOIN kept ON kept.oid = attrelid, since WHERE age(a.xmin) <= made)"
                    + " OR EXISTS (SELECT 1 FROM pg_index i JOIN kept ON kept.oid = indrelid, since WHERE age(i.xmin) <= made)"
                    + " OR EXISTS (SELECT 1 FROM pg_publication_rel r, since WHERE age(r.xmin) <= made)";

    private final Slot slot;
    private final Connections connections;
    private final Connection sql;
    private final Connection replication;
    private final String before;

    /**
     * To be called before the slot is made.
     *
     * @param replication that it is made on
     */
    SlotMaking(Slot slot, Connections connections, Connection sql, Connection replication) throws SQLException {
        this.slot = slot;
        this.connections = connections;
        this.sql = sql;
        this.replication = replication;
        this.before = UnderWay.next(sql);
    }

    /** Whether the catalogue was changed since, so that the slot cannot be read from its beginning. */
    boolean wasDisturbed() throws SQLException {
        try (PreparedStatement statement = sql.prepareStatement(CHANGED)) {
            statement.setString(1, before);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /**
     * Moves the slot to where it can be read from; what was committed before is passed over. Waits for transactions that are under way.
     *
     * @param beside the name of the other slot, which stays with the snapshot, and is to be dropped
     * @return a snapshot of that place
     */
    Slot.Exported settled(String beside) throws SQLException {
        LOGGER.atInfo().log(
                "tables may have been altered while the slot was made; moving it behind transactions that are under way");
        long from = slot.end(sql);
        while (true) {
            Slot.Exported place = Slot.createTemporary(replication, beside);
            if (advance(place.lsn()) >= from) {
                LOGGER.atInfo()
                        .addKeyValue(
                                "lsn", LogSequenceNumber.valueOf(place.lsn()).asString())
                        .log("the slot was moved");
                return place;
            }
            Slot.dropTemporary(replication, beside); // the server has not noted a later beginning yet
        }
    }

    /** On a connection of its own: with a slot that has been there for long it may take longer than an answer on the others may. */
    private long advance(long lsn) throws SQLException {
        try (Connection patient = connections.open();
                Statement statement = patient.createStatement()) {
            statement.execute("SET statement_timeout = 0");
            patient.setNetworkTimeout(Runnable::run, 0);
            return slot.advance(patient, lsn);
        }
    }
}
