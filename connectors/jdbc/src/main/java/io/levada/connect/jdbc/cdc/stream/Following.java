/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.Events;
import io.levada.connect.jdbc.cdc.event.Unavailable;
import io.levada.connect.jdbc.cdc.inprogress.InProgress;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.MessageReader;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.snapshot.Reselect;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the server's log from an offset on until the capture is to end. Used by the capturing thread. */
final class Following {

    private static final Logger LOGGER = LoggerFactory.getLogger(Following.class);
    private static final int IDLE_MILLIS_MAX = 20;

    /** Of transactions in progress, in memory: the system's cache of files does the rest. */
    private static final int IN_PROGRESS_BYTES = 4 * 1024 * 1024;

    private static final int REPORT_EVERY = 1024;

    /** SQLState of the driver's own where it has given up a connection before, as after a message that did not end. */
    private static final String ENDED = "55000";

    /** SQLState of a connection that broke. */
    private static final String BROKEN = "08006";

    private final CaptureOptions options;
    private final Stop stop;
    private final Progress progress;
    private final Batches batches;
    private final Reporter reporter;
    private final Beats beats;
    private final Connection sql;
    private final Events events;
    private final CdcOffset from;
    private final LaterRows later;
    private final Signals signals;
    private final List<TableName> unread;
    private final Tables tables;
    private long told;

    /** Bytes of the transaction that is being told. */
    private long ofTransaction;

    /** @param unread tables whose rows are to be read on the way */
    Following(
            CaptureOptions options,
            Stop stop,
            Progress progress,
            Batches batches,
            Reporter reporter,
            Connections connections,
            Connection sql,
            Tables tables,
            CdcOffset from,
            List<TableName> unread) {
        this.options = options;
        this.stop = stop;
        this.progress = progress;
        this.batches = batches;
        this.reporter = reporter;
        this.beats = new Beats(
                options.heartbeat(),
                options.flow().heartbeatQuery(),
                sql,
                options.server().queryTimeout());
        this.unread = unread;
        this.from = from;
        this.sql = sql;
        this.tables = tables;
        this.events = new Events(
                options.topics(),
                options.events(),
                tables,
                options.types().binary(),
                options.server().database(),
                options.version(),
                options.context(),
                options.meters(),
                from,
                options.clock(),
                unavailable(sql),
                batches::add);
        this.later = new LaterRows(options, connections, sql, tables, events, batches, reporter, LaterRows.KEYS_MAX);
        this.signals = new Signals(options, sql, later, events);
        events.listen(later::told);
    }

    private Unavailable unavailable(Connection sql) {
        if (!options.events().reselect()) {
            return Unavailable.LEFT;
        }
        Reselect reselect = new Reselect(sql);
        batches.beforeHandOver(reselect::fill);
        return reselect;
    }

    void run(Connection replication) throws SQLException, InterruptedException {
        try (signals;
                later) {
            follow(replication);
        }
    }

    private void follow(Connection replication) throws SQLException, InterruptedException {
        Path folder = options.flow().inProgress();
        if (folder == null) {
            run(replication, 1, (bytes, lsn) -> take(MessageReader.read(bytes), lsn, bytes.limit()));
            return;
        }
        try (InProgress transactions = new InProgress(folder, IN_PROGRESS_BYTES, this::isOfUse, this::takeKept)) {
            run(replication, protocol(sql.getMetaData().getDatabaseMajorVersion()), transactions::take);
        }
    }

