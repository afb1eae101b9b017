/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import io.levada.connect.jdbc.cdc.metrics.TableEvents;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of the rows that a snapshot reads. Each is held back until the next comes, since the last of a table, and of all,
 * says so.
 */
public final class Reads {

    /** Takes the records. */
    @FunctionalInterface
    public interface Taker {
        /** Takes the next; {@code bytes} of the row's text. May wait for room. */
        void take(SourceRecord record, int bytes) throws SQLException, InterruptedException;
    }

    private final SourceBlock source;
    private final Map<String, String> partition;
    private final Taker out;
    private final CdcOffset at;
    private final long lsn;
    private final long xid;
    private final CaptureMeters meters;
    private final InstantSource clock;
    private final long timeMicros;

    private @Nullable CapturedTable table;
    private TableEvents counts = new TableEvents();
    private ReadTables tables;
    private boolean isFirst = true;

    private @Nullable Held held;

    /** A row that may be the last. */
    private record Held(
            CapturedTable table, @Nullable Struct key, Struct value, SnapshotPlace place, int bytes, String marker) {}

    /**
     * @param at where changes are read on from when the snapshot is done; its tables are those done before
     * @param lsn the snapshot's place in the log
     * @param xid the newest transaction when it was taken
     * @param meters count the rows
     */
    public Reads(
            Topics topics,
            String database,
            String version,
            CdcOffset at,
            long lsn,
            long xid,
            CaptureMeters meters,
            InstantSource clock,
            Taker out) {
        this.source = new SourceBlock(version, topics.prefix(), database);
        this.partition = Events.partition(topics.prefix());
        this.out = out;
        this.at = at;
        this.lsn = lsn;
        this.xid = xid;
        this.meters = meters;
        this.clock = clock;
        this.timeMicros = clock.millis() * 1000;
        this.tables = at.tables() == null ? ReadTables.NONE : at.tables();
    }

    /**
     * The next row.
     *
     * @param place where it is stored: reading goes on behind it
     * @param bytes of its text
     */
    public void row(CapturedTable of, @Nullable Struct key, Struct value, SnapshotPlace place, int bytes)
            throws SQLException, InterruptedException {
        tellHeld(null);
        String marker = isFirst ? "first" : table != of ? "first_in_data_collection" : "true";
        if (table != of) {
            counts = meters.of(of.name().toString());
        }
        counts.add("r");
        table = of;
        held = new Held(of, key, value, place, bytes, marker);
        isFirst = false;
    }

    /** All rows of the table have come, if there were any. */
    public void endOf(CapturedTable of) {
        tables = tables.with(of.name().toString());
        if (held != null && held.table() == of) {
            Held last = held;
            held = new Held(of, last.key(), last.value(), last.place(), last.bytes(), "last_in_data_collection");
        }
    }

    /** All rows of all tables have come. */
    public void end() throws SQLException, InterruptedException {
        tellHeld("last");
    }

    /** Where reading stands when all has been told. */
    public CdcOffset done() {
        return new CdcOffset(
                at.commitLsn(), at.lsn(), at.changesAtLsn(), at.xid(), timeMicros, null, tables, at.home());
    }

    private void tellHeld(@Nullable String last) throws SQLException, InterruptedException {
        Held row = held;
        if (row == null) {
            return;
        }
        held = null;
        CdcOffset offset = last == null
                ? new CdcOffset(
                        at.commitLsn(),
                        at.lsn(),
                        at.changesAtLsn(),
                        at.xid(),
                        timeMicros,
                        row.place(),
                        tables,
                        at.home())
                : done();
        Struct block = source.of(
                row.table().name(), last == null ? row.marker() : last, timeMicros, at.commitLsn(), lsn, xid, null);
        CapturedTable.Schemas schemas = row.table().schemas();
        SourceRecord record = new SourceRecord(
                partition,
                new OffsetMap(offset),
                schemas.topic(),
                null,
                row.key() == null ? null : schemas.key(),
                row.key(),
                schemas.envelope(),
                Envelope.of(schemas.envelope(), "r", null, row.value(), block, clock.instant()));
        out.take(record, row.bytes());
    }
}
