/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replication slot. */
public final class Slot {

    private static final Logger LOGGER = LoggerFactory.getLogger(Slot.class);

    /** The first major version whose standbys keep slots. */
    static final int FAILOVER_SINCE = 17;

    private final SlotOptions options;

    public Slot(SlotOptions options) {
        this.options = options;
    }

    /**
     * A slot as the server shows it.
     *
     * @param confirmedLsn up to where its reader said it needs nothing more
     * @param lost why the server has given up what it kept for it, or null
     * @param failover whether standbys keep it too
     */
    public record State(
            long confirmedLsn, boolean active, @Nullable String lost, boolean failover) {}

    /**
     * A snapshot that other transactions can take over, as long as the connection it was made on does nothing else.
     *
     * @param lsn all transactions that committed before are in it, and no other
     */
    public record Exported(String snapshot, long lsn) {}

    /**
     * The slot, if it is there.
     *
     * @throws ConnectException if one of this name is of another kind or database, or tells of transactions before their commit
     */
    public Optional<State> find(Connection connection) throws SQLException {
        String sql =
                "SELECT plugin, slot_type, database, current_database(), confirmed_flush_lsn - '0/0'::pg_lsn, active,"
                        + " CASE WHEN wal_status = 'lost' THEN wal_status END, two_phase,"
                        + " coalesce((to_jsonb(s)->>'failover')::bool, false) FROM pg_replication_slots s WHERE slot_name = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, options.name());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                String plugin = rows.getString(1);
                if (!"logical".equals(rows.getString(2)) || !"pgoutput".equals(plugin)) {
                    throw new ConnectException(
                            "slot " + options.name() + " is a " + rows.getString(2) + " one with plugin " + plugin
                                    + ", not a logical one with pgoutput; choose another slot.name");
                }
                if (!rows.getString(4).equals(rows.getString(3))) {
                    throw new ConnectException("slot " + options.name() + " belongs to database " + rows.getString(3)
                            + "; choose another slot.name: each database needs its own");
                }
                if (rows.getBoolean(8)) {
                    throw new ConnectException("slot " + options.name()
                            + " was made with two_phase, so that transactions would be told when they are prepared, and they may"
                            + " still be rolled back; choose another slot.name, or drop the slot (SELECT pg_drop_replication_slot('"
                            + options.name() + "')), and the connector makes one");
                }
                return Optional.of(
                        new State(rows.getLong(5), rows.getBoolean(6), rows.getString(7), rows.getBoolean(9)));
            }
        }
    }

    /**
     * Makes the slot and exports a snapshot of the database as it is at the slot's beginning. Waits for transactions that are
     * under way.
     *
     * @param replication a connection for replication; the snapshot lives until it is used again
     */
    public Exported create(Connection replication, int majorVersion) throws SQLException {
        boolean failover = options.failover() && majorVersion >= FAILOVER_SINCE;
        return create(
                replication,
                TableName.quoted(options.name()) + " LOGICAL pgoutput"
                        + (failover ? " (SNAPSHOT 'export', FAILOVER)" : ""));
    }

    /**
     * Has standbys keep a slot that was made without {@code slot.failover}, if that is set now. Where the server does not do so, as a
     * standby does not, changes go on, and the log says it.
     *
     * @param replication a connection for replication; nobody reads the slot
     */
    public void keepOnStandbys(Connection replication, State state) throws SQLException {
        if (!options.failover() || state.failover()) {
            return;
        }
        try (Statement statement = replication.createStatement()) {
            statement.execute("ALTER_REPLICATION_SLOT " + TableName.quoted(options.name()) + " (FAILOVER)");
            LOGGER.atInfo().addKeyValue("slot", options.name()).log("standbys keep the slot from now on");
        } catch (SQLException e) {
            if (FailureKind.of(e) == FailureKind.RETRIABLE) {
                throw e;
            }
            LOGGER.atWarn()
                    .addKeyValue("slot", options.name())
                    .addKeyValue("error", e.getMessage())
                    .log("standbys do not keep the slot, though slot.failover is set: PostgreSQL does so since "
                            + FAILOVER_SINCE + ", for slots of a primary");
        }
    }

    /**
     * Exports a snapshot without any slot, where no changes are followed.
     *
     * @param connection for SQL; the snapshot lives until it is closed
     */
    public static Exported exportAlone(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
            try (ResultSet rows =
                    statement.executeQuery("SELECT pg_export_snapshot(), " + Standby.LSN + " - '0/0'::pg_lsn")) {
                rows.next();
                return new Exported(rows.getString(1), rows.getLong(2));
            }
        }
    }

    /** As {@link #create}, but with a slot that goes with the connection: for a snapshot beside a slot that is there already. */
    public static Exported createTemporary(Connection replication, String name) throws SQLException {
        return create(replication, TableName.quoted(name) + " TEMPORARY LOGICAL pgoutput");
    }

    /**
     * Drops a slot that goes with the connection.
     *
     * @param replication the connection it was made on
     */
    public static void dropTemporary(Connection replication, String name) throws SQLException {
        try (Statement statement = replication.createStatement()) {
            statement.execute("DROP_REPLICATION_SLOT " + TableName.quoted(name));
        }
    }

    /** Where the server's log ends, as far as it can be decoded. */
    public long end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + Standby.LSN + " - '0/0'::pg_lsn")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /**
     * Makes the slot as another one is now; for standbys to keep it, see {@link #keepOnStandbys(Connections, Connection)}.
     *
     * @param other the name of a slot with pgoutput, which may go with another connection
     */
    public void copyOf(String other, Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_copy_logical_replication_slot(?, ?, false)")) {
            statement.setString(1, other);
            statement.setString(2, options.name());
            statement.execute();
        }
    }

    /** As {@link #keepOnStandbys(Connection, State)}, of a slot that was just made, on a connection of its own. */
    public void keepOnStandbys(Connections connections, Connection sql) throws SQLException {
        Optional<State> state = options.failover() ? find(sql) : Optional.empty();
        if (state.isPresent()) {
            try (Connection replication = connections.openReplication()) {
                keepOnStandbys(replication, state.get());
            }
        }
    }

    /**
     * Moves a slot that goes with its connection forward: what was committed before that place it does not tell any more.
     *
     * @param connection that the slot goes with
     * @return the place from which the server decodes its log for it
     */
    public static long advance(Connection connection, String name, long lsn) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_replication_slot_advance(?, CAST(? AS pg_lsn))")) {
            statement.setString(1, name);
            statement.setString(2, LogSequenceNumber.valueOf(lsn).asString());
            statement.execute();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT restart_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /** A name for a slot that goes with its connection. */
    public static String nameBeside() {
        return "levada_" + Long.toHexString(System.nanoTime());
    }

    private static Exported create(Connection replication, String what) throws SQLException {
        int answerMillis = replication.getNetworkTimeout();
        replication.setNetworkTimeout(Runnable::run, 0); // it waits for transactions that are under way
        Exported exported;
        try (Statement statement = replication.createStatement();
                ResultSet rows = statement.executeQuery("CREATE_REPLICATION_SLOT " + what)) {
            if (!rows.next()) {
                throw new SQLException("the server made a slot and said nothing of it");
            }
            exported = new Exported(
                    rows.getString("snapshot_name"),
                    LogSequenceNumber.valueOf(rows.getString("consistent_point"))
                            .asLong());
        }
        replication.setNetworkTimeout(Runnable::run, answerMillis);
        return exported;
    }

    /**
     * What the server keeps for a slot.
     *
     * @param walBytes of its log, from the oldest that the slot may still need
     * @param endLsn where its log ends
     * @param safeBytes how much more may be written before the slot is lost; null if there is no limit
     * @param atRisk the next checkpoint may drop what the slot needs
     */
    public record Kept(long walBytes, long endLsn, @Nullable Long safeBytes, boolean atRisk) {}

    /** What the server keeps for the slot now; empty if the slot is not there, or the server does not say. */
    public Optional<Kept> kept(Connection connection) throws SQLException {
        String sql = "SELECT log_end - restart_lsn, log_end - '0/0'::pg_lsn, safe_wal_size, wal_status = 'unreserved'"
                + " FROM pg_replication_slots, (SELECT " + Standby.END + " AS log_end) l"
                + " WHERE slot_name = ? AND restart_lsn IS NOT NULL";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, options.name());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                return Optional.of(
                        new Kept(rows.getLong(1), rows.getLong(2), rows.getObject(3, Long.class), rows.getBoolean(4)));
            }
        }
    }

    /** Drops the slot; false if it is in use, and stays. */
    public boolean drop(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_drop_replication_slot(slot_name)"
                + " FROM pg_replication_slots WHERE slot_name = ? AND NOT active")) {
            statement.setString(1, options.name());
            statement.execute();
        }
        return find(connection).isEmpty();
    }
}
