/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.event.ReadTables;
import io.levada.connect.jdbc.cdc.event.SlotHome;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.server.WayOut;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotMode;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import io.levada.connect.jdbc.threads.ConnectorThread;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a capture, from an offset on, until it is closed or fails. Its thread owns the connections; {@link #take} and
 * {@link #stored} are called by the worker's, {@link #close} by any.
 */
public final class Capture implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Capture.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** From the time when the publication was looked at, without what it does not have. */
    private volatile CaptureOptions options;

    private final CdcOffset from;
    private final boolean again;
    private final Set<TableName> joined;
    private final Connections connections;
    private final Handover handover;
    private final Supplier<@Nullable CdcOffset> reread;
    private final Progress progress;
    private final Reporter reporter;
    private final Batches batches;
    private final Thread thread;
    private final Stop stop = new Stop();
    private volatile @Nullable Throwable failure;
    private volatile List<Connection> connected = List.of();

    /**
     * @param from where reading goes on; {@link CdcOffset#BEGINNING} for the first time
     * @param handedOver the offset of the last record that the worker was given by an earlier run of the task, or the stored one; null
     *     if there is none
     * @param again an earlier run of the same task was broken off
     * @param joined tables that earlier runs have published without anybody knowing yet; this run adds its own
     * @param reread the offset that is stored now, null for none; asked by the capturing thread
     */
    public Capture(
            CaptureOptions options,
            CdcOffset from,
            @Nullable CdcOffset handedOver,
            boolean again,
            Set<TableName> joined,
            Supplier<@Nullable CdcOffset> reread) {
        this.options = options;
        this.from = from;
        this.again = again;
        this.joined = joined;
        this.reread = reread;
        this.progress = new Progress(options.isStrict());
        this.connections = new Connections(options.server(), "levada-cdc-" + options.name());
        this.handover = new Handover(options.flow(), options.meters()::waits);
        this.reporter = new Reporter(progress, options.slot().statusInterval());
        this.batches = new Batches(
                handover,
                reporter,
                options.meters(),
                options.flow(),
                new LargeRecords(options.requestMax()),
                handedOver);
        this.thread = ConnectorThread.daemon("cdc-" + options.name(), this::run);
    }

    /** Begins; what goes wrong is told by {@link #take}. */
    public void start() {
        thread.start();
    }

    /**
     * The next records, or null if none came within the poll interval.
     *
     * @throws SQLException what ended the capture, if it was the database
     * @throws ConnectException what ended it, if it was anything else
     */
    public @Nullable Batch take() throws SQLException, InterruptedException {
        Batch batch = handover.take(options.flow().pollInterval());
        if (batch != null) {
            return batch;
        }
        Throwable ended = failure;
        if (ended instanceof SQLException e) {
            throw e;
        }
        if (ended instanceof ConnectException e) {
            throw e;
        }
        if (ended != null) {
            throw new ConnectException("change capture has ended: " + ended.getMessage(), ended);
        }
        return null;
    }

    /** The worker has stored this offset, or none at all: the server may forget what is before. */
    public void stored(@Nullable CdcOffset offset) {
        progress.stored(offset);
    }

    /** Ends the thread and the connections; waits some seconds at most. */
    @Override
    public void close() {
        stop.ask();
        thread.interrupt();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
            if (thread.isAlive()) {
                breakOff();
                thread.join(CLOSE_PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            breakOff();
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOGGER.atWarn()
                    .addKeyValue("thread", thread.getName())
                    .log("change capture does not end; leaving it behind");
        }
    }

    /** Ends what the thread asks the server, which an interrupt does not. */
    private void breakOff() {
        for (Connection connection : connected) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("cannot break off a connection");
            }
        }
    }

    private void run() {
        try (Connection sql = connections.open()) {
            connected = List.of(sql);
            capture(sql);
        } catch (InterruptedException e) {
            if (!stop.isAsked()) {
                failure = new ConnectException("change capture was interrupted", e);
            }
        } catch (SQLException | RuntimeException | Error e) {
            if (!stop.isAsked()) {
                if (e instanceof SQLException undecodable && isHealed(undecodable, options)) {
                    dropSlot("it cannot be decoded any further"); // before anybody knows, and begins another run
                }
                failure = e;
            }
        } finally {
            options.meters().connected(false);
            if (stop.isAsked() && options.slot().dropOnStop()) {
                dropSlot("slot.drop.on.stop is set");
            }
            handover.end();
        }
    }

    private void capture(Connection sql) throws SQLException, InterruptedException {
        if (options.snapshot().mode() == SnapshotMode.INITIAL_ONLY) {
            Liveness.bound(options.slot(), sql);
            watchBy(sql); // not for a slot, but to notice a network that has gone silent
            Plan plan = new Start(options, from, again, joined, stop, null, reread).plan(sql);
            readAlone(rows(plan), plan.from());
            return;
        }
        try (Connection replication = connections.openReplication()) {
            connected = List.of(sql, replication);
            Guard guard = new Guard(replication, options.slot().name(), options.isStrict());
            Plan plan = new Start(options, from, again, joined, stop, guard, reread).plan(sql);
            options = options.alsoSkipping(plan.unpublished());
            Liveness.bound(options.slot(), sql); // also while rows are read, which may take hours
            watchBy(sql);
            stream(sql, replication, plan, rows(plan), guard.here());
        }
    }

    private void watchBy(Connection sql) {
        reporter.watchBy(new Watch(options.slot(), sql, options.meters()));
    }

    private RowReading rows(Plan plan) {
        return new RowReading(options, connections, plan.tables(), plan.unread(), batches, reporter);
    }

    private void readAlone(RowReading rows, CdcOffset at) throws SQLException, InterruptedException {
        try (Connection beside = connections.open()) {
            CdcOffset unused = rows.read(Slot.exportAlone(beside), at);
        }
        LOGGER.atInfo()
                .addKeyValue("database", connections)
                .log("the snapshot is done; snapshot.mode=initial_only ends here");
        stop.await();
    }

    private void stream(Connection sql, Connection replication, Plan plan, RowReading rows, SlotHome here)
            throws SQLException, InterruptedException {
        ReadTables none = options.snapshot().mode().readsAtFirst() ? ReadTables.NONE : null;
        Slot slot = new Slot(options.slot());
        if (plan.slot().isEmpty()) {
            LOGGER.atInfo()
                    .addKeyValue("slot", options.slot().name())
                    .log("making the replication slot, which waits for transactions that are under way");
            CdcOffset read;
            try (SlotMaking making = new SlotMaking(
                    slot, connections, sql, replication, other -> connected = List.of(sql, replication, other))) {
                Slot.Exported exported = making.make();
                read = rows.read(exported, beginning(exported.lsn(), null, none, here));
                making.end();
            }
            follow(sql, replication, plan.tables(), read, List.of());
            return;
        }
        slot.keepOnStandbys(replication, plan.slot().get());
        CdcOffset at = plan.from();
        if (plan.fresh()) {
            long stands = plan.slot().get().confirmedLsn();
            at = beginning(stands, none == null ? null : SnapshotPlace.NONE, none, here);
        }
        if (at.isInFirstReading() && at.tables() == null) {
            // Debezium's, which does not tell which tables are done.
            at = at.withReading(at.snapshot(), none, at.asked());
        }
        follow(sql, replication, plan.tables(), at, plan.unread());
    }

    /** Whatever was read of the log before: signals are not in it. */
    private CdcOffset beginning(long lsn, @Nullable SnapshotPlace place, @Nullable ReadTables read, SlotHome here) {
        return new CdcOffset(lsn, lsn, 0, 0, 0, place, read, here).withSignals(from.signals());
    }

    private void follow(Connection sql, Connection replication, Tables tables, CdcOffset at, List<TableName> unread)
            throws SQLException, InterruptedException {
        if (!options.snapshot().streamingDelay().isZero()) {
            stop.sleep(options.snapshot().streamingDelay());
        }
        new Following(options, stop, progress, batches, reporter, connections, sql, tables, at, unread)
                .run(replication);
    }

    /** Whether the next run helps: the slot cannot be decoded, and is made anew, for which all rows are read again. */
    public static boolean isHealed(SQLException e, CaptureOptions options) {
        // A transaction in progress may be what cannot be decoded: its task first tries without.
        return WayOut.isUndecodable(e)
                && options.flow().inProgress() == null
                && options.snapshot().mode().readsAgain();
    }

    private void dropSlot(String because) {
        try (Connection sql = connections.open()) {
            if (!new Slot(options.slot()).drop(sql)) {
                LOGGER.atWarn()
                        .addKeyValue("slot", options.slot().name())
                        .log("the slot stays, though " + because + ": it is in use");
            }
        } catch (SQLException e) {
            LOGGER.atWarn()
                    .addKeyValue("slot", options.slot().name())
                    .addKeyValue("error", e.getMessage())
                    .log("cannot drop the slot, though " + because);
        }
    }
}