    private boolean isOfUse(Message.Relation relation) {
        return tables.captures(relation)
                || new TableName(relation.schema(), relation.name())
                        .equals(options.signals().table());
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
        options.meters().connected(true);
        LOGGER.atInfo()
                .addKeyValue("slot", options.slot().name())
                .addKeyValue(
                        "lsn",
                        LogSequenceNumber.valueOf(events.done().commitLsn()).asString())
                .addKeyValue("protocol", protocol)
                .log("following changes");
        later.resume(unread);
        Liveness liveness = new Liveness(options.slot(), sql, replication);
        int idleMillis = 1;
        while (!stop.isAsked()) {
            ByteBuffer bytes = pending(stream);
            if (bytes == null) {
                options.meters().idle();
                boolean more = idle(stream.getLastReceiveLSN().asLong());
                reporter.aliveInTime();
                liveness.checkInTime();
                if (more) {
                    idleMillis = 1; // the rows of a small table are soon there, and there may be thousands
                } else {
                    stop.sleep(Duration.ofMillis(idleMillis));
                    idleMillis = Math.min(IDLE_MILLIS_MAX, idleMillis * 2);
                }
            } else {
                idleMillis = 1;
                if (++told % REPORT_EVERY == 0) {
                    reporter.aliveInTime();
                }
                taking.take(bytes, stream.getLastReceiveLSN().asLong());
            }
        }
    }

    /** What the server has sent, or null. */
    private static @Nullable ByteBuffer pending(PGReplicationStream stream) throws SQLException {
        try {
            return stream.readPending();
        } catch (SQLException e) {
            boolean ofServer = e instanceof PSQLException told && told.getServerErrorMessage() != null;
            if (ofServer || !ENDED.equals(e.getSQLState())) {
                throw e;
            }
            throw new SQLException("the connection that changes come through has broken: " + e.getMessage(), BROKEN, e);
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
        if (message instanceof Message.Begin begin) {
            later.begins(begin.finalLsn());
        }
        signals.take(message);
        take(message, lsn);
        batches.addBytes(bytes);
        ofTransaction += bytes;
        if (message instanceof Message.Commit) {
            signals.act(); // before what is told goes on behind it: it would be forgotten when the connection is lost
            signals.actOnOthers(progress.signals()); // also in a backlog
            if (batches.isFull()) {
                batches.handOver(events.done(), true); // also in a backlog, where no moment is idle
            }
            later.ended(ofTransaction);
            ofTransaction = 0;
            betweenTransactions(events.done().commitLsn());
        }
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
        }
    }

    /**
     * @param lsn up to where the server has sent what there is
     * @return whether it is worth the while to come again at once
     */
    private boolean idle(long lsn) throws SQLException, InterruptedException {
        if (!events.inTransaction() || !options.boundaries()) {
            batches.handOver(events.done(), !events.inTransaction());
        }
        if (events.inTransaction()) {
            return false;
        }
        signals.actOnOthers(progress.signals());
        boolean more = later.idle(lsn);
        betweenTransactions(lsn);
        return more;
    }

    /** @param lsn all before has been looked at */
    private void betweenTransactions(long lsn) throws SQLException, InterruptedException {
        if (batches.isEmpty() && hasToldWhatIsAsked()) {
            progress.quiet(batches.handedOver(), lsn);
        }
        if (beats.isDue(lsn)) {
            beats.act();
            if (!isTold(lsn)) {
                events.heartbeat(lsn);
                batches.handOver(events.done(), true);
            }
        }
        reporter.newsInTime();
    }

    /** Whether the last record's offset says it all: then a heartbeat would say nothing. */
    private boolean isTold(long lsn) {
        CdcOffset last = batches.handedOver();
        return batches.isEmpty()
                && last != null
                && Long.compareUnsigned(last.commitLsn(), lsn) >= 0
                && Objects.equals(last.home(), events.done().home());
    }

    /** Otherwise whoever asked for rows is to be heard again after a crash. */
    private boolean hasToldWhatIsAsked() {
        CdcOffset told = batches.handedOver();
        return (told == null ? from : told).asked().hasAll(events.done().asked());
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
                        // The driver waits no longer for the server to begin; we report in the interval ourselves.
                        .withStatusInterval(Liveness.answerMillis(options.slot()), TimeUnit.MILLISECONDS)
                        .withSlotOptions(options.slot().pluginParams())
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
