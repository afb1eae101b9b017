/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Where reading stands, under Debezium's keys and a few of our own. Transactions arrive in the order of their commits, each whole,
 * and after a restart again from the first that was not done; so a place is the end of the last transaction that was done, and how
 * far the next was read.
 *
 * @param commitLsn {@code lsn_commit}: the end of the last transaction done; 0 for none yet
 * @param lsn of the last change, and
 * @param changesAtLsn {@code lsn_events_processed}: how many changes at that place were done, since one COPY writes many in one
 * @param xid {@code txId} of the transaction that the last change belongs to; 0 for none
 * @param timeMicros {@code ts_usec}: when that transaction was committed; 0 before any
 * @param snapshot how far a snapshot has come, or null when none is under way
 * @param tables those whose rows have been read; null where it was not noted, as Debezium does not
 * @param home where all this is a place of; null where it was not noted, as Debezium does not
 * @param asked those whose rows somebody has asked for since, and that have not been read again yet
 * @param signals how much of what is asked by other ways than the log has been taken
 */
public record CdcOffset(
        long commitLsn,
        long lsn,
        long changesAtLsn,
        long xid,
        long timeMicros,
        @Nullable SnapshotPlace snapshot,
        @Nullable ReadTables tables,
        @Nullable SlotHome home,
        ReadTables asked,
        TakenSignals signals) {

    /** Nothing has been read. */
    public static final CdcOffset BEGINNING = new CdcOffset(0, 0, 0, 0, 0, null, null, null);

    private static final String COMMIT = "lsn_commit";
    private static final String DONE = "lsn_proc";
    private static final String LSN = "lsn";
    private static final String CHANGES = "lsn_events_processed";
    private static final String XID = "txId";
    private static final String TIME = "ts_usec";
    private static final String SNAPSHOT = "snapshot";
    private static final String SNAPSHOT_DONE = "snapshot_completed";
    private static final String TABLES = "levada_tables";

    /** Apart from the names, which an older version goes on with, too. */
    private static final String OIDS = "levada_table_oids";

    private static final String ASKED = "levada_asked";
    private static final String TABLE = "levada_snapshot_table";
    private static final String FILE = "levada_snapshot_file";
    private static final String BLOCK = "levada_snapshot_block";
    private static final Pattern INCREMENTAL =
            Pattern.compile("\"incremental_snapshot_collections_id\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String ITEM = "levada_snapshot_item";

    /**
     * A place within the snapshot of a table.
     *
     * @param table {@code schema.table}
     * @param file {@code pg_class.relfilenode}: block numbers hold as long as it is the same
     * @param block of the last row that is done, and
     * @param item its place there; 0 before the first
     * @param incremental of rows that are read again or later, not of the first reading
     */
    public record SnapshotPlace(String table, long file, long block, int item, boolean incremental) {

        /** A place of the first reading. */
        public SnapshotPlace(String table, long file, long block, int item) {
            this(table, file, block, item, false);
        }

        /** Before any row of any table. */
        public static final SnapshotPlace NONE = new SnapshotPlace("", 0, 0, 0, false);
    }

    /** A place where nobody has asked for rows. */
    public CdcOffset(
            long commitLsn,
            long lsn,
            long changesAtLsn,
            long xid,
            long timeMicros,
            @Nullable SnapshotPlace snapshot,
            @Nullable ReadTables tables,
            @Nullable SlotHome home) {
        this(commitLsn, lsn, changesAtLsn, xid, timeMicros, snapshot, tables, home, ReadTables.NONE, TakenSignals.NONE);
    }

    /**
     * Reads a stored offset, Debezium's or our own.
     *
     * @throws ConnectException naming the key whose value has the wrong type
     */
    public static CdcOffset of(Map<String, ?> stored) {
        long lsn = number(stored, LSN);
        long commit = stored.containsKey(COMMIT) ? number(stored, COMMIT) : number(stored, DONE);
        Object table = stored.get(TABLE);
        boolean inSnapshot = stored.containsKey(SNAPSHOT) && !Boolean.TRUE.equals(stored.get(SNAPSHOT_DONE));
        SnapshotPlace place = inSnapshot ? SnapshotPlace.NONE : null;
        if (table != null) {
            place = new SnapshotPlace(
                    String.valueOf(table),
                    number(stored, FILE),
                    number(stored, BLOCK),
                    (int) number(stored, ITEM),
                    !inSnapshot);
        }
        Object tables = stored.get(TABLES);
        ReadTables withOids = ReadTables.of(String.valueOf(stored.containsKey(OIDS) ? stored.get(OIDS) : ""));
        return new CdcOffset(
                // Debezium's offset of a snapshot has no commit yet: changes are read on from where the snapshot was
                // taken.
                commit == 0 ? lsn : commit,
                lsn,
                number(stored, CHANGES),
                number(stored, XID),
                number(stored, TIME),
                place,
                tables == null ? null : ReadTables.of(String.valueOf(tables)).withOidsOf(withOids),
                SlotHome.of(stored),
                asked(stored),
                TakenSignals.of(stored));
    }

    /** Debezium has the tables of a signal that are not done yet in an array of objects, in JSON. */
    private static ReadTables asked(Map<String, ?> stored) {
        Object own = stored.get(ASKED);
        ReadTables asked = own == null ? ReadTables.NONE : ReadTables.of(String.valueOf(own));
        Matcher theirs = INCREMENTAL.matcher(String.valueOf(stored.get("incremental_snapshot_collections")));
        while (theirs.find()) {
            asked = asked.with(theirs.group(1).replaceAll("\\\\(.)", "$1"));
        }
        return asked;
    }

    static long number(Map<String, ?> stored, String key) {
        Object value = stored.get(key);
        if (value == null) {
            return 0;
        }
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new ConnectException("the stored offset has " + key + "=" + value
                + ", which is not a number; correct it with PATCH /connectors/{name}/offsets");
    }

    /** The same place in the log, with all rows to be read. */
    public CdcOffset withNothingRead() {
        return withReading(SnapshotPlace.NONE, ReadTables.NONE, ReadTables.NONE);
    }

    /** The same place in the log, with another one among the rows. */
    public CdcOffset withReading(@Nullable SnapshotPlace place, @Nullable ReadTables read, ReadTables stillAsked) {
        return new CdcOffset(commitLsn, lsn, changesAtLsn, xid, timeMicros, place, read, home, stillAsked, signals);
    }

    /** The same place, with more signals taken. */
    public CdcOffset withSignals(TakenSignals taken) {
        return new CdcOffset(commitLsn, lsn, changesAtLsn, xid, timeMicros, snapshot, tables, home, asked, taken);
    }

    /** Whether the first reading of rows is under way, and not one that came later. */
    public boolean isInFirstReading() {
        return snapshot != null && !snapshot.incremental();
    }

    /** True before anything was read. */
    public boolean isBeginning() {
        return equals(BEGINNING);
    }

    /** As it is stored. */
    Map<String, Object> stored() {
        Map<String, Object> stored = new HashMap<>();
        putIfKnown(stored, TIME, timeMicros);
        putIfKnown(stored, XID, xid);
        putIfKnown(stored, LSN, lsn);
        putIfKnown(stored, CHANGES, changesAtLsn);
        if (snapshot != null) {
            if (!snapshot.incremental()) {
                stored.put(SNAPSHOT, "INITIAL");
                stored.put(SNAPSHOT_DONE, false);
            }
            stored.put(TABLE, snapshot.table());
            stored.put(FILE, snapshot.file());
            stored.put(BLOCK, snapshot.block());
            stored.put(ITEM, snapshot.item());
        }
        putIfKnown(stored, COMMIT, commitLsn);
        putIfKnown(stored, DONE, commitLsn);
        if (tables != null) {
            stored.put(TABLES, tables.toString());
            if (!tables.withOids().equals(tables.toString())) {
                stored.put(OIDS, tables.withOids());
            }
        }
        if (home != null) {
            home.putInto(stored);
        }
        if (!asked.isEmpty()) {
            stored.put(ASKED, asked.toString());
        }
        signals.putInto(stored);
        return stored;
    }

    private static void putIfKnown(Map<String, Object> stored, String key, long value) {
        if (value != 0) {
            stored.put(key, value);
        }
    }

    /** A change of a transaction has been done. */
    CdcOffset afterChange(long changeLsn, long changeXid, long commitTimeMicros) {
        boolean same = changeLsn == lsn && changeXid == xid;
        return new CdcOffset(
                commitLsn,
                changeLsn,
                same ? changesAtLsn + 1 : 1,
                changeXid,
                commitTimeMicros,
                snapshot,
                tables,
                home,
                asked,
                signals);
    }

    /** A transaction, or a message outside any, has been done up to its end. */
    CdcOffset afterCommit(long endLsn, long ofXid, long commitTimeMicros) {
        return new CdcOffset(endLsn, endLsn, 0, ofXid, commitTimeMicros, snapshot, tables, home, asked, signals);
    }

    /**
     * A message outside any transaction has been done. It is told apart from the end of a transaction at the same place, behind
     * which a message there is still to come.
     */
    CdcOffset afterMessage(long messageLsn, long lastTimeMicros) {
        return new CdcOffset(messageLsn, messageLsn, 1, 0, lastTimeMicros, snapshot, tables, home, asked, signals);
    }

    /** Whether a message outside any transaction was done. */
    boolean hasMessage(long messageLsn) {
        return commitLsn != 0
                && (Long.compareUnsigned(messageLsn, commitLsn) < 0
                        || (messageLsn == commitLsn && messageLsn == lsn && xid == 0 && changesAtLsn > 0));
    }

    /**
     * All before that place has been looked at, between transactions; the same if it is not further. {@code lsn} stays that of the
     * last thing done.
     */
    public CdcOffset goneThrough(long place) {
        return Long.compareUnsigned(place, commitLsn) <= 0
                ? this
                : new CdcOffset(place, lsn, 0, xid, timeMicros, snapshot, tables, home, asked, signals);
    }

    /** The same place, but that the slot keeps nothing before {@code place} any more, since all that was there is done. */
    public CdcOffset keptFrom(long place) {
        return Long.compareUnsigned(place, commitLsn) <= 0
                ? this
                : new CdcOffset(place, lsn, changesAtLsn, xid, timeMicros, snapshot, tables, home, asked, signals);
    }

    /** Back to a place behind which nothing was done, but for looking at it. */
    public CdcOffset backTo(long place) {
        return new CdcOffset(place, lsn, changesAtLsn, xid, timeMicros, snapshot, tables, home, asked, signals);
    }

    /** The same place, as one of this server and slot. */
    public CdcOffset at(SlotHome here) {
        return new CdcOffset(commitLsn, lsn, changesAtLsn, xid, timeMicros, snapshot, tables, here, asked, signals);
    }
}
