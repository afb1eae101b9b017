/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.event.Events;
import io.levada.connect.jdbc.cdc.event.ReadTables;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.UnderWay;
import io.levada.connect.jdbc.cdc.snapshot.Movable;
import io.levada.connect.jdbc.cdc.snapshot.OpenedSnapshot;
import io.levada.connect.jdbc.cdc.snapshot.Snapshot;
import io.levada.connect.jdbc.cdc.snapshot.Wanted;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that are read while changes are followed. They belong to a snapshot with a place in the log: the stream is told up to there,
 * and from there on rows come between transactions, but for those of which the stream has told a change since that place. Where
 * that does not do ({@link Movable}), the stream stands still at that place until the rows are told. Used by the capturing thread.
 *
 * <pre>
 * idle -- asked --> opening -- snapshot is there --> waiting -- stream is at its place --> telling -- all told --> idle
 *                      ^                                                                      |
 *                      +---------------- asked, or too many changes to keep in mind ----------+
 * </pre>
 */
final class LaterRows implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LaterRows.class);

    /** Changed rows to be kept in mind, some 50 MB; with more, a newer snapshot is gone on with. */
    static final int KEYS_MAX = 250_000;

    /** Bytes of rows that may be told between two transactions, however many were changed before. */
    private static final long CREDIT_MAX = 1 << 20;

    /** SQLState of a lock that did not come in time. */
    private static final String LOCKED = "55P03";

    private final CaptureOptions options;
    private final Connections connections;
    private final Connection sql;
    private final Tables tables;
    private final Events events;
    private final Batches batches;
    private final Reporter reporter;
    private final Snapshot snapshot;
    private final ToldKeys told;

    private List<Wanted> left = List.of();
    private final Set<TableName> blocking = new HashSet<>();
    private Set<TableName> underReading = Set.of();
    private boolean incremental = true;
    private boolean paused;

    private @Nullable Opening opening;
    private Opening.@Nullable Opened opened;
    private @Nullable Reads reads;

    /** Where the commit of the newest transaction lies whose beginning has come; 0 before any. */
    private long newest;

    private long credit;

    /** Whether a row of the present snapshot has been. */
    private boolean anyTold;

    LaterRows(
            CaptureOptions options,
            Connections connections,
            Connection sql,
            Tables tables,
            Events events,
            Batches batches,
            Reporter reporter,
            int keysMax) {
        this.options = options;
        this.connections = connections;
        this.sql = sql;
        this.tables = tables;
        this.events = events;
        this.batches = batches;
        this.reporter = reporter;
        this.snapshot = new Snapshot(
                options.snapshot(),
                connections,
                tables,
                options.rows(),
                options.meters().snapshot(),
                options.events().tellsAllUpdates());
        this.told = new ToldKeys(keysMax);
    }

    /**
     * Goes on with what an earlier run left.
     *
     * @param unread tables in the order in which they are told
     */
    void resume(List<TableName> unread) throws SQLException, InterruptedException {
        CdcOffset at = events.done();
        incremental = at.snapshot() == null || at.snapshot().incremental();
        left = unread.stream().map(Wanted::whole).toList();
        if (left.isEmpty()) {
            events.at(at.withReading(null, at.tables(), ReadTables.NONE));
        }
        open();
    }

    /**
     * Reads rows again, besides what is still to be read; between transactions.
     *
     * @param holding the stream stands still meanwhile
     */
    void ask(Collection<Wanted> more, boolean holding) throws SQLException, InterruptedException {
        CdcOffset at = events.done();
        ReadTables asked = at.asked();
        List<Wanted> all = new ArrayList<>(left);
        Set<TableName> names = new HashSet<>();
        for (Wanted each : more) {
            names.add(each.name());
            asked = asked.with(each.name().toString());
            if (holding) {
                blocking.add(each.name());
            }
            List<Wanted> same = all.stream()
                    .filter(other -> other.name().equals(each.name()))
                    .toList();
            all.removeAll(same);
            all.add(same.isEmpty() ? each : each.or(same.get(0)));
        }
        incremental = incremental || left.isEmpty();
        left = List.copyOf(all);
        events.at(at.withReading(placeWithout(names), at.tables(), asked));
        open();
    }

    /** Reads no more rows of these tables, which count as read; between transactions. */
    void stop(Predicate<TableName> which) throws SQLException, InterruptedException {
        CdcOffset at = events.done();
        ReadTables asked = at.asked();
        ReadTables read = at.tables();
        Set<TableName> names = new HashSet<>();
        for (Wanted each : left) {
            if (which.test(each.name())) {
                names.add(each.name());
                asked = asked.without(each.name().toString());
                read = read == null
                        ? null
                        : read.with(
                                each.name().toString(),
                                tables.current(each.name()).oid());
            }
        }
        left = left.stream().filter(each -> !names.contains(each.name())).toList();
        blocking.removeAll(names);
        events.at(at.withReading(left.isEmpty() ? null : placeWithout(names), read, asked));
        open();
    }

    /** Where reading stands, unless it is in one of these tables. */
    private @Nullable SnapshotPlace placeWithout(Set<TableName> names) throws SQLException {
        SnapshotPlace place = events.done().snapshot();
        Wanted begun = begun(place);
        return begun == null || names.contains(begun.name()) ? null : place;
    }

    /** Of what is left, that whose reading stands at the place; null if it is none of it. */
    private @Nullable Wanted begun(@Nullable SnapshotPlace place) throws SQLException {
        if (place == null || place.table().isEmpty()) {
            return null;
        }
        String root = null;
        for (Wanted each : left) {
            if (each.name().toString().equals(place.table())) {
                return each;
            }
            root = root == null ? new Catalogue(sql).rootOf(place.table()) : root;
            if (each.name().toString().equals(root)) {
                return each;
            }
        }
        return null;
    }

    /** Reads no more until {@link #goOn}; between transactions. */
    void pause() {
        paused = true;
        close();
    }

    /** Goes on after {@link #pause}; between transactions. */
    void goOn() throws SQLException, InterruptedException {
        paused = false;
        open();
    }

    /** Tables whose rows are still to be read. */
    List<TableName> left() {
        return left.stream().map(Wanted::name).toList();
    }

    /** Takes another snapshot for what is left, instead of the one there may be. */
    private void open() throws SQLException, InterruptedException {
        close();
        CdcOffset at = events.done();
        left = left.stream()
                .filter(each -> at.asked().has(each.name().toString())
                        || (at.tables() != null && !at.tables().has(each.name().toString())))
                .toList();
        if (left.isEmpty() || paused) {
            return;
        }
        underReading = Set.copyOf(left());
        Opening begun = new Opening(connections, snapshot, left());
        opening = begun;
        if (heldIfKnown().isEmpty()) {
            return; // changes go on meanwhile, and are kept in mind
        }
        UnderWay others = new UnderWay(sql);
        while (begun.taken(Duration.ofSeconds(1)) == null) {
            reporter.aliveInTime();
            others.warnInTime();
        }
        adopt();
    }

    /** Those of which no change may be told between the snapshot and their rows. */
    private List<Wanted> held() throws SQLException {
        List<TableName> names =
                left().stream().filter(name -> !blocking.contains(name)).toList();
        Set<TableName> free = new HashSet<>(tables.thatTellRowsApart(names));
        free.retainAll(Movable.among(names, sql));
        List<Wanted> held = new ArrayList<>(left);
        held.removeIf(each -> free.contains(each.name()));
        return held;
    }

    /** The same; none while somebody has locked a table, which is looked at again beside the snapshot's own locks. */
    private List<Wanted> heldIfKnown() throws SQLException {
        sql.setAutoCommit(false);
        try (Statement statement = sql.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
            return held();
        } catch (SQLException e) {
            if (!LOCKED.equals(e.getSQLState())) {
                throw e;
            }
            return List.of();
        } finally {
            sql.rollback();
            sql.setAutoCommit(true);
        }
    }

    /** A change is told. */
    void told(TableName table, @Nullable Struct key) {
        boolean mayBeBehind = reads != null || (opening != null && opened == null);
        if (mayBeBehind && key != null && underReading.contains(table)) {
            told.add(table, key);
        }
    }

    /** A transaction begins, and has not been told of. */
    void begins(long commitLsn) throws SQLException, InterruptedException {
        reach(commitLsn);
        newest = commitLsn;
    }

    /** A transaction has been told. */
    void ended(long bytes) throws SQLException, InterruptedException {
        adopt();
        credit = Math.min(CREDIT_MAX, credit + bytes);
        while (reads != null && credit > 0 && !told.isFull()) {
            int bytesTold = tell(reads);
            if (bytesTold < 0) {
                break;
            }
            credit -= bytesTold;
        }
        renewIfFull();
    }

    /**
     * No change waits to be told.
     *
     * @param lsn up to where all have been
     * @return whether it is worth the while to come again at once
     */
    boolean idle(long lsn) throws SQLException, InterruptedException {
        adopt();
        reach(lsn);
        boolean more = reads != null && tell(reads) >= 0;
        renewIfFull();
        return more;
    }

    private void renewIfFull() throws SQLException, InterruptedException {
        if (told.isFull()) {
            LOGGER.atInfo()
                    .addKeyValue("tables", left.size())
                    .log("many rows were changed while others are read; going on with a newer snapshot");
            if (reads != null && !getsOn()) {
                blocking.addAll(left()); // or it might never come to its end
            }
            open();
        }
    }

    /** Whether a newer snapshot goes on behind what has been told of this one, and something has. */
    private boolean getsOn() {
        return anyTold
                && options.events().tellsAllUpdates()
                && left.stream()
                        .noneMatch(each -> options.rows().select(each.name()).isPresent());
    }

    /** Takes the snapshot if it has come. */
    private void adopt() throws SQLException, InterruptedException {
        Opening begun = opening;
        Opening.Opened came = begun == null || opened != null ? null : begun.taken(Duration.ZERO);
        if (came == null) {
            return;
        }
        opened = came;
        if (Long.compareUnsigned(newest, came.lsn()) < 0) {
            told.clear(); // those are in the snapshot, or older
        } else if (held().isEmpty()) {
            reach(newest); // some changes that are in the snapshot are kept in mind, too: the stream has told them
        } else {
            open();
        }
    }

    /** Begins to tell if the stream is at the snapshot's place. */
    private void reach(long lsn) throws SQLException, InterruptedException {
        Opening.Opened at = opened;
        if (at == null || reads != null || Long.compareUnsigned(lsn, at.lsn()) < 0) {
            return;
        }
        LOGGER.atInfo()
                .addKeyValue("tables", left.size())
                .addKeyValue("lsn", LogSequenceNumber.valueOf(at.lsn()).asString())
                .log("reading rows besides changes");
        Reads begun = new Reads(
                options.topics(),
                options.server().database(),
                options.version(),
                new Reads.Beside() {
                    @Override
                    public CdcOffset at() {
                        return events.done();
                    }

                    @Override
                    public boolean hasNewer(TableName table, @Nullable Struct key) {
                        return told.has(table, key);
                    }
                },
                incremental,
                at.lsn(),
                at.xid(),
                options.meters(),
                options.clock(),
                this::take);
        reads = begun;
        options.meters().snapshot().begin(left.size());
        SnapshotPlace from = events.done().snapshot();
        List<Wanted> held = held();
        Wanted goneOnWith = begun(from);
        if (!held.isEmpty() && goneOnWith != null && !held.contains(goneOnWith)) {
            held.add(
                    0, goneOnWith); // there is one place in the offset: it would be forgotten for that of another table
        }
        try {
            if (!held.isEmpty()) {
                at.rows().begin(held, from);
                at.rows().tellAll(begun, reporter::aliveInTime);
                begun.flush();
            }
            List<Wanted> others = new ArrayList<>(left);
            others.removeAll(held);
            if (goneOnWith != null && others.remove(goneOnWith)) {
                others.add(0, goneOnWith); // likewise
            }
            at.rows().begin(others, from);
        } catch (SQLException e) {
            if (!OpenedSnapshot.SERIALIZATION_FAILURE.equals(e.getSQLState())) {
                passOver(e);
                return;
            }
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("taking another snapshot");
            open();
        }
    }

    /** A condition may fail on a row, or do what it may not: then its rows are not read, and all else goes on. */
    private void passOver(SQLException failure) throws SQLException, InterruptedException {
        Set<TableName> chosen = left.stream()
                .filter(each -> each.filter() != null)
                .map(Wanted::name)
                .collect(Collectors.toSet());
        if (chosen.isEmpty() || FailureKind.of(failure) == FailureKind.RETRIABLE) {
            throw failure;
        }
        LOGGER.atWarn()
                .addKeyValue("tables", chosen)
                .addKeyValue("error", failure.getMessage())
                .log("rows that a signal asked for by a condition cannot be read; correct it and send it again");
        stop(chosen::contains);
    }

    /** Tells some rows; -1 if there are none yet, or no more. */
    private int tell(Reads to) throws SQLException, InterruptedException {
        Opening.Opened from = opened;
        if (from == null) {
            return -1;
        }
        int bytes;
        try {
            bytes = from.rows().tell(to, Duration.ZERO);
        } catch (SQLException e) {
            passOver(e);
            return -1;
        }
        if (from.rows().isDone()) {
            to.end();
            CdcOffset done = to.done();
            ReadTables asked = done.asked();
            for (Wanted each : left) {
                asked = asked.without(each.name().toString()); // also one that was dropped since
            }
            events.at(done.withReading(null, done.tables(), asked));
            LOGGER.atInfo().addKeyValue("tables", left.size()).log("all rows have been read");
            left = List.of();
            blocking.clear();
            incremental = true;
            options.meters().snapshot().end(true);
            reads = null;
            close();
        }
        return bytes;
    }

    private void take(SourceRecord record, CdcOffset done, int bytes) throws SQLException, InterruptedException {
        anyTold = true;
        events.at(done);
        batches.add(record);
        batches.addBytes(bytes);
        if (batches.isFull()) {
            batches.handOver(done, true);
        }
    }

    /** Gives up the snapshot, if there is one; what is left stays so. */
    @Override
    public void close() {
        if (opening != null) {
            opening.close();
        }
        if (reads != null) {
            options.meters().snapshot().end(false);
        }
        opening = null;
        opened = null;
        reads = null;
        told.clear();
        credit = 0;
        anyTold = false;
    }
}
