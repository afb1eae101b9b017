/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.ReadTables;
import io.levada.connect.jdbc.cdc.server.Publication;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotMode;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.SelectionOptions;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the server and at what was stored, and decides what the capture is to do; refuses to go on behind a gap. */
final class Start {

    /** SQLState of what somebody else uses. */
    static final String IN_USE = "55006";

    private static final Logger LOGGER = LoggerFactory.getLogger(Start.class);

    private final CaptureOptions options;
    private final CdcOffset from;
    private final boolean again;
    private final Stop stop;

    /**
     * @param from what was stored; {@link CdcOffset#BEGINNING} for nothing
     * @param again an earlier run of the same task was broken off
     */
    Start(CaptureOptions options, CdcOffset from, boolean again, Stop stop) {
        this.options = options;
        this.from = from;
        this.again = again;
        this.stop = stop;
    }

    /**
     * Makes the publication, drops a slot that is of no use any more; makes none.
     *
     * @throws ConnectException if changes are lost, with the way out
     */
    Plan plan(Connection sql) throws SQLException, InterruptedException {
        SnapshotMode mode = options.snapshot().mode();
        boolean streams = mode != SnapshotMode.INITIAL_ONLY;
        Selection selection = new Selection(options.selection());
        List<TableName> captured =
                new Catalogue(sql).tables(selection, options.slot().viaRoot());
        Slot slot = new Slot(options.slot());
        Optional<Slot.State> state = streams ? freeSlot(sql, slot) : Optional.empty();
        if (streams) {
            new Publication(options.slot(), sql).ensure(published(sql, captured));
        }
        Tables tables = new Tables(sql, selection, options.rules(), options.types(), options.topics());
        CdcOffset at = from;
        boolean fresh = from.isBeginning();
        if (streams) {
            checkPlace(sql);
        }
        if (streams && mode == SnapshotMode.RECOVERY) {
            fresh = true;
        } else if (streams && !fresh) {
            at = checked(state);
            fresh = at.isBeginning();
        }
        if (!fresh && !again && mode == SnapshotMode.ALWAYS && at.snapshot() == null) {
            at = at.withNothingRead();
        }
        List<TableName> unread = unread(captured, at, fresh);
        if (!options.snapshot().delay().isZero() && !unread.isEmpty()) {
            stop.sleep(options.snapshot().delay());
        }
        if (fresh && state.isPresent() && state.get().lost() != null) {
            slot.drop(sql);
            state = Optional.empty();
        }
        return new Plan(state, tables, unread, at, fresh);
    }

    /** With the table that signals come through, if it is there. */
    private List<TableName> published(Connection sql, List<TableName> captured) throws SQLException {
        TableName signals = options.signals().table();
        if (signals == null || captured.contains(signals)) {
            return captured;
        }
        Selection all = new Selection(SelectionOptions.ALL);
        List<TableName> published = new ArrayList<>(captured);
        if (new Catalogue(sql).tables(all, options.slot().viaRoot()).contains(signals)) {
            published.add(signals);
        } else {
            LOGGER.atWarn()
                    .addKeyValue("table", signals)
                    .log("signal.data.collection is not there: make the table and restart the connector");
        }
        return published;
    }

    /**
     * The slot, once nobody else uses it: before anything of the database is changed that the other may need.
     *
     * @throws SQLException if it stays in use
     */
    private Optional<Slot.State> freeSlot(Connection sql, Slot slot) throws SQLException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Optional<Slot.State> state = slot.find(sql);
            if (state.isEmpty() || !state.get().active()) {
                return state;
            }
            if (attempt >= options.slot().retries()) {
                throw new SQLException(
                        "slot " + options.slot().name()
                                + " is in use by another connection; each connector needs a slot.name"
                                + " and a publication.name of its own",
                        IN_USE);
            }
            LOGGER.atWarn()
                    .addKeyValue("slot", options.slot().name())
                    .addKeyValue("attempt", attempt + 1)
                    .log("the slot is in use by another connection; trying again");
            stop.sleep(options.slot().retryDelay());
        }
    }

    /** A server that was restored from a backup, or another one, may be behind what was read. */
    private void checkPlace(Connection sql) throws SQLException {
        try (Statement statement = sql.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END"
                                + " - '0/0'::pg_lsn")) {
            rows.next();
            long end = rows.getLong(1);
            if (!rows.wasNull() && Long.compareUnsigned(from.commitLsn(), end) > 0) {
                throw new ConnectException("the stored offset is at "
                        + LogSequenceNumber.valueOf(from.commitLsn()).asString()
                        + ", and the server's log ends at "
                        + LogSequenceNumber.valueOf(end).asString()
                        + ": it was restored from a backup, or is another server. " + readAgain());
            }
        }
    }

    private String readAgain() {
        return "To read all rows again, stop the connector, remove its offsets (DELETE /connectors/" + options.name()
                + "/offsets), drop the slot if it is there, and resume";
    }

    /** The stored offset, if the slot still has what follows it. */
    private CdcOffset checked(Optional<Slot.State> state) {
        SnapshotMode mode = options.snapshot().mode();
        String gone = null;
        if (state.isEmpty()) {
            gone = "slot " + options.slot().name() + " is not there any more";
        } else if (state.get().lost() != null) {
            gone = "the server has dropped what it kept for slot "
                    + options.slot().name() + " (max_slot_wal_keep_size, or the slot was invalidated)";
        }
        if (gone == null) {
            return from;
        }
        if (mode == SnapshotMode.WHEN_NEEDED || mode == SnapshotMode.ALWAYS) {
            LOGGER.atWarn().addKeyValue("reason", gone).log("changes were lost; reading all rows again");
            return CdcOffset.BEGINNING;
        }
        throw new ConnectException(gone + ", so changes after position "
                + LogSequenceNumber.valueOf(from.commitLsn()).asString() + " are lost. " + readAgain()
                + "; or set snapshot.mode=when_needed, which does so by itself");
    }

    /** Tables whose rows are still to be read, in their order. */
    private List<TableName> unread(List<TableName> captured, CdcOffset at, boolean fresh) {
        NamePatterns chosen = NamePatterns.of(options.snapshot().tables());
        // An offset of Debezium's does not tell which tables are done: they all are.
        boolean allDone =
                !options.snapshot().mode().readsAtFirst() || (!fresh && at.snapshot() == null && at.tables() == null);
        ReadTables done = fresh || at.tables() == null ? ReadTables.NONE : at.tables();
        return captured.stream()
                .filter(table -> (!fresh && at.asked().has(table.toString()))
                        || (!allDone
                                && !done.has(table.toString())
                                && (chosen.isEmpty() || chosen.matches(table.toString()))))
                .toList();
    }
}
