/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a source task on their way, in order, by source partition. An offset may be committed once its record
 * and all before it in its partition are acknowledged; a slow partition holds up no other (KAFKA-12226).
 *
 * <p>Guarded: the task's thread adds, the producer's acknowledges, the flushing one takes. Bounded, so that a cluster
 * that acknowledges nothing holds the task up instead of filling the memory.
 */
final class InFlight {
    private final int recordsMax;
    private final Map<@Nullable Map<String, ?>, Deque<Entry>> partitions = new HashMap<>();
    private int records;

    InFlight(int recordsMax) {
        this.recordsMax = recordsMax;
    }

    /** One record on its way. */
    final class Entry {
        private final @Nullable Map<String, ?> offset;
        private boolean acknowledged;

        private Entry(@Nullable Map<String, ?> offset) {
            this.offset = offset;
        }

        /** The record is where it should be, or was dropped on purpose. Twice does nothing. */
        void acknowledge() {
            synchronized (InFlight.this) {
                if (!acknowledged) {
                    acknowledged = true;
                    records--;
                    InFlight.this.notifyAll();
                }
            }
        }
    }

    /** Adds a record behind the others of its partition. */
    synchronized Entry add(@Nullable Map<String, ?> partition, @Nullable Map<String, ?> offset) {
        Entry entry = new Entry(offset);
        partitions.computeIfAbsent(partition, first -> new ArrayDeque<>()).addLast(entry);
        records++;
        return entry;
    }

    /** Takes a record back that could not be handed over; it is the last of its partition. */
    synchronized void withdraw(@Nullable Map<String, ?> partition, Entry entry) {
        Deque<Entry> entries = partitions.get(partition);
        if (entries != null && entries.removeLastOccurrence(entry)) {
            entry.acknowledge();
        }
    }

    /** Takes out the newest offset that may be committed of each partition, and all before it. */
    synchronized Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> takeCommittable() {
        Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> committable = new LinkedHashMap<>();
        for (var open = partitions.entrySet().iterator(); open.hasNext(); ) {
            Map.Entry<@Nullable Map<String, ?>, Deque<Entry>> partition = open.next();
            for (Iterator<Entry> entries = partition.getValue().iterator(); entries.hasNext(); ) {
                Entry entry = entries.next();
                if (!entry.acknowledged) {
                    break;
                }
                committable.put(partition.getKey(), entry.offset);
                entries.remove();
            }
            if (partition.getValue().isEmpty()) {
                open.remove();
            }
        }
        return committable;
    }

    /** Whether one more record would be too many. */
    synchronized boolean full() {
        return records >= recordsMax;
    }

    /** Waits until there is room again, or for {@code time}. */
    synchronized void awaitRoom(Duration time) throws InterruptedException {
        await(recordsMax - 1, time);
    }

    /** Waits until everything is acknowledged, or for {@code time}; true if it is. */
    synchronized boolean awaitEmpty(Duration time) throws InterruptedException {
        await(0, time);
        return records == 0;
    }

    private void await(int recordsLeft, Duration time) throws InterruptedException {
        long endNanos = System.nanoTime() + time.toNanos();
        while (records > recordsLeft) {
            long leftMs = (endNanos - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return;
            }
            wait(leftMs);
        }
    }
}
