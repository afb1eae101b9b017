/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.Events;
import io.levada.connect.jdbc.cdc.event.ReadTables;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.MessageReader;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Publication;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.snapshot.Snapshot;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotMode;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a capture, from an offset on, until it is closed or fails. Its thread owns the connections; {@link #take} and
 * {@link #stored} are called by the worker's, {@link #close} by any.
 */
public final class Capture implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Capture.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final int IDLE_MILLIS_MAX = 20;

    /** A batch is never larger than this part of what may wait. */
    private static final int BATCHES_IN_QUEUE = 8;

    /** SQLState of what somebody else uses. */
    private static final String IN_USE = "55006";

    private final CaptureOptions options;
    private final CdcOffset from;
    private final boolean again;
    private final Connections connections;
    private final Handover handover;
    private final long batchBytesMax;
    private final Progress progress = new Progress();
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private volatile List<Connection> connected = List.of();

    // The capturing thread's own.
    private List<SourceRecord> filling = new ArrayList<>();
    private long fillingBytes;
    private @Nullable CdcOffset handedOver;
    private @Nullable PGReplicationStream stream;
    private long reportedAtNanos;

    /**
     * @param from where reading goes on; {@link CdcOffset#BEGINNING} for the first time
     * @param handedOver the offset of the last record that the worker was given by an earlier run of the task, or the stored one; null
     *     if there is none
     * @param again an earlier run of the same task was broken off
     */
    public Capture(CaptureOptions options, CdcOffset from, @Nullable CdcOffset handedOver, boolean again) {
        this.options = options;
        this.from = from;
        this.handedOver = handedOver;
        this.again = again;
        this.connections = new Connections(options.server(), "levada-cdc-" + options.name());
        this.handover = new Handover(options.flow());
        long bytes = options.flow().queueBytes();
        this.batchBytesMax = bytes == 0 ? Long.MAX_VALUE : Math.max(1, bytes / BATCHES_IN_QUEUE);
        this.thread = new Thread(this::run, "cdc-" + options.name());
        this.thread.setDaemon(true);
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
        closed.countDown();
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

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        try (Connection sql = connections.open()) {
            connected = List.of(sql);
            capture(sql);
        } catch (InterruptedException e) {
            if (!isClosed()) {
                failure = new ConnectException("change capture was interrupted", e);
            }
        } catch (SQLException | RuntimeException | Error e) {
            if (!isClosed()) {
                failure = e;
            }
        } finally {
            if (isClosed() && options.slot().dropOnStop()) {
                dropSlot();
            }
            handover.end();
        }
    }

    private void capture(Connection sql) throws SQLException, InterruptedException {
        Selection selection = new Selection(options.selection());
        List<TableName> captured =
                new Catalogue(sql).tables(selection, options.slot().viaRoot());
        boolean streams = options.snapshot().mode() != SnapshotMode.INITIAL_ONLY;
        int version = sql.getMetaData().getDatabaseMajorVersion() * 10_000;
        Slot slot = new Slot(options.slot());
        Optional<Slot.State> state = streams ? freeSlot(sql, slot) : Optional.empty();
        if (streams) {
            new Publication(options.slot(), sql).ensure(captured);
        }
        Tables tables = new Tables(sql, selection, options.rules(), options.types(), options.topics());
        CdcOffset at = from;
        boolean fresh = from.isBeginning();
        if (streams) {
            checkPlace(sql);
        }
        if (streams && options.snapshot().mode() == SnapshotMode.RECOVERY) {
            fresh = true;
        } else if (streams && !fresh) {
            at = checked(state);
            fresh = at.isBeginning();
        }
        if (!fresh && !again && options.snapshot().mode() == SnapshotMode.ALWAYS && at.snapshot() == null) {
            at = at.withNothingRead();
        }
        List<TableName> unread = unread(captured, at, fresh);
        if (!options.snapshot().delay().isZero() && !unread.isEmpty()) {
            sleep(options.snapshot().delay());
        }
        Snapshot snapshot = new Snapshot(options.snapshot(), connections, tables, version);
        if (!streams) {
            readAlone(snapshot, unread, at);
            return;
        }
        if (fresh && state.isPresent() && state.get().lost() != null) {
            slot.drop(sql);
            state = Optional.empty();
        }
        try (Connection replication = connections.openReplication()) {
            connected = List.of(sql, replication);
            stream(sql, replication, slot, state, tables, snapshot, unread, at, fresh);
        }
    }

    private void stream(
            Connection sql,
            Connection replication,
            Slot slot,
            Optional<Slot.State> state,
            Tables tables,
            Snapshot snapshot,
            List<TableName> unread,
            CdcOffset from,
            boolean fresh)
            throws SQLException, InterruptedException {
        int version = sql.getMetaData().getDatabaseMajorVersion() * 10_000;
        CdcOffset at = from;
        ReadTables none = options.snapshot().mode().readsAtFirst() ? ReadTables.NONE : null;
        if (state.isEmpty()) {
            LOGGER.atInfo()
                    .addKeyValue("slot", options.slot().name())
                    .log("making the replication slot, which waits for transactions that are under way");
            Slot.Exported exported = slot.create(replication, version);
            CdcOffset start = new CdcOffset(exported.lsn(), exported.lsn(), 0, 0, 0, null, none);
            follow(sql, replication, tables, read(snapshot, unread, exported, start), null);
        } else {
            if (fresh) {
                long stands = state.get().confirmedLsn();
                at = new CdcOffset(stands, stands, 0, 0, 0, null, none);
            }
            follow(sql, replication, tables, at, unread.isEmpty() ? null : new Later(snapshot, unread));
        }
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
            sleep(options.slot().retryDelay());
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
                        + ": it was restored from a backup, or is another server. To read all rows again, stop the connector, remove"
                        + " its offsets (DELETE /connectors/" + options.name()
                        + "/offsets), drop the slot if it is there, and resume");
            }
        }
    }

    /**
     * Rows that are read in the midst of following, at the place of their snapshot: what was told of the tables before, if only
     * by an earlier run that stored no offset, is then followed by every change up to that place.
     */
    private record Later(Snapshot snapshot, List<TableName> unread) {}

    /** The same, with its snapshot, which the connection keeps. */
    private record Pending(Later later, Slot.Exported exported, Connection beside) {}

    private void readAlone(Snapshot snapshot, List<TableName> unread, CdcOffset at)
            throws SQLException, InterruptedException {
        try (Connection beside = connections.open()) {
            CdcOffset unused = read(snapshot, unread, Slot.exportAlone(beside), at);
        }
        LOGGER.atInfo()
                .addKeyValue("database", connections)
                .log("the snapshot is done; snapshot.mode=initial_only ends here");
        closed.await();
    }

    /** Tables whose rows are still to be read, in their order. */
    private List<TableName> unread(List<TableName> captured, CdcOffset at, boolean fresh) {
        SnapshotMode mode = options.snapshot().mode();
        if (!mode.readsAtFirst()) {
            return List.of();
        }
        NamePatterns chosen = NamePatterns.of(options.snapshot().tables());
        // An offset of Debezium's does not tell which tables are done: they all are.
        if (!fresh && at.snapshot() == null && at.tables() == null) {
            return List.of();
        }
        ReadTables done = fresh || at.tables() == null ? ReadTables.NONE : at.tables();
        return captured.stream()
                .filter(table -> chosen.isEmpty() || chosen.matches(table.toString()))
                .filter(table -> !done.has(table.toString()))
                .toList();
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
                + LogSequenceNumber.valueOf(from.commitLsn()).asString() + " are lost. To read all rows again, stop the"
                + " connector, remove its offsets (DELETE /connectors/" + options.name()
                + "/offsets), drop the slot if it"
                + " is there, and resume; or set snapshot.mode=when_needed, which does so by itself");
    }

    /** Reads and tells the rows of the tables; gives the offset behind them. */
    private CdcOffset read(Snapshot snapshot, List<TableName> unread, Slot.Exported exported, CdcOffset start)
            throws SQLException, InterruptedException {
        if (unread.isEmpty()) {
            return start;
        }
        LOGGER.atInfo()
                .addKeyValue("tables", unread.size())
                .addKeyValue("lsn", LogSequenceNumber.valueOf(exported.lsn()).asString())
                .log("reading all rows");
        Reads reads = new Reads(
                options.topics(),
                options.server().database(),
                options.version(),
                start,
                exported.lsn(),
                newestTransaction(),
                options.clock(),
                new Told());
        snapshot.read(exported.snapshot(), unread, start.snapshot(), reads, this::reportInTime);
        handOver(reads.done(), true);
        LOGGER.atInfo().addKeyValue("tables", unread.size()).log("all rows have been read");
        return reads.done();
    }

    private void reportInTime() throws SQLException {
        report(true);
    }

    private long newestTransaction() throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT txid_snapshot_xmax(txid_current_snapshot())")) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Takes rows of a snapshot, which come one by one and may be handed over after any. */
    private final class Told implements Reads.Taker {
        @Override
        public void take(SourceRecord record, int bytes) throws SQLException, InterruptedException {
            filling.add(record);
            fillingBytes += bytes;
            if (isFull()) {
                handOver(CdcOffset.of(record.sourceOffset()), true);
            }
        }
    }

    private boolean isFull() {
        return filling.size() >= options.flow().batchSize() || fillingBytes >= batchBytesMax;
    }

    private void follow(Connection sql, Connection replication, Tables tables, CdcOffset at, @Nullable Later rows)
            throws SQLException, InterruptedException {
        if (rows == null) {
            followOn(sql, replication, tables, at, null);
            return;
        }
        try (Connection beside = connections.openReplication()) {
            Slot.Exported exported = Slot.createTemporary(beside, "levada_" + Long.toHexString(System.nanoTime()));
            followOn(sql, replication, tables, at, new Pending(rows, exported, beside));
        }
    }

    private void followOn(Connection sql, Connection replication, Tables tables, CdcOffset at, @Nullable Pending rows)
            throws SQLException, InterruptedException {
        if (!options.snapshot().streamingDelay().isZero()) {
            sleep(options.snapshot().streamingDelay());
        }
        Pending later = rows;
        Events events = new Events(
                options.topics(),
                options.events(),
                tables,
                options.types().binary(),
                options.server().database(),
                options.version(),
                options.context(),
                at,
                options.clock(),
                record -> filling.add(record));
        PGReplicationStream opened = open(replication, at);
        stream = opened;
        LOGGER.atInfo()
                .addKeyValue("slot", options.slot().name())
                .addKeyValue("lsn", LogSequenceNumber.valueOf(at.commitLsn()).asString())
                .log("following changes");
        Beats beats = new Beats(options.flow(), sql);
        int idleMillis = 1;
        while (!isClosed()) {
            ByteBuffer bytes = opened.readPending();
            if (bytes != null) {
                idleMillis = 1;
                Message message = MessageReader.read(bytes);
                if (later != null && isBehind(message, later.exported().lsn())) {
                    readLater(events, later);
                    later = null;
                }
                take(events, message, opened.getLastReceiveLSN().asLong());
                fillingBytes += bytes.limit();
                if (message instanceof Message.Commit) {
                    betweenTransactions(events, beats, events.done().commitLsn());
                }
                continue;
            }
            if (!events.inTransaction() || !options.boundaries()) {
                handOver(events.done(), !events.inTransaction());
            }
            if (later != null
                    && !events.inTransaction()
                    && Long.compareUnsigned(
                                    opened.getLastReceiveLSN().asLong(),
                                    later.exported().lsn())
                            >= 0) {
                readLater(events, later);
                later = null;
            }
            if (!events.inTransaction()) {
                betweenTransactions(events, beats, opened.getLastReceiveLSN().asLong());
            }
            sleep(Duration.ofMillis(idleMillis));
            idleMillis = Math.min(IDLE_MILLIS_MAX, idleMillis * 2);
        }
    }

    /** @param lsn all before has been looked at */
    private void betweenTransactions(Events events, Beats beats, long lsn) throws SQLException, InterruptedException {
        if (filling.isEmpty()) {
            progress.quiet(handedOver, lsn);
        }
        if (beats.isDue()) {
            beats.act();
            events.heartbeat();
            handOver(events.done(), true);
        }
        report(false);
    }

    /** Whether the snapshot at that place does not have the transaction that begins here. */
    private static boolean isBehind(Message message, long lsn) {
        return message instanceof Message.Begin begin && Long.compareUnsigned(begin.finalLsn(), lsn) >= 0;
    }

    private void readLater(Events events, Pending rows) throws SQLException, InterruptedException {
        handOver(events.done(), true);
        CdcOffset read = read(rows.later().snapshot(), rows.later().unread(), rows.exported(), events.done());
        events.haveRead(Objects.requireNonNull(read.tables(), "rows were read"));
        rows.beside().close(); // with its slot, for which the server keeps its log
    }

    private void take(Events events, Message message, long lsn) throws SQLException, InterruptedException {
        boolean full = isFull();
        int size = filling.size();
        CdcOffset done = events.done();
        boolean ended = !events.inTransaction();
        events.take(message, lsn);
        // Only when a further record has come, so that the end of a transaction always comes with one.
        if (full && filling.size() > size) {
            List<SourceRecord> further = new ArrayList<>(filling.subList(size, filling.size()));
            filling = new ArrayList<>(filling.subList(0, size));
            handOver(done, ended);
            filling = further;
        } else if (message instanceof Message.Commit && isFull()) {
            handOver(events.done(), true); // also in a backlog, where no moment is idle
        }
    }

    private PGReplicationStream open(Connection replication, CdcOffset at) throws SQLException, InterruptedException {
        int attempts = 0;
        while (true) {
            try {
                return replication
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(options.slot().name())
                        .withStartPosition(LogSequenceNumber.valueOf(at.commitLsn()))
                        .withAutomaticFlush(false)
                        .withStatusInterval(
                                (int) options.slot().statusInterval().toMillis(), TimeUnit.MILLISECONDS)
                        .withSlotOption("proto_version", 1)
                        .withSlotOption(
                                "publication_names",
                                TableName.quoted(options.slot().publication()))
                        .withSlotOption("messages", true)
                        .start();
            } catch (SQLException e) {
                if (!IN_USE.equals(e.getSQLState())
                        || attempts >= options.slot().retries()) {
                    throw e;
                }
                attempts++;
                LOGGER.atWarn()
                        .addKeyValue("slot", options.slot().name())
                        .addKeyValue("attempt", attempts)
                        .log("the slot is in use by another connection; trying again");
                sleep(options.slot().retryDelay());
            }
        }
    }

    private void handOver(CdcOffset done, boolean endsTransaction) throws SQLException, InterruptedException {
        if (filling.isEmpty()) {
            return;
        }
        Batch batch = new Batch(filling, done, endsTransaction, fillingBytes);
        while (!handover.put(batch, options.slot().statusInterval().dividedBy(2))) {
            report(true);
        }
        report(true);
        filling = new ArrayList<>();
        fillingBytes = 0;
        // What is compared with what is stored is the offset of the last record, which may be short of what was read.
        handedOver =
                CdcOffset.of(batch.records().get(batch.records().size() - 1).sourceOffset());
    }

    /** Tells the server how far it may forget, at times: the driver does so by itself only while it reads. */
    private void report(boolean now) throws SQLException {
        PGReplicationStream open = stream;
        if (open == null) {
            return;
        }
        long confirmed = progress.confirmed();
        boolean news = Long.compareUnsigned(confirmed, open.getLastFlushedLSN().asLong()) > 0;
        if (news) {
            open.setFlushedLSN(LogSequenceNumber.valueOf(confirmed));
            open.setAppliedLSN(LogSequenceNumber.valueOf(confirmed));
        }
        long sinceNanos = System.nanoTime() - reportedAtNanos;
        if (news || (now && sinceNanos > options.slot().statusInterval().toNanos() / 2)) {
            open.forceUpdateStatus();
            reportedAtNanos = System.nanoTime();
        }
    }

    private void sleep(Duration duration) throws InterruptedException {
        if (closed.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("closed");
        }
    }

    private void dropSlot() {
        try (Connection sql = connections.open()) {
            new Slot(options.slot()).drop(sql);
        } catch (SQLException e) {
            LOGGER.atWarn()
                    .addKeyValue("slot", options.slot().name())
                    .addKeyValue("error", e.getMessage())
                    .log("cannot drop the slot, though slot.drop.on.stop is set");
        }
    }
}
