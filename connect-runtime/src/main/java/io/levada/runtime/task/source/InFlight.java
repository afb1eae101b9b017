/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of a source task on their way, in order, by source partition. An offset may be committed once its record
 * and all before it in its partition are acknowledged; a slow partition holds up no other (KAFKA-12226).
 *
 * <p>Of what is acknowledged only the newest such offset of each partition is kept, so that memory goes with the
 * partitions and with what is on its way, never with the time between two commits.
 *
 * <p>Guarded: the task's thread adds, the producer's acknowledges, the flushing one takes. Bounded, so that a cluster
 * that acknowledges nothing holds the task up instead of filling the memory.
 */
final class InFlight {
    private static final int NOBODY_WAITS = -1;

    private final int recordsMax;
    private final TaskThreads threads;
    private final Map<@Nullable Map<String, ?>, Lane> lanes = new LinkedHashMap<>();
    /** Where the record before went: most sources give the same partition object again, which saves its hash. */
    private @Nullable Lane last;

    private int records;
    private int waiting;
    /** Whoever waits is woken when no more records than this are on their way. */
    private int wakeAt = NOBODY_WAITS;

    private boolean cancelled;

    /** @param recordsMax from how many on nothing more should be added */
    InFlight(int recordsMax, TaskThreads threads) {
        this.recordsMax = recordsMax;
        this.threads = threads;
    }

    /** A source partition: what is on its way, and the offset that may be committed. */
    private static final class Lane {
        private final @Nullable Map<String, ?> partition;
        private @Nullable Entry head;
        private @Nullable Entry tail;
        private @Nullable Map<String, ?> committable;
        private boolean hasCommittable;

        private Lane(@Nullable Map<String, ?> partition) {
            this.partition = partition;
        }

        private void append(Entry entry) {
            Entry before = tail;
            if (before == null) {
                head = entry;
            } else {
                before.next = entry;
            }
            tail = entry;
        }

        private void fold() {
            Entry first = head;
            while (first != null && first.acknowledged) {
                committable = first.offset;
                hasCommittable = true;
                head = first.next;
                first.next = null; // An old entry must not keep the younger ones alive.
                first = head;
            }
            if (first == null) {
                tail = null;
            }
        }
    }

    /** One record on its way. */
    final class Entry {
        private final Lane lane;
        private final @Nullable Map<String, ?> offset;
        private @Nullable Entry next;
        private boolean over;
        private boolean acknowledged;

        private Entry(Lane lane, @Nullable Map<String, ?> offset) {
            this.lane = lane;
            this.offset = offset;
        }

        /** The record is where it should be, or was dropped on purpose. Twice does nothing. */
        void acknowledge() {
            synchronized (InFlight.this) {
                if (!over) {
                    over = true;
                    acknowledged = true;
                    if (lane.head == this) {
                        lane.fold();
                    }
                    left();
                }
            }
        }

        /** The record will not arrive: neither its offset nor any behind it in its partition may be committed. */
        void giveUp() {
            synchronized (InFlight.this) {
                if (!over) {
                    over = true;
                    left();
                }
            }
        }
    }

    /** Adds records in their order, each behind the others of its partition; what comes back is in that order, too. */
    synchronized List<Entry> add(List<SourceRecord> polled) {
        List<Entry> entries = new ArrayList<>(polled.size());
        for (SourceRecord record : polled) {
            Lane lane = lane(record.sourcePartition());
            Entry entry = new Entry(lane, record.sourceOffset());
            lane.append(entry);
            entries.add(entry);
        }
        records += entries.size();
        return entries;
    }

    private Lane lane(@Nullable Map<String, ?> partition) {
        Lane lane = last;
        if (lane == null || lane.partition != partition) {
            lane = lanes.computeIfAbsent(partition, Lane::new);
            last = lane;
        }
        return lane;
    }

    /** Takes out the newest offset that may be committed of each partition. */
    synchronized Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> takeCommittable() {
        Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> committable = new LinkedHashMap<>();
        for (Iterator<Lane> open = lanes.values().iterator(); open.hasNext(); ) {
            Lane lane = open.next();
            if (lane.hasCommittable) {
                committable.put(lane.partition, lane.committable);
                lane.committable = null;
                lane.hasCommittable = false;
            }
            if (lane.head == null) {
                open.remove();
            }
        }
        last = null;
        return committable;
    }

    /** Waits until there is room again, or for {@code time}; true if there is. */
    synchronized boolean awaitRoom(Duration time) throws InterruptedException {
        return await(recordsMax - 1, time);
    }

    /** Waits until nothing is on its way, or for {@code time}; true if nothing is. */
    synchronized boolean awaitEmpty(Duration time) throws InterruptedException {
        return await(0, time);
    }

    /** Ends all waiting, for good. */
    synchronized void cancel() {
        cancelled = true;
        threads.wake(this);
    }

    private boolean await(int recordsLeft, Duration time) throws InterruptedException {
        if (records > recordsLeft) {
            long endNanos = threads.nanoTime() + time.toNanos();
            waiting++;
            wakeAt = Math.max(wakeAt, recordsLeft);
            try {
                long leftMs = time.toMillis();
                while (records > recordsLeft && !cancelled && leftMs > 0) {
                    threads.await(this, leftMs);
                    leftMs = (endNanos - threads.nanoTime()) / 1_000_000;
                }
            } finally {
                waiting--;
                wakeAt = waiting == 0 ? NOBODY_WAITS : wakeAt;
            }
        }
        return records <= recordsLeft;
    }

    private void left() {
        records--;
        if (records <= wakeAt) {
            threads.wake(this);
        }
    }
}
