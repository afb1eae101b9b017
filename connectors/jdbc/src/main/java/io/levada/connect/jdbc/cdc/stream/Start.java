/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.ReadTables;
import io.levada.connect.jdbc.cdc.server.Publication;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.server.SlotOptions;
import io.levada.connect.jdbc.cdc.server.Standby;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotMode;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.SelectionOptions;
import io.levada.connect.jdbc.cdc.table.StoredTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
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
    private final Set<TableName> allJoined;
    private final Stop stop;
    private final @Nullable Guard guard;
    private final Supplier<@Nullable CdcOffset> reread;

    /**
     * @param from what was stored; {@link CdcOffset#BEGINNING} for nothing
     * @param again an earlier run of the same task was broken off
     * @param allJoined tables that earlier runs have published; this one adds its own, as it may be broken off before it tells any record
     * @param guard of the server; null where changes are not followed
     * @param reread the offset that is stored now, or null for none
     */
    Start(
            CaptureOptions options,
            CdcOffset from,
            boolean again,
            Set<TableName> allJoined,
            Stop stop,
            @Nullable Guard guard,
            Supplier<@Nullable CdcOffset> reread) {
        this.options = options;
        this.from = from;
        this.again = again;
        this.allJoined = allJoined;
        this.stop = stop;
        this.guard = guard;
        this.reread = reread;
    }

    /**
     * Makes the publication, drops a slot that is of no use any more; makes none.
     *
     * @throws ConnectException if changes are lost, with the way out
     */
    Plan plan(Connection sql) throws SQLException, InterruptedException {
        SnapshotMode mode = options.snapshot().mode();
        boolean streams = guard != null;
        Selection selection = new Selection(options.selection());
        List<StoredTable> stored =
                new Catalogue(sql).stored(selection, options.slot().viaRoot());
        warnOfUnmatched(stored.stream().map(StoredTable::name).toList());
        Slot slot = new Slot(options.slot());
        Optional<Slot.State> state = streams ? freeSlot(sql, slot) : Optional.empty();
        Set<TableName> joined = Set.of();
        List<String> unpublished = List.of();
        if (streams) {
            Publication publication = new Publication(options.slot(), options.rows(), sql);
            stored = publishable(publication, stored);
            allJoined.addAll(publication.ensure(publishable(publication, withSignals(sql, stored))));
            joined = Set.copyOf(allJoined);
            String untold =
                    Publication.untold(sql, options.slot(), options.events().skipped());
            if (untold != null && options.slot().autocreate() != SlotOptions.Autocreate.DISABLED) {
                throw new ConnectException(untold);
            }
            if (untold != null) {
                LOGGER.atWarn().log(untold);
            }
            unpublished = Publication.unpublished(sql, options.slot());
            String otherwise = Publication.otherwise(
                    sql, options.slot(), stored.stream().map(StoredTable::name).toList());
            if (otherwise != null) {
                throw new ConnectException(otherwise);
            }
        }
        List<TableName> captured = stored.stream().map(StoredTable::name).toList();
        options.meters().captures(captured.stream().map(TableName::toString).toList());
        Tables tables = new Tables(sql, selection, options.rules(), options.types(), options.topics());
        CdcOffset at = from;
        boolean fresh = from.isBeginning();
        if (streams && mode == SnapshotMode.RECOVERY && !again) {
            requireSlot(sql, state);
            fresh = true;
        } else if (guard != null && !fresh) {
            at = checked(sql, state, guard);
            fresh = at.isBeginning();
        }
        if (!fresh && !again && mode == SnapshotMode.ALWAYS && !at.isInFirstReading()) {
            at = at.withNothingRead();
        }
        if (!fresh && at.tables() != null) {
            at = at.withReading(at.snapshot(), at.tables().among(known(stored, joined)), at.asked());
        }
        List<TableName> unread = unread(captured, at, fresh);
        if (!options.snapshot().delay().isZero() && !unread.isEmpty()) {
            stop.sleep(options.snapshot().delay());
        }
        if (fresh && state.isPresent() && state.get().lost() != null) {
            boolean unused = slot.drop(sql);
            state = Optional.empty();
        }
        return new Plan(state, tables, unread, at, fresh, unpublished);
    }

    /**
     * Oids of the tables of which all changes have been published, by name. Without those that have joined: another table may have
     * taken the name, or the publication may have been without the table for a while.
     */
    private static Map<String, Long> known(List<StoredTable> captured, Set<TableName> joined) {
        return captured.stream()
                .filter(table -> !joined.contains(table.name()))
                .collect(Collectors.toMap(table -> table.name().toString(), StoredTable::oid));
    }

    /** Where the connector publishes them, others' tables are left out: they must not keep up the rest. */
    private List<StoredTable> publishable(Publication publication, List<StoredTable> tables) throws SQLException {
        if (options.slot().autocreate() != SlotOptions.Autocreate.FILTERED) {
            return tables;
        }
        List<StoredTable> publishable = publication.publishable(tables);
        List<TableName> foreign = tables.stream()
                .filter(table -> !publishable.contains(table))
                .map(StoredTable::name)
                .toList();
        if (!foreign.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("tables", foreign)
                    .addKeyValue("user", options.server().user())
                    .log(
                            "these tables are not captured, as only their owner can publish them; make the user a member of the owner's"
                                    + " role, or leave them out by table.exclude.list");
        }
        return publishable;
    }

    /** Whoever goes on from where the slot stands knows what is between that and the offset, but not what nobody kept. */
    private void requireSlot(Connection sql, Optional<Slot.State> state) throws SQLException {
        if (from.isBeginning()) {
            return;
        }
        String lost = lost(sql, from, state);
        if (lost != null) {
            throw new ConnectException(lost + ", so changes after position " + text(from.commitLsn())
                    + " are lost, and snapshot.mode=recovery has no place to go on from. To go on without them, stop the"
                    + " connector, remove its offsets (DELETE /connectors/" + options.name()
                    + "/offsets), drop the slot if it is there, and resume; or set snapshot.mode=when_needed, which reads all"
                    + " rows again");
        }
        long beyond = state.orElseThrow().confirmedLsn() - from.commitLsn();
        if (beyond > 0) {
            LOGGER.atWarn()
                    .addKeyValue("offset", text(from.commitLsn()))
                    .addKeyValue("slot", text(state.orElseThrow().confirmedLsn()))
                    .addKeyValue("bytes", beyond)
                    .log("changes between the stored offset and the slot are not told, as snapshot.mode=recovery asks");
        }
    }

    private static String text(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }

    /** A name that was mistyped, or that takes none of the tables there are now. */
    private void warnOfUnmatched(List<TableName> captured) {
        NamePatterns unmatched = NamePatterns.of(options.selection().tablesIn())
                .unmatched(captured.stream().map(TableName::toString).toList());
        if (!unmatched.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("entries", unmatched)
                    .addKeyValue("database", options.server())
                    .log(
                            "no captured table matches these entries of table.include.list, each of which is a regular expression for"
                                    + " schema.table");
        }
    }

    /** With the table that signals come through, if it is there. */
    private List<StoredTable> withSignals(Connection sql, List<StoredTable> captured) throws SQLException {
        TableName signals = options.signals().table();
        if (signals == null || captured.stream().anyMatch(each -> each.name().equals(signals))) {
            return captured;
        }
        Selection all = new Selection(SelectionOptions.ALL);
        List<StoredTable> published = new ArrayList<>(captured);
        Optional<StoredTable> there = new Catalogue(sql)
                .stored(all, options.slot().viaRoot()).stream()
                        .filter(each -> each.name().equals(signals))
                        .findFirst();
        there.ifPresent(published::add);
        if (there.isEmpty()) {
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
    private static @Nullable String notReached(Connection sql, CdcOffset at) throws SQLException {
        OptionalLong end = end(sql);
        return end.isEmpty() || Long.compareUnsigned(at.commitLsn(), end.getAsLong()) <= 0
                ? null
                : "the stored offset is at " + text(at.commitLsn()) + ", and the server's log ends at "
                        + text(end.getAsLong()) + ": it was restored from a backup, or is another server";
    }

    /** Where the server's log ends; empty if it does not say. */
    private static OptionalLong end(Connection sql) throws SQLException {
        try (Statement statement = sql.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + Standby.END + " - '0/0'::pg_lsn")) {
            rows.next();
            long end = rows.getLong(1);
            return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(end);
        }
    }

    private String readAgain() {
        return "Set snapshot.mode=when_needed, which reads all rows again by itself; or do it by hand: stop the connector,"
                + " remove its offsets (DELETE /connectors/" + options.name()
                + "/offsets), drop the slot if it is there, and resume";
    }

    /** The stored offset, if the slot still has what follows it; {@link CdcOffset#BEGINNING} if all is to be read again. */
    private CdcOffset checked(Connection sql, Optional<Slot.State> state, Guard by) throws SQLException {
        CdcOffset at = from;
        String gone = gone(sql, at, state, by);
        if (gone != null) {
            // A task that was slow to end may have gone on with the slot since.
            CdcOffset newer = reread.get();
            if (newer != null && !newer.equals(from) && gone(sql, newer, state, by) == null) {
                at = newer;
                gone = null;
            }
        }
        if (gone == null) {
            boolean mayBeBehind =
                    by.here().strict() && (at.home() == null || !at.home().strict());
            if (at.home() != null && at.home().timeline() != by.here().timeline()) {
                LOGGER.atInfo()
                        .addKeyValue("timeline", by.here().timeline())
                        .addKeyValue("before", at.home().timeline())
                        .log("the server was promoted; it has all that was told, and the slot goes on");
            }
            // From now on, offsets say that the slot is not beyond them.
            return by.settled(mayBeBehind ? at.keptFrom(state.orElseThrow().confirmedLsn()) : at);
        }
        if (options.snapshot().mode().readsAgain()) {
            LOGGER.atWarn().addKeyValue("reason", gone).log("changes were lost; reading all rows again");
            return CdcOffset.BEGINNING;
        }
        throw new ConnectException(
                gone + ", so changes after position " + text(at.commitLsn()) + " are lost. " + readAgain());
    }

    /** Why changes that follow the offset are lost; null if they are not. */
    private @Nullable String gone(Connection sql, CdcOffset at, Optional<Slot.State> state, Guard by)
            throws SQLException {
        String elsewhere = by.gap(at, state.orElse(null));
        if (elsewhere != null) {
            return elsewhere;
        }
        String early = notReached(sql, by.settled(at));
        if (early != null) {
            return early;
        }
        return lost(sql, at, state);
    }

    /** Why the slot has nothing of what follows the offset; null if it has all. */
    private @Nullable String lost(Connection sql, CdcOffset at, Optional<Slot.State> state) throws SQLException {
        if (state.isPresent() && state.get().lost() == null) {
            return null;
        }
        OptionalLong end = end(sql);
        long bytes = end.isEmpty() ? -1 : end.getAsLong() - at.commitLsn();
        return (state.isEmpty()
                        ? "slot " + options.slot().name() + " is not there any more"
                        : "the server has dropped what it kept for slot "
                                + options.slot().name() + " (max_slot_wal_keep_size, or the slot was invalidated)")
                // Another server's log, or one that was restored, may be shorter.
                + (bytes < 0
                        ? ""
                        : ", and the server's log has gone on by " + bytes + " bytes since the stored offset");
    }

    /** Tables whose rows are still to be read, in their order. */
    private List<TableName> unread(List<TableName> captured, CdcOffset at, boolean fresh) {
        NamePatterns chosen = NamePatterns.of(options.snapshot().tables());
        // An offset of Debezium's does not tell which tables are done: they all are.
        boolean allDone =
                !options.snapshot().mode().readsAtFirst() || (!fresh && !at.isInFirstReading() && at.tables() == null);
        ReadTables done = fresh || at.tables() == null ? ReadTables.NONE : at.tables();
        return captured.stream()
                .filter(table -> (!fresh && at.asked().has(table.toString()))
                        || (!allDone
                                && !done.has(table.toString())
                                && (chosen.isEmpty() || chosen.matches(table.toString()))))
                .toList();
    }
}
