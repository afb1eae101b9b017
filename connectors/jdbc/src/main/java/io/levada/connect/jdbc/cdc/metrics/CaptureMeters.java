/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** All that a task's captures count, one after the other. Counts are written by the capturing thread, and read by any. */
public final class CaptureMeters {

    /** Records and bytes of their messages that wait for the worker. */
    public record Waiting(int records, long bytes) {}

    private final InstantSource clock;
    private final Map<String, TableEvents> tables = new ConcurrentHashMap<>();
    private final SnapshotProgress snapshot = new SnapshotProgress();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong filtered = new AtomicLong();
    private final AtomicLong transactions = new AtomicLong();
    private volatile boolean connected;
    private volatile List<String> captured = List.of();
    private volatile Waiting waiting = new Waiting(0, 0);
    private volatile long lastXid;
    private volatile long lastCommitMillis;
    private volatile long lastLsn;
    private volatile long lastEventMillis;
    private volatile long behindMillis = -1;
    private volatile boolean isIdle;
    private volatile long walBytes;
    private volatile long safeBytes = -1;
    private volatile long behindBytes;

    /** Where the server's log ended when it was looked at, and when that was, as long as it has not been read up to there. */
    private long endLsn;

    private long endMillis;

    /** When the server had what has not been read since; 0 if all was read. */
    private volatile long behindSinceMillis;

    public CaptureMeters(InstantSource clock) {
        this.clock = clock;
    }

    /** The counts of a table, to be kept by who adds to them. */
    public TableEvents of(String table) {
        return tables.computeIfAbsent(table, unused -> new TableEvents());
    }

    public SnapshotProgress snapshot() {
        return snapshot;
    }

    /** A logical message became an event. */
    public void message() {
        TableEvents.more(messages, 1);
    }

    /** A change became no event, as its kind is skipped or nothing of it changed. */
    public void filtered() {
        TableEvents.more(filtered, 1);
    }

    /** A transaction has been gone through. */
    public void transaction(long xid, long commitMicros, long endLsn) {
        TableEvents.more(transactions, 1);
        lastXid = xid;
        lastCommitMillis = Math.floorDiv(commitMicros, 1000L);
        lastLsn = endLsn;
        behindMillis = Math.max(0, clock.millis() - lastCommitMillis);
        isIdle = false;
    }

    /** All that the server has sent has been gone through. */
    public void idle() {
        isIdle = true;
    }

    /** Events were handed over. */
    public void handedOver() {
        lastEventMillis = clock.millis();
    }

    /** So many wait for the worker now. */
    public void waits(Waiting now) {
        waiting = now;
    }

    public void connected(boolean now) {
        connected = now;
    }

    public void captures(Collection<String> names) {
        captured = List.copyOf(names);
    }

    /**
     * What the server keeps.
     *
     * @param kept bytes of its log
     * @param safe how much more it may write before the slot is lost; -1 for no limit
     * @param readLsn up to where its log has been read; 0 if it is not read yet
     * @param end where its log ends
     */
    public void wal(long kept, long safe, long readLsn, long end) {
        walBytes = kept;
        safeBytes = safe;
        behindBytes = readLsn == 0 ? kept : Math.max(0, end - readLsn);
        // What it had at the look before must have been read by now: nothing comes while it decodes a large
        // transaction.
        boolean isAnother = Long.compareUnsigned(end, endLsn) < 0; // a server whose log is shorter
        boolean keptUp = isAnother || Long.compareUnsigned(readLsn, endLsn) >= 0;
        behindSinceMillis = keptUp ? 0 : endMillis;
        if (keptUp) {
            endLsn = end;
            endMillis = clock.millis();
        }
    }

    /** Sums over all tables. */
    long total(char op) {
        return sum(each -> each.of(op).get());
    }

    private long sum(ToLongFunction<TableEvents> count) {
        return tables.values().stream().mapToLong(count).sum();
    }

    /** Tables with their counts of one kind. */
    Map<String, Long> byTable(char op) {
        Map<String, Long> counts = new TreeMap<>();
        tables.forEach((table, events) -> counts.put(table, events.of(op).get()));
        return counts;
    }

    long messages() {
        return messages.get();
    }

    long filteredEvents() {
        return filtered.get();
    }

    long transactions() {
        return transactions.get();
    }

    boolean isConnected() {
        return connected;
    }

    List<String> captured() {
        return captured;
    }

    Waiting waiting() {
        return waiting;
    }

    /** 0 before the first. */
    long lastXid() {
        return lastXid;
    }

    /** 0 before the first. */
    long lastLsn() {
        return lastLsn;
    }

    /** -1 before the first. */
    long millisSinceLastEvent() {
        return lastEventMillis == 0 ? -1 : Math.max(0, clock.millis() - lastEventMillis);
    }

    /** -1 before the first. */
    long millisSinceLastTransaction() {
        return lastCommitMillis == 0 ? -1 : Math.max(0, clock.millis() - lastCommitMillis);
    }

    /** How old the last transaction was when it was read; -1 before the first. */
    long behindMillis() {
        return behindMillis;
    }

    /** The same while transactions come; else how long the server has had what it has not sent yet, 0 if there is no such thing. */
    long lagMillis() {
        long since = behindSinceMillis;
        long silent = since == 0 ? 0 : Math.max(0, clock.millis() - since);
        return isIdle ? silent : Math.max(silent, behindMillis);
    }

    long walBytes() {
        return walBytes;
    }

    long safeBytes() {
        return safeBytes;
    }

    long behindBytes() {
        return behindBytes;
    }
}
