/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import io.levada.broker.log.segment.LogPosition;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that hold back a partition's last stable offset: those without a marker, and those whose marker is not below the high watermark yet.
 * Changed under the partition's lock and by whoever moves the high watermark, so it has a lock of its own; {@link #stable} takes none.
 */
public final class OpenTransactions {
    private final NavigableMap<Long, LogPosition> open = new TreeMap<>();
    private final NavigableMap<Long, Ended> ended = new TreeMap<>();
    private volatile @Nullable LogPosition first;

    private record Ended(LogPosition start, long markerOffset) {}

    /** A transaction whose first batch is at {@code start}; to be called before the high watermark can pass it. */
    synchronized void begin(LogPosition start) {
        open.put(start.offset(), start);
        publish();
    }

    /**
     * Its marker is at {@code markerOffset}.
     *
     * @return the last stable offset once the marker is below the high watermark
     */
    synchronized long end(long firstOffset, long markerOffset) {
        LogPosition start = open.remove(firstOffset);
        if (start != null) {
            ended.put(firstOffset, new Ended(start, markerOffset));
        }
        publish();
        return open.isEmpty() ? markerOffset + 1 : open.firstKey();
    }

    /** The high watermark is about to move here: transactions with their marker below hold nothing back any more. */
    public void advance(long highWatermark) {
        if (first == null) {
            return;
        }
        synchronized (this) {
            ended.values().removeIf(transaction -> transaction.markerOffset < highWatermark);
            publish();
        }
    }

    private void publish() {
        Map.Entry<Long, LogPosition> oldestOpen = open.firstEntry();
        Map.Entry<Long, Ended> oldestEnded = ended.firstEntry();
        if (oldestEnded == null) {
            first = oldestOpen == null ? null : oldestOpen.getValue();
        } else if (oldestOpen == null || oldestEnded.getKey() < oldestOpen.getKey()) {
            first = oldestEnded.getValue().start;
        } else {
            first = oldestOpen.getValue();
        }
    }

    /**
     * Where readers of committed records stop.
     *
     * @param highWatermark read before this call: a transaction that begins meanwhile begins above it
     */
    public LogPosition stable(LogPosition highWatermark) {
        LogPosition oldest = first;
        return oldest != null && oldest.offset() < highWatermark.offset() ? oldest : highWatermark;
    }
}
