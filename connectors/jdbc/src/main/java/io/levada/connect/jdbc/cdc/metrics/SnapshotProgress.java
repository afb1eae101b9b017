/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a snapshot has come, in chunks of some megabytes; a line in the log says so now and then. Written by the capturing thread,
 * read by any: seldom enough for a lock.
 */
public final class SnapshotProgress {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotProgress.class);
    private static final long LINE_NANOS = Duration.ofSeconds(30).toNanos();

    /** What became of it. */
    enum State {
        NONE,
        RUNNING,
        COMPLETED,
        ABORTED
    }

    private final Map<String, Long> chunks = new LinkedHashMap<>();
    private final Map<String, Long> done = new LinkedHashMap<>();
    private State state = State.NONE;
    private int tables;
    private long startedNanos;
    private long endedNanos;
    private long lineNanos;

    /** It begins with so many tables. */
    public synchronized void begin(int ofTables) {
        chunks.clear();
        done.clear();
        tables = ofTables;
        state = State.RUNNING;
        startedNanos = System.nanoTime();
        lineNanos = startedNanos;
    }

    /** It consists of these too, each given by the name of its table. */
    public synchronized void planned(Collection<String> tablesOfChunks) {
        tablesOfChunks.forEach(table -> chunks.merge(table, 1L, Long::sum));
        chunks.keySet().forEach(table -> done.putIfAbsent(table, 0L));
    }

    /** All rows of a chunk have been told. */
    public synchronized void chunkDone(String table) {
        done.merge(table, 1L, Long::sum);
        long now = System.nanoTime();
        if (now - lineNanos >= LINE_NANOS) {
            lineNanos = now;
            LOGGER.atInfo()
                    .addKeyValue("tables", tables)
                    .addKeyValue("remainingTables", remainingTables())
                    .addKeyValue("chunks", sum(chunks))
                    .addKeyValue("chunksDone", sum(done))
                    .addKeyValue("secondsLeft", secondsLeft())
                    .log("reading rows");
        }
    }

    /** It has ended. */
    public synchronized void end(boolean completed) {
        state = completed ? State.COMPLETED : State.ABORTED;
        endedNanos = System.nanoTime();
    }

    synchronized State state() {
        return state;
    }

    synchronized int tables() {
        return tables;
    }

    /** Tables that are not done. */
    synchronized int remainingTables() {
        if (state == State.COMPLETED) {
            return 0;
        }
        if (chunks.isEmpty()) {
            return tables;
        }
        return (int) chunks.entrySet().stream()
                .filter(each -> done.getOrDefault(each.getKey(), 0L) < each.getValue())
                .count();
    }

    synchronized Map<String, Long> chunks() {
        return Map.copyOf(chunks);
    }

    synchronized Map<String, Long> chunksDone() {
        return Map.copyOf(done);
    }

    /** Chunks done of all, from 0 to 1; 1 where there is nothing to be read. */
    synchronized double part() {
        long all = sum(chunks);
        if (all == 0) {
            return state == State.RUNNING ? 0 : 1;
        }
        return (double) sum(done) / all;
    }

    /** How long it has run, or ran. */
    synchronized long seconds() {
        if (state == State.NONE) {
            return 0;
        }
        long end = state == State.RUNNING ? System.nanoTime() : endedNanos;
        return Duration.ofNanos(end - startedNanos).toSeconds();
    }

    /** How long it will still run, as far as what was done tells; -1 while that is unknown, 0 at the end. */
    synchronized long secondsLeft() {
        if (state != State.RUNNING) {
            return 0;
        }
        double part = part();
        return part == 0 ? -1 : Math.round((System.nanoTime() - startedNanos) / 1e9 * (1 - part) / part);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
