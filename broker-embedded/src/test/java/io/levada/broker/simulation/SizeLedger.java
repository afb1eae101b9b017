/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How many bytes the batches of a partition take, as readers got them. What a reader saw stays as it is, so that each needs to be seen once. */
final class SizeLedger {
    /** Two producers with five batches of four records under way, each of which may come twice: what a crash can take after the broker has counted it. */
    private static final long UNANSWERED_BYTES_MAX = 2 * 2 * 5 * 170;

    private final String name;
    private final long retentionBytes;
    private final NavigableMap<Long, Seen> batches = new TreeMap<>();

    private record Seen(long next, int bytes) {}

    SizeLedger(String name, long retentionBytes) {
        this.name = name;
        this.retentionBytes = retentionBytes;
    }

    void saw(long baseOffset, long nextOffset, int bytes) {
        batches.put(baseOffset, new Seen(nextOffset, bytes));
    }

    /** The bytes of what is there, if readers got all of it; a partition of which something is gone must keep its size. */
    OptionalLong retained(long logStart, long highWatermark) {
        batches.headMap(logStart).clear();
        long next = logStart;
        long bytes = 0;
        for (Map.Entry<Long, Seen> batch : batches.entrySet()) {
            if (batch.getKey() != next) {
                return OptionalLong.empty();
            }
            bytes += batch.getValue().bytes();
            next = batch.getValue().next();
        }
        if (next < highWatermark) {
            return OptionalLong.empty();
        }
        long kept = bytes;
        Violation.unless(
                logStart == 0 || retentionBytes == KnownTopic.FOR_EVER || kept >= retentionBytes - UNANSWERED_BYTES_MAX,
                () -> name + " begins at " + logStart + " and has " + kept + " bytes, it keeps " + retentionBytes);
        return OptionalLong.of(kept);
    }
}
