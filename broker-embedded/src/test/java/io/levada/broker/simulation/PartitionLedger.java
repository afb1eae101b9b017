/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of one partition: what was sent there, what was acknowledged, what readers saw. Every answer of the broker is held against it at once.
 *
 * <p>Durable is what was acknowledged with acks=all, and what a reader saw: no crash may take it. Held is what was acknowledged with acks=1: a power cut may
 * take it, a killed process not.
 */
final class PartitionLedger {
    private static final List<String> ORDERED = List.of("idempotent", "transactional", "transform", "keyed");
    private final String name;
    private final KnownTopic topic;
    private final SizeLedger sizes;
    private final InstantSource time;
    private final Map<String, Long> sentMs = new HashMap<>();
    private final Set<String> sent = new HashSet<>();
    private final NavigableMap<Long, String> durable = new TreeMap<>();
    private final NavigableMap<Long, String> held = new TreeMap<>();
    private final Map<String, Long> placeOf = new HashMap<>();
    private final Map<String, NavigableMap<Long, Long>> orderOf = new HashMap<>();
    private long logStart;
    private long deletionAsked;
    private long highWatermark;
    private long expiredTo;
    private long toldStart;

    PartitionLedger(String name, KnownTopic topic, InstantSource time) {
        this.name = name;
        this.topic = topic;
        this.sizes = new SizeLedger(name, topic.retentionBytes());
        this.time = time;
    }

    /** Producers whose every value stands once, and in the order in which it was sent. */
    private static boolean isOrdered(Value value) {
        return ORDERED.stream().anyMatch(kind -> value.producer().startsWith(kind));
    }

    void sent(Value value) {
        sent.add(value.text());
        sentMs.put(value.text(), time.millis());
    }

    /** A producer was told that {@code value} is at {@code offset} for good. */
    void acknowledged(long offset, Value value) {
        place(offset, value, "acknowledged");
    }

    /** A producer was told so, but not that it is on disk. */
    void written(long offset, Value value) {
        held.put(offset, value.text());
    }

    /** A reader found {@code value} at {@code offset}. */
    void read(long offset, String text) {
        Violation.unless(
                sent.contains(text), () -> name + "@" + offset + " holds '" + text + "', which nobody sent there");
        String expected = held.get(offset);
        Violation.unless(
                expected == null || expected.equals(text),
                () -> name + "@" + offset + " holds '" + text + "', but acks=1 was given for '" + expected + "'");
        place(offset, Value.parse(text), "read");
    }

    private void place(long offset, Value value, String how) {
        String before = durable.putIfAbsent(offset, value.text());
        Violation.unless(
                before == null || before.equals(value.text()),
                () -> name + "@" + offset + " was '" + before + "' and is now " + how + " as '" + value.text() + "'");
        if (isOrdered(value)) {
            Long place = placeOf.putIfAbsent(value.text(), offset);
            Violation.unless(
                    place == null || place == offset,
                    () -> name + " holds '" + value.text() + "' at " + place + " and, " + how + ", at " + offset);
            inOrder(offset, value, orderOf.computeIfAbsent(value.producer(), id -> new TreeMap<>()));
        }
    }

    private void inOrder(long offset, Value value, NavigableMap<Long, Long> order) {
        var before = order.lowerEntry(offset);
        var after = order.higherEntry(offset);
        Violation.unless(
                (before == null || before.getValue() < value.number())
                        && (after == null || after.getValue() > value.number()),
                () -> name + "@" + offset + " '" + value.text() + "' is out of order: before it " + before
                        + ", after it " + after);
        order.put(offset, value.number());
    }

    /** The records from one offset to another were read, and these were there: no durable one may be missing, but where compaction is. */
    void sawAll(long from, long to, Set<Long> offsets) {
        if (topic.compacted()) {
            return;
        }
        durable.subMap(from, to).forEach((offset, value) -> {
            if (offset >= logStart && !offsets.contains(offset)) {
                throw new Violation(
                        name + "@" + offset + " '" + value + "' is missing for a reader of " + from + ".." + to);
            }
        });
    }

