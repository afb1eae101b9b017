/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.ReadTables;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.metrics.SnapshotProgress;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.snapshot.Snapshot;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of the tables that are still to be read, which come in one go. Used by the capturing thread. */
final class RowReading {

    private static final Logger LOGGER = LoggerFactory.getLogger(RowReading.class);

    private final CaptureOptions options;
    private final Connections connections;
    private final Tables tables;
    private final List<TableName> unread;
    private final Batches batches;
    private final Reporter reporter;
    private CdcOffset at = CdcOffset.BEGINNING;

    RowReading(
            CaptureOptions options,
            Connections connections,
            Tables tables,
            List<TableName> unread,
            Batches batches,
            Reporter reporter) {
        this.options = options;
        this.connections = connections;
        this.tables = tables;
        this.unread = unread;
        this.batches = batches;
        this.reporter = reporter;
    }

    /**
     * Reads and hands over all rows.
     *
     * @param exported must live until this returns
     * @param start where changes are read on from afterwards
     * @return the offset behind the rows
     */
    CdcOffset read(Slot.Exported exported, CdcOffset start) throws SQLException, InterruptedException {
        if (unread.isEmpty()) {
            return start;
        }
        LOGGER.atInfo()
                .addKeyValue("tables", unread.size())
                .addKeyValue("lsn", LogSequenceNumber.valueOf(exported.lsn()).asString())
                .log("reading all rows");
        at = new CdcOffset(
                start.commitLsn(),
                start.lsn(),
                start.changesAtLsn(),
                start.xid(),
                options.clock().millis() * 1000,
                start.snapshot(),
                start.tables() == null ? ReadTables.NONE : start.tables(),
                start.home(),
                start.asked(),
                start.signals());
        Reads reads = new Reads(
                options.topics(),
                options.server().database(),
                options.version(),
                () -> at,
                false,
                exported.lsn(),
                newestTransaction(connections),
                options.meters(),
                options.clock(),
                this::take);
        SnapshotProgress progress = options.meters().snapshot();
        progress.begin(unread.size());
        boolean completed = false;
        try {
            // After an interruption only where no changes are followed: who knows which rows were moved since.
            new Snapshot(options.snapshot(), connections, tables, options.rows(), progress, false)
                    .read(exported.snapshot(), unread, start.snapshot(), reads, reporter::aliveInTime);
            batches.handOver(reads.done(), true);
            completed = true;
        } finally {
            progress.end(completed);
        }
        LOGGER.atInfo().addKeyValue("tables", unread.size()).log("all rows have been read");
        return reads.done();
    }

    static long newestTransaction(Connections connections) throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT txid_snapshot_xmax(txid_current_snapshot())")) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Rows come one by one and may be handed over after any. */
    private void take(SourceRecord record, CdcOffset done, int bytes) throws SQLException, InterruptedException {
        at = done;
        batches.add(record);
        batches.addBytes(bytes);
        if (batches.isFull()) {
            batches.handOver(done, true);
        }
    }
}
