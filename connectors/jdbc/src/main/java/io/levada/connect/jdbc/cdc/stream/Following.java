/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.Events;
import io.levada.connect.jdbc.cdc.inprogress.InProgress;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.MessageReader;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the server's log from an offset on until the capture is to end. Used by the capturing thread. */
final class Following {

    private static final Logger LOGGER = LoggerFactory.getLogger(Following.class);
    private static final int IDLE_MILLIS_MAX = 20;

    /** Of transactions in progress, in memory: the system's cache of files does the rest. */
    private static final int IN_PROGRESS_BYTES = 4 * 1024 * 1024;

    private static final int REPORT_EVERY = 1024;

    private final CaptureOptions options;
    private final Stop stop;
    private final Progress progress;
    private final Batches batches;
    private final Reporter reporter;
    private final Beats beats;
    private final Connection sql;
    private final Tables tables;
    private final Events events;
    private @Nullable Later later;
    private long told;

    /**
     * Rows that are read in the midst of following, at the place of their snapshot: what was told of the tables before, if only
     * by an earlier run that stored no offset, is then followed by every change up to that place.
     *
     * @param exported the rows' snapshot, which {@code beside} keeps
     */
    record Later(RowReading rows, Slot.Exported exported, Connection beside) {}

    /** @param later rows to be read on the way, or null */
    Following(
            CaptureOptions options,
            Stop stop,
            Progress progress,
            Batches batches,
            Reporter reporter,
            Connection sql,
            Tables tables,
            CdcOffset from,
            @Nullable Later later) {
        this.options = options;
        this.stop = stop;
        this.progress = progress;
        this.batches = batches;
        this.reporter = reporter;
        this.beats = new Beats(options.flow(), sql);
        this.sql = sql;
        this.tables = tables;
        this.later = later;
        this.events = new Events(
                options.topics(),
                options.events(),
                tables,
                options.types().binary(),
                options.server().database(),
                options.version(),
                options.context(),
                from,
                options.clock(),
                batches::add);
    }

    void run(Connection replication) throws SQLException, InterruptedException {
        Path folder = options.flow().inProgress();
        if (folder == null) {
            run(replication, 1, (bytes, lsn) -> take(MessageReader.read(bytes), lsn, bytes.limit()));
            return;
        }
        try (InProgress transactions = new InProgress(folder, IN_PROGRESS_BYTES, tables::captures, this::takeKept)) {
            run(replication, protocol(sql.getMetaData().getDatabaseMajorVersion()), transactions::take);
        }
    }

    /** The newest version that a server speaks; 1 is of no transactions in progress. */
    static int protocol(int majorVersion) {
        return Math.max(1, Math.min(4, majorVersion - 12)); // 2 since PostgreSQL 14, 3 since 15, 4 since 16
    }

    private interface Taking {
        void take(ByteBuffer bytes, long lsn) throws SQLException, InterruptedException;
    }

    private void run(Connection replication, int protocol, Taking taking) throws SQLException, InterruptedException {
        PGReplicationStream stream = open(replication, events.done(), protocol);
        reporter.to(stream);
        LOGGER.atInfo()
                .addKeyValue("slot", options.slot().name())
                .addKeyValue(
                        "lsn",
                        LogSequenceNumber.valueOf(events.done().commitLsn()).asString())
                .addKeyValue("protocol", protocol)
                .log("following changes");
        int idleMillis = 1;
        while (!stop.isAsked()) {
            ByteBuffer bytes = stream.readPending();
            if (bytes == null) {
                idle(stream.getLastReceiveLSN().asLong());
                stop.sleep(Duration.ofMillis(idleMillis));
                idleMillis = Math.min(IDLE_MILLIS_MAX, idleMillis * 2);
            } else {
                idleMillis = 1;
                taking.take(bytes, stream.getLastReceiveLSN().asLong());
            }
        }
    }