    /** A reader got a batch. */
    void sawBatch(long baseOffset, long nextOffset, int bytes) {
        sizes.saw(baseOffset, nextOffset, bytes);
    }

    /** Whether all that is due has gone: every record where they stay for a time, whole segments where they stay for their size. */
    boolean hasPassed(long toldStart, long toldHighWatermark) {
        OptionalLong retained = sizes.retained(toldStart, toldHighWatermark);
        if (topic.retentionMs() != KnownTopic.FOR_EVER) {
            return toldStart == toldHighWatermark;
        }
        return topic.retentionBytes() == KnownTopic.FOR_EVER
                || (retained.isPresent() && retained.getAsLong() < topic.retentionBytes() + KnownTopic.SEGMENT_BYTES);
    }

    /** Somebody asked for the deletion of what is before {@code offset}. */
    void deletionAsked(long offset) {
        deletionAsked = Math.max(deletionAsked, offset);
    }

    void deleted(long newLogStart) {
        logStart = Math.max(logStart, newLogStart);
    }

    /** The broker told where the partition begins and ends, to someone who asked when it was known that they are at least this far. */
    void bounds(long toldStart, long toldHighWatermark, long toldStable, Bounds atLeast) {
        Violation.unless(
                toldHighWatermark >= atLeast.highWatermark(),
                () -> name + " has the high watermark " + toldHighWatermark + ", it was " + atLeast.highWatermark());
        Violation.unless(
                toldStart >= atLeast.logStart(),
                () -> name + " begins at " + toldStart + ", it began at " + atLeast.logStart());
        Violation.unless(
                mayHaveBegunAfter(toldStart - 1),
                () -> name + " begins at " + toldStart + ", asked for was " + deletionAsked
                        + ", old enough are those before " + expiredTo);
        Violation.unless(
                toldStart >= atLeast.toldStart() || topic.isPassing(),
                () -> name + " begins at " + toldStart + ", readers were told that it begins at "
                        + atLeast.toldStart());
        this.toldStart = Math.max(this.toldStart, toldStart);
        Violation.unless(
                toldStart <= toldHighWatermark && toldStable <= toldHighWatermark,
                () -> name + " begins at " + toldStart + " and is stable to " + toldStable + ", its high watermark is "
                        + toldHighWatermark);
        // A start that was told is no promise to those who asked for a deletion and were not answered.
        highWatermark = Math.max(highWatermark, toldHighWatermark);
    }

    /** How far the partition is known to be. */
    record Bounds(long logStart, long toldStart, long highWatermark) {}

    Bounds bounds() {
        long acknowledged = durable.isEmpty() ? 0 : durable.lastKey() + 1;
        return new Bounds(logStart, toldStart, Math.max(highWatermark, acknowledged));
    }

    boolean mayHaveBegunAfter(long offset) {
        return deletionAsked > offset || hasExpired(offset);
    }

    /** Whether nothing up to {@code offset} is known that has to stay for longer. */
    private boolean hasExpired(long offset) {
        if (topic.retentionBytes() != KnownTopic.FOR_EVER) {
            return true; // What is left is weighed.
        }
        if (topic.retentionMs() == KnownTopic.FOR_EVER) {
            return offset < 0;
        }
        long nowMs = time.millis();
        for (var entry : durable.tailMap(expiredTo).entrySet()) {
            if (sentMs.getOrDefault(entry.getValue(), nowMs) + topic.retentionMs() >= nowMs) {
                return offset < entry.getKey();
            }
            expiredTo = entry.getKey() + 1;
        }
        return true;
    }

    /** What was not on disk may be gone, and something else in its place. */
    void powerWasCut() {
        held.clear();
        // The names of removed segments are not forced: they may be there again.
        toldStart = 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
