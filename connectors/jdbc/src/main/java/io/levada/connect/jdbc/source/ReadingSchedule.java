/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Whose turn it is: each reader is due one interval after its last look began; one that is in the middle of its rows goes on first.
 * Owned by the task's thread.
 */
public final class ReadingSchedule {

    /** How soon to ask again whether transactions that hold rows back have ended. */
    private static final Duration HELD_BACK_INTERVAL = Duration.ofMillis(200);

    private final PriorityQueue<Turn> turns;
    private final Duration interval;
    private final LongSupplier nanoTime;

    public ReadingSchedule(List<RelationReader> readers, Duration interval, LongSupplier nanoTime) {
        long now = nanoTime.getAsLong();
        this.turns = new PriorityQueue<>(Comparator.comparingLong(turn -> turn.dueNanos() - now));
        this.interval = interval;
        this.nanoTime = nanoTime;
        readers.forEach(reader -> turns.add(new Turn(reader, now)));
    }

    private record Turn(RelationReader reader, long dueNanos) {}

    /** How long until a reader is due: zero or less if one is; a long time without readers. */
    public Duration untilDue() {
        Turn next = turns.peek();
        return next == null ? Duration.ofDays(1) : Duration.ofNanos(next.dueNanos() - nanoTime.getAsLong());
    }

    /**
     * Lets the reader that is due read, and plans its next turn.
     *
     * @return its records, maybe none
     * @throws SQLException if that fails; its turn then comes again at once
     */
    public List<SourceRecord> readNext() throws SQLException {
        Turn turn = turns.peek();
        if (turn == null) {
            return List.of();
        }
        long began = nanoTime.getAsLong();
        RelationReader.Outcome outcome = turn.reader().read();
        turns.remove(turn);
        turns.add(new Turn(turn.reader(), next(turn, outcome, began)));
        return turn.reader().records();
    }

    /** Ends reads that are under way. */
    public void close() throws SQLException {
        for (Turn turn : turns) {
            turn.reader().close();
        }
    }

    private long next(Turn turn, RelationReader.Outcome outcome, long began) {
        return switch (outcome) {
            case MORE -> turn.dueNanos();
            case DONE -> began + interval.toNanos();
            case HELD_BACK -> began + Math.min(interval.toNanos(), HELD_BACK_INTERVAL.toNanos());
        };
    }
}
