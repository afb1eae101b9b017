/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.server.UnderWay;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the slot, so that it can be read from its beginning.
 *
 * <p>While PostgreSQL (14 to 18) makes a slot, it waits first for the transactions it found, then for those that have begun meanwhile.
 * What others commit to the catalogue during the first wait it does not see afterwards, until the catalogue changes again or the slot
 * begins at a later place: changes have the columns that a table had before, or end in "could not map filenumber" if it was truncated or
 * rewritten. If there was such a commit, the slot is moved behind the making of another one, which logs the transactions under way anew
 * and waits for them.
 *
 * <p>Up to then the slot goes with its connection, and only a copy of it stays: whatever ends in between, this process, the server or
 * what is between them, leaves no slot that the next run would take for one that can be read.
 *
 * <p>Used by the capturing thread, which ends it when the snapshot has been read.
 */
final class SlotMaking implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SlotMaking.class);

    /** All slots that {@code max_replication_slots} allows are there. */
    private static final String NO_MORE_SLOTS = "53400";

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
    private final Consumer<Connection> uses;
    private final String making = Slot.nameBeside();
    private boolean temporary;
    private @Nullable Connection beside;

    /**
     * @param replication that the slot is made on; while the snapshot is used, nothing else may use it
     * @param uses is told of a connection that has to be broken off, too, if this is to end
     */
    SlotMaking(Slot slot, Connections connections, Connection sql, Connection replication, Consumer<Connection> uses) {
        this.slot = slot;
        this.connections = connections;
        this.sql = sql;
        this.replication = replication;
        this.uses = uses;
    }

    /**
     * Makes it; what was committed before its beginning is passed over. Waits for transactions that are under way.
     *
     * @return a snapshot of its beginning, until this is ended
     */
    Slot.Exported make() throws SQLException {
        String before = UnderWay.next(sql);
        Slot.Exported made = Slot.createTemporary(replication, making);
        temporary = true;
        Slot.Exported place = wasDisturbedSince(before) ? moved() : made;
        try {
            slot.copyOf(making, sql);
        } catch (SQLException e) {
            if (FailureKind.of(e) == FailureKind.RETRIABLE && !NO_MORE_SLOTS.equals(e.getSQLState())) {
                throw e;
            }
            return madeAtOnce(e);
        }
        slot.keepOnStandbys(connections, sql);
        return place;
    }

    /** Whether the catalogue was changed since, so that the slot cannot be read from its beginning. */
    private boolean wasDisturbedSince(String before) throws SQLException {
        try (PreparedStatement statement = sql.prepareStatement(CHANGED)) {
            statement.setString(1, before);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** Moves the temporary slot to where it can be read from. */
    private Slot.Exported moved() throws SQLException {
        LOGGER.atInfo().log(
                "tables may have been altered while the slot was made; moving it behind transactions that are under way");
        Connection other = connections.openReplication();
        beside = other; // keeps the snapshot
        uses.accept(other);
        String name = Slot.nameBeside();
        long from = slot.end(sql);
        while (true) {
            Slot.Exported place = Slot.createTemporary(other, name);
            if (advance(place.lsn()) >= from) {
                LOGGER.atInfo()
                        .addKeyValue(
                                "lsn", LogSequenceNumber.valueOf(place.lsn()).asString())
                        .log("the slot was moved");
                return place;
            }
            Slot.dropTemporary(other, name); // the server has not noted a later beginning yet
        }
    }

    /** By the connection that it goes with; it may take longer than an answer may elsewhere. */
    private long advance(long lsn) throws SQLException {
        int answerMillis = replication.getNetworkTimeout();
        try (Statement statement = replication.createStatement()) {
            statement.execute("SET statement_timeout = 0");
            replication.setNetworkTimeout(Runnable::run, 0);
            long restart = Slot.advance(replication, making, lsn);
            replication.setNetworkTimeout(Runnable::run, answerMillis);
            statement.execute("RESET statement_timeout");
            return restart;
        }
    }

    /** Where a second slot is not to be had: one that stays from the first, and that another run takes as it is. */
    private Slot.Exported madeAtOnce(SQLException because) throws SQLException {
        LOGGER.atWarn()
                .addKeyValue("error", because.getMessage())
                .log(
                        "a slot cannot be tried before it is kept; if this is ended just now, and tables are altered or truncated,"
                                + " the slot has to be dropped by hand. For that there must be room for two slots"
                                + " (max_replication_slots), or three while tables are altered");
        dropTemporary();
        closeBeside();
        String before = UnderWay.next(sql);
        Slot.Exported made = slot.create(replication, sql.getMetaData().getDatabaseMajorVersion());
        if (wasDisturbedSince(before)) {
            slot.drop(sql);
            throw new SQLTransientException(
                    "tables were altered while the slot was made, and it cannot be moved without a second one: "
                            + because.getMessage());
        }
        return made;
    }

    /** The snapshot has been used: the connection that the slot was made on may do something else. */
    void end() throws SQLException {
        closeBeside();
        dropTemporary();
    }

    private void dropTemporary() throws SQLException {
        if (temporary) {
            temporary = false;
            Slot.dropTemporary(replication, making);
        }
    }

    private void closeBeside() throws SQLException {
        if (beside != null) {
            Connection other = beside;
            beside = null;
            other.close();
        }
    }

    /** Asks the server for nothing: the network may have gone silent, and what is left goes with the connection it was made on. */
    @Override
    public void close() throws SQLException {
        closeBeside();
    }
}
