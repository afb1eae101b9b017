/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of the rows that a snapshot reads. Each is held back until the next comes, since the last of a table, and of all,
 * says so.
 */
public final class Reads {

    private final SourceBlock source;
    private final Map<String, String> partition;
    private final Consumer<SourceRecord> out;
    private final CdcOffset at;
    private final long lsn;
    private final long xid;
    private final InstantSource clock;
    private final long timeMicros;

    private @Nullable CapturedTable table;
    private SnapshotPlace place;
    private ReadTables tables;
    private boolean isFirst = true;
    private boolean isFirstOfTable = true;

    private @Nullable Held held;

    /** A row that may be the last. */
    private record Held(CapturedTable table, @Nullable Struct key, Struct value, String marker) {}

    /**
     * @param at where changes are read on from when the snapshot is done; its tables are those done before
     * @param lsn the snapshot's place in the log
     * @param xid the newest transaction when it was taken
     */
    public Reads(
            Topics topics,
            String database,
            String version,
            CdcOffset at,
            long lsn,
            long xid,
            InstantSource clock,
            Consumer<SourceRecord> out) {
        this.source = new SourceBlock(version, topics.prefix(), database);
        this.partition = Events.partition(topics.prefix());
        this.out = out;
        this.at = at;
        this.lsn = lsn;
        this.xid = xid;
        this.clock = clock;
        this.timeMicros = clock.millis() * 1000;
        this.place = new SnapshotPlace("", 0, 0);
        this.tables = at.tables() == null ? ReadTables.NONE : at.tables();
    }

    /** A chunk begins. */
    public void begin(CapturedTable of, SnapshotPlace from) {
        if (table != of) {
            isFirstOfTable = true;
        }
        table = of;
        place = from;
    }

    /** One row of the chunk. */
    public void row(@Nullable Struct key, Struct value) {
        CapturedTable of = Objects.requireNonNull(table, "a chunk has begun");
        tellHeld(null);
        String marker = isFirst ? "first" : isFirstOfTable ? "first_in_data_collection" : "true";
        held = new Held(of, key, value, marker);
        isFirst = false;
        isFirstOfTable = false;
    }

    /**
     * All rows of the chunk have come.
     *
     * @param ofTable it was its table's last
     * @param next where a reading would go on, or null if that is with another file
     */
    public void endOfChunk(boolean ofTable, @Nullable SnapshotPlace next) {
        if (next != null) {
            place = next;
        }
        if (ofTable && table != null) {
            tables = tables.with(table.name().toString());
            place = new SnapshotPlace("", 0, 0);
            if (held != null && held.table() == table) {
                held = new Held(held.table(), held.key(), held.value(), "last_in_data_collection");
            }
        }
    }

    /** All rows of all tables have come. */
    public void end() {
        tellHeld("last");
    }

    /** Where reading stands when all has been told. */
    public CdcOffset done() {
        return new CdcOffset(at.commitLsn(), at.lsn(), at.changesAtLsn(), at.xid(), timeMicros, null, tables);
    }

    private void tellHeld(@Nullable String last) {
        Held row = held;
        if (row == null) {
            return;
        }
        held = null;
        CdcOffset offset = last == null
                ? new CdcOffset(at.commitLsn(), at.lsn(), at.changesAtLsn(), at.xid(), timeMicros, place, tables)
                : done();
        Struct block = source.of(
                row.table().name(), last == null ? row.marker() : last, timeMicros, at.commitLsn(), lsn, xid, null);
        CapturedTable.Schemas schemas = row.table().schemas();
        out.accept(new SourceRecord(
                partition,
                new OffsetMap(offset),
                schemas.topic(),
                null,
                row.key() == null ? null : schemas.key(),
                row.key(),
                schemas.envelope(),
                Envelope.of(schemas.envelope(), "r", null, row.value(), block, clock.instant())));
    }
}