    /** A transaction that was kept comes in one go, in which nothing is read from the server and nobody looks whether to stop. */
    private void takeKept(Message message, long lsn, int bytes) throws SQLException, InterruptedException {
        if (stop.isAsked()) {
            throw new InterruptedException("closed");
        }
        if (++told % REPORT_EVERY == 0) {
            reporter.aliveInTime();
        }
        take(message, lsn, bytes);
    }

    private void take(Message message, long lsn, int bytes) throws SQLException, InterruptedException {
        Later rows = later;
        if (rows != null && isBehind(message, rows.exported().lsn())) {
            read(rows);
        }
        take(message, lsn);
        batches.addBytes(bytes);
        if (message instanceof Message.Commit) {
            betweenTransactions(events.done().commitLsn());
        }
    }

    /** Whether the snapshot at that place does not have the transaction that begins here. */
    private static boolean isBehind(Message message, long lsn) {
        return message instanceof Message.Begin begin && Long.compareUnsigned(begin.finalLsn(), lsn) >= 0;
    }

    private void take(Message message, long lsn) throws SQLException, InterruptedException {
        boolean full = batches.isFull();
        int size = batches.size();
        CdcOffset done = events.done();
        boolean ended = !events.inTransaction();
        events.take(message, lsn);
        // Only when a further record has come, so that the end of a transaction always comes with one.
        if (full && batches.size() > size) {
            batches.handOverFirst(size, done, ended);
        } else if (message instanceof Message.Commit && batches.isFull()) {
            batches.handOver(events.done(), true); // also in a backlog, where no moment is idle
        }
    }

    /** @param lsn up to where the server has sent what there is */
    private void idle(long lsn) throws SQLException, InterruptedException {
        if (!events.inTransaction() || !options.boundaries()) {
            batches.handOver(events.done(), !events.inTransaction());
        }
        if (events.inTransaction()) {
            return;
        }
        Later rows = later;
        if (rows != null && Long.compareUnsigned(lsn, rows.exported().lsn()) >= 0) {
            read(rows);
        }
        betweenTransactions(lsn);
    }

    private void read(Later rows) throws SQLException, InterruptedException {
        batches.handOver(events.done(), true);
        CdcOffset read = rows.rows().read(rows.exported(), events.done());
        events.haveRead(Objects.requireNonNull(read.tables(), "rows were read"));
        rows.beside().close(); // with its slot, for which the server keeps its log
        later = null;
    }

    /** @param lsn all before has been looked at */
    private void betweenTransactions(long lsn) throws SQLException, InterruptedException {
        if (batches.isEmpty()) {
            progress.quiet(batches.handedOver(), lsn);
        }
        if (beats.isDue()) {
            beats.act();
            events.heartbeat();
            batches.handOver(events.done(), true);
        }
        reporter.newsInTime();
    }

    private PGReplicationStream open(Connection replication, CdcOffset at, int protocol)
            throws SQLException, InterruptedException {
        int attempts = 0;
        while (true) {
            try {
                ChainedLogicalStreamBuilder wanted = replication
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(options.slot().name())
                        .withStartPosition(LogSequenceNumber.valueOf(at.commitLsn()))
                        .withAutomaticFlush(false)
                        .withStatusInterval(
                                (int) options.slot().statusInterval().toMillis(), TimeUnit.MILLISECONDS)
                        .withSlotOption("proto_version", protocol)
                        .withSlotOption(
                                "publication_names",
                                TableName.quoted(options.slot().publication()))
                        .withSlotOption("messages", true);
                return (protocol > 1 ? wanted.withSlotOption("streaming", "on") : wanted).start();
            } catch (SQLException e) {
                if (!Start.IN_USE.equals(e.getSQLState())
                        || attempts >= options.slot().retries()) {
                    throw e;
                }
                attempts++;
                LOGGER.atWarn()
                        .addKeyValue("slot", options.slot().name())
                        .addKeyValue("attempt", attempts)
                        .log("the slot is in use by another connection; trying again");
                stop.sleep(options.slot().retryDelay());
            }
        }
    }
}
