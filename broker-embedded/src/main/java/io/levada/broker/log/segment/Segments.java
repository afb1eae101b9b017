/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The segments of a partition by base offset; never empty once recovered. Changed under the partition's lock, read by anyone. */
public final class Segments {
    private final NavigableMap<Long, Segment> byBaseOffset = new ConcurrentSkipListMap<>();

    public void add(Segment segment) {
        byBaseOffset.put(segment.baseOffset(), segment);
    }

    public void remove(Segment segment) {
        byBaseOffset.remove(segment.baseOffset());
    }

    /** One segment takes the place of several that follow one another, the first of which begins where it does. */
    public void replace(List<Segment> old, Segment fresh) {
        // In this order every offset is found at every moment, in the old segments or in the new one.
        byBaseOffset.put(fresh.baseOffset(), fresh);
        old.stream()
                .filter(segment -> segment.baseOffset() != fresh.baseOffset())
                .forEach(this::remove);
    }

    public boolean holdsAll(List<Segment> asked) {
        return asked.stream().allMatch(segment -> byBaseOffset.get(segment.baseOffset()) == segment);
    }

    public Segment active() {
        return byBaseOffset.lastEntry().getValue();
    }

    public Segment first() {
        return byBaseOffset.firstEntry().getValue();
    }

    /** The segment that holds {@code offset} if any does. */
    @Nullable
    public Segment holding(long offset) {
        var entry = byBaseOffset.floorEntry(offset);
        return entry == null ? null : entry.getValue();
    }

    @Nullable
    public Segment after(Segment segment) {
        var entry = byBaseOffset.higherEntry(segment.baseOffset());
        return entry == null ? null : entry.getValue();
    }

    /** A live view of this segment and those after it. */
    public Collection<Segment> from(Segment first) {
        return byBaseOffset.tailMap(first.baseOffset(), true).values();
    }

    public boolean beginAt(long offset) {
        return byBaseOffset.containsKey(offset);
    }

    /** A live view, oldest first. */
    public Collection<Segment> all() {
        return byBaseOffset.values();
    }

    public boolean isEmpty() {
        return byBaseOffset.isEmpty();
    }

    public long sizeInBytes() {
        return byBaseOffset.values().stream().mapToLong(Segment::sizeInBytes).sum();
    }
}
