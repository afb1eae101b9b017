/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a task has come with reading whole tables: in mode bulk, and when a table is read for the first time. A line in the log says so
 * now and then. Written by the task's thread, read by any: seldom enough for a lock.
 */
public final class ReadProgress {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReadProgress.class);
    private static final long LINE_NANOS = Duration.ofSeconds(30).toNanos();

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final List<Part> parts = new ArrayList<>();
    private long lineNanos;

    public ReadProgress(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lineNanos = nanoTime.getAsLong();
    }

    /** What becomes of a part. */
    private enum State {
        /** It will be read, or nothing of it needs to be, which only the database can tell. */
        PENDING,
        RUNNING,
        DONE
    }

    /**
     * What is shown of a part.
     *
     * @param table its name with its schema; {@code query} for the query
     * @param range such as 1/4; {@code all} if the table is read whole
     * @param rows read in this reading, by earlier tasks, too
     * @param estimated about how many there are; -1 if the database does not tell
     * @param startedAt when this task began to read them
     */
    public record Shown(String table, String range, boolean running, long rows, long estimated, Instant startedAt) {}

    /** A table, or a range of one, that is to be read whole. */
    final class Part {
        private final String table;
        private final String range;
        private State state = State.PENDING;
        private Instant startedAt = Instant.EPOCH;
        private long startedNanos;
        private long before;
        private long rows;
        private long estimated = -1;

        private Part(String table, String range) {
            this.table = table;
            this.range = range;
        }

        /**
         * Its rows are read from now on.
         *
         * @param all about how many there are
         * @param done how many of them an earlier task has read
         */
        void begin(OptionalLong all, long done) {
            synchronized (ReadProgress.this) {
                if (!parts.contains(this)) {
                    parts.add(this);
                }
                state = State.RUNNING;
                startedAt = clock.instant();
                startedNanos = nanoTime.getAsLong();
                before = done;
                rows = done;
                estimated = all.orElse(-1);
            }
        }

        /** So many more were handed over. */
        void read(int more) {
            synchronized (ReadProgress.this) {
                rows += more;
                tell();
            }
        }

        /** There are no more. */
        void end() {
            synchronized (ReadProgress.this) {
                state = State.DONE;
            }
        }

        /** It is not read whole, but followed, if it has not begun. */
        void leaveOut() {
            synchronized (ReadProgress.this) {
                parts.removeIf(part -> part == this && state == State.PENDING);
            }
        }

        private boolean isRunning() {
            return state == State.RUNNING;
        }

        private boolean isUnknown() {
            return isRunning() && estimated < 0;
        }

        private long all() {
            return isRunning() ? Math.max(rows, estimated) : rows;
        }

        private void tell() {
            long now = nanoTime.getAsLong();
            if (now - lineNanos >= LINE_NANOS) {
                lineNanos = now;
                LOGGER.atInfo()
                        .addKeyValue("table", table)
                        .addKeyValue("range", range)
                        .addKeyValue("rows", rows)
                        .addKeyValue("rowsEstimated", estimated)
                        .addKeyValue("secondsLeft", secondsLeft())
                        .log("reading rows");
            }
        }
    }

    /** A part that will be read, unless the database tells that nothing of it needs to be. */
    Part part(Relation relation, String range) {
        Part part = possible(relation, range);
        synchronized (this) {
            parts.add(part);
        }
        return part;
    }

    /** A part that is shown only once it is read. */
    Part possible(Relation relation, String range) {
        return new Part(relation.table() == null ? "query" : relation.table().qualified(), range);
    }

    /** Those that have begun at some time. */
    public synchronized List<Shown> shown() {
        return parts.stream()
                .filter(part -> part.state != State.PENDING)
                .map(part ->
                        new Shown(part.table, part.range, part.isRunning(), part.rows, part.estimated, part.startedAt))
                .toList();
    }

    /** True while there are rows to be read of those that are read whole. */
    public synchronized boolean isRunning() {
        return parts.stream().anyMatch(Part::isRunning);
    }

    /** Tables that are read whole, or were. */
    public synchronized int tables() {
        return (int) parts.stream().map(part -> part.table).distinct().count();
    }

    /** Of these, those that are not done. */
    public synchronized int remainingTables() {
        return (int) parts.stream()
                .filter(part -> part.state != State.DONE)
                .map(part -> part.table)
                .distinct()
                .count();
    }

    /** Rows read of all, from 0 to 1, 1 where there is nothing to be read; -1 while that is unknown. */
    public synchronized double part() {
        if (parts.stream().anyMatch(Part::isUnknown)) {
            return -1;
        }
        double all = all();
        return all == 0 ? (remainingTables() == 0 ? 1 : 0) : rows() / all;
    }

    /** How long it will still take, as far as what was done tells; -1 while that is unknown, 0 at the end. */
    public synchronized long secondsLeft() {
        if (remainingTables() == 0) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long done = 0;
        double seconds = 0;
        for (Part part : parts) {
            if (part.isUnknown()) {
                return -1;
            }
            if (part.isRunning()) {
                done += part.rows - part.before;
                seconds = Math.max(seconds, (now - part.startedNanos) / 1e9);
            }
        }
        return done == 0 ? -1 : Math.round(seconds * (all() - rows()) / done);
    }

    private long rows() {
        return parts.stream().mapToLong(part -> part.rows).sum();
    }

    /** Parts that have not begun are taken to be like the others. */
    private double all() {
        long begun = parts.stream().filter(part -> part.state != State.PENDING).count();
        long all = parts.stream().mapToLong(Part::all).sum();
        return begun == 0 ? 0 : (double) all * parts.size() / begun;
    }
}
