/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose turn it is: each reader is due one interval after its last look began; one that is in the middle of its rows goes on first.
 * Owned by the task's thread.
 */
public final class ReadingSchedule {

    /** How soon to ask again whether transactions that hold rows back have ended. */
    private static final Duration HELD_BACK_INTERVAL = Duration.ofMillis(200);

    private static final Logger LOGGER = LoggerFactory.getLogger(ReadingSchedule.class);

    private final PriorityQueue<Turn> turns;
    private final Set<TableReader> gone = new HashSet<>();
    private final Dialect dialect;
    private final Duration interval;
    private final LongSupplier nanoTime;

    public ReadingSchedule(List<TableReader> readers, Dialect dialect, Duration interval, LongSupplier nanoTime) {
        this.dialect = dialect;
        long now = nanoTime.getAsLong();
        this.turns = new PriorityQueue<>(
                Comparator.comparing(Turn::begun).reversed().thenComparingLong(turn -> turn.dueNanos() - now));
        this.interval = interval;
        this.nanoTime = nanoTime;
        readers.forEach(reader -> turns.add(new Turn(reader, now, false)));
    }

    /** {@code begun}: it is in the middle of its rows, and holds the connection that the others wait for. */
    private record Turn(TableReader reader, long dueNanos, boolean begun) {}

    /** How long until a reader is due: zero or less if one is; a long time without readers. */
    public Duration untilDue() {
        Turn next = turns.peek();
        return next == null ? Duration.ofDays(1) : Duration.ofNanos(next.dueNanos() - nanoTime.getAsLong());
    }

    /**
     * Lets the reader that is due read, and plans its next turn.
     *
     * @return its records, maybe none
     * @throws SQLException if that fails; its turn then comes again at once. That a table is not there any more, or may not be
     *     read, is such a failure only if no other is left to read: the connector will notice what is gone, too, and plan anew
     */
    public List<SourceRecord> readNext() throws SQLException {
        Turn turn = turns.peek();
        if (turn == null) {
            return List.of();
        }
        long began = nanoTime.getAsLong();
        TableReader.Outcome outcome = read(turn.reader());
        turns.remove(turn);
        turns.add(new Turn(turn.reader(), next(turn, outcome, began), outcome == TableReader.Outcome.MORE));
        return turn.reader().records();
    }

    private TableReader.Outcome read(TableReader reader) throws SQLException {
        try {
            TableReader.Outcome outcome = reader.read();
            gone.remove(reader);
            return outcome;
        } catch (SQLException e) {
            boolean out = dialect.isMissingTable(e) || dialect.isForbidden(e);
            if (!out || (!gone.contains(reader) && gone.size() >= turns.size() - 1)) {
                throw e;
            }
            if (gone.add(reader)) {
                LOGGER.atWarn()
                        .addKeyValue("relation", reader)
                        .addKeyValue("error", e.getMessage())
                        .log("is not there, or not to be read, any more; the others are read");
            }
            return TableReader.Outcome.DONE;
        }
    }

    /** True if a restart would repeat nothing that was handed out: one reader at most is in the middle of its rows. */
    public boolean isWhole() {
        return turns.stream().allMatch(turn -> turn.reader().isWhole());
    }

    /** True if reads that are broken off now repeat no record when they go on. */
    public boolean mayRest() {
        return turns.stream().allMatch(turn -> turn.reader().mayRest());
    }

    /** True while a read keeps a transaction open. */
    public boolean isReading() {
        return turns.stream().anyMatch(turn -> turn.reader().isReading());
    }

    /** Ends the transactions of reads that are under way; they go on later. */
    public void rest() throws SQLException {
        for (Turn turn : turns) {
            if (turn.reader().isReading()) {
                turn.reader().rest();
            }
        }
    }

    private long next(Turn turn, TableReader.Outcome outcome, long began) {
        return switch (outcome) {
            case MORE -> turn.dueNanos();
            case DONE -> began + interval.toNanos();
            case HELD_BACK -> began + Math.min(interval.toNanos(), HELD_BACK_INTERVAL.toNanos());
        };
    }
}
