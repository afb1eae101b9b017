/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** The only clock and the only queue of a simulation: what is to happen, by time. Nothing waits: the clock jumps to the next event. */
final class VirtualTime implements InstantSource {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long number;

    private record Event(long atNanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** What is put down for the same time happens in the order in which it was put down. */
    void after(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, delayNanos), number++, action));
    }

    /** Lets the next event happen; false when there is none. */
    boolean next() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nowNanos = event.atNanos;
        event.action.run();
        return true;
    }

    /** How many events there were or are. */
    long count() {
        return number;
    }

    long nanos() {
        return nowNanos;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nowNanos);
    }

    @Override
    public String toString() {
        return TimeUnit.NANOSECONDS.toMicros(nowNanos) + " us";
    }
}
