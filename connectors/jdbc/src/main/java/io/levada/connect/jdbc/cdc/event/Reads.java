/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import io.levada.connect.jdbc.cdc.metrics.TableEvents;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
        /** Takes the next and where reading stands behind it; {@code bytes} of the row's text. May wait for room. */
        void take(SourceRecord record, CdcOffset done, int bytes) throws SQLException, InterruptedException;
    }

    /** What is told besides the rows. */
    @FunctionalInterface
    public interface Beside {
        /** Where changes are read on from, and what rows were done before: what was taken last, if changes go no further meanwhile. */
        CdcOffset at();

        /** Whether a newer change of the row has been told, so that it must not follow. */
        default boolean hasNewer(TableName table, @Nullable Struct key) {
            return false;
        }
    }

    /** {@code source.snapshot} of rows that are read while changes are told. */
    private static final String INCREMENTAL = "incremental";

    private final SourceBlock source;
    private final Map<String, String> partition;
    private final Taker out;
    private final Beside beside;
    private final boolean incremental;
    private final long lsn;
    private final long xid;
    private final CaptureMeters meters;
    private final InstantSource clock;
    private final long timeMicros;

    private @Nullable CapturedTable table;
    private TableEvents counts = new TableEvents();

    /** Done, but not told so by any record yet. */
    private final List<CapturedTable> finished = new ArrayList<>();

    private boolean isFirst = true;

    private @Nullable Held held;

    /** A row that may be the last. */
    private record Held(
            CapturedTable table, @Nullable Struct key, Struct value, SnapshotPlace place, int bytes, String marker) {}

    /**
     * @param incremental the rows are read again or later, and say so instead of which is the first and which the last
     * @param lsn the snapshot's place in the log
     * @param xid the newest transaction when it was taken
     * @param meters count the rows
     */
    public Reads(
            Topics topics,
            String database,
            String version,
            Beside beside,
            boolean incremental,
            long lsn,
            long xid,
            CaptureMeters meters,
            InstantSource clock,
            Taker out) {
        this.source = new SourceBlock(version, topics.prefix(), database);
        this.partition = Events.partition(topics.prefix());
        this.out = out;
        this.beside = beside;
        this.incremental = incremental;
        this.lsn = lsn;
        this.xid = xid;
        this.meters = meters;
        this.clock = clock;
        this.timeMicros = clock.millis() * 1000;
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
        finished.add(of);
        if (held != null && held.table() == of) {
            Held last = held;
            held = new Held(of, last.key(), last.value(), last.place(), last.bytes(), "last_in_data_collection");
        }
    }

    /** All rows of all tables have come. */
    public void end() throws SQLException, InterruptedException {
        tellHeld("last");
    }

    /** Tells the row that was held back, so that changes can follow; more rows may come. */
    public void flush() throws SQLException, InterruptedException {
        tellHeld(null);
    }

    /** Where reading stands when all has been told. */
    public CdcOffset done() {
        return offset(null);
    }

    private CdcOffset offset(@Nullable SnapshotPlace place) {
        CdcOffset at = beside.at();
        ReadTables tables = at.tables();
        ReadTables asked = at.asked();
        for (CapturedTable each : finished) {
            tables = tables == null ? null : tables.with(each.name().toString(), each.oid());
            asked = asked.without(each.name().toString());
        }
        SnapshotPlace kept = place == null
                ? null
                : new SnapshotPlace(place.table(), place.file(), place.block(), place.item(), incremental);
        return at.withReading(kept, tables, asked);
    }

    private void tellHeld(@Nullable String last) throws SQLException, InterruptedException {
        Held row = held;
        if (row == null) {
            return;
        }
        held = null;
        if (beside.hasNewer(row.table().name(), row.key())) {
            return;
        }
        CdcOffset offset = offset(last == null ? row.place() : null);
        String marker = incremental ? INCREMENTAL : last == null ? row.marker() : last;
        Struct block = source.of(row.table().name(), marker, timeMicros, offset.commitLsn(), lsn, xid, null);
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
        finished.clear();
        out.take(record, offset, row.bytes());
    }
}
