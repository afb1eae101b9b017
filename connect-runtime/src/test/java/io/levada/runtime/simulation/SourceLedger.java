/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the records of a source, and what must hold whatever happens. Records of a source partition are numbered
 * from 1; an offset is the number of the last record it stands for.
 */
final class SourceLedger {
    /** The transform drops the records of this number. */
    static final long DROPPED = 5;

    private static final Pattern PARTITION = Pattern.compile("\"p\":\"(\\d+)\"");
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final Pattern LIFE = Pattern.compile("\"life\":(\\d+)");

    private final Trace trace;
    private final boolean exactlyOnce;
    private final long recordsMax;
    private final Map<Integer, Lane> lanes = new TreeMap<>();
    private final Map<TaskId, Life> readers = new HashMap<>();
    private final Map<Integer, Life> lives = new HashMap<>();

    private static final class Lane {
        private final Set<Long> there = new HashSet<>();
        private final Set<Long> acknowledged = new HashSet<>();
        private final Set<Long> mayBeAborted = new HashSet<>();
        private long newest;
        private long stored;
    }

    /** An offset as it is written. */
    record Offset(int partition, long number, int life) {
        static Offset of(byte[] key, byte @Nullable [] value) {
            String text = value == null ? "" : new String(value, UTF_8);
            return new Offset(
                    (int) found(PARTITION, new String(key, UTF_8)), found(NUMBER, text), (int) found(LIFE, text));
        }

        private static long found(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                throw new Violation("an offset that no task gave: " + text);
            }
            return Long.parseLong(matcher.group(1));
        }
    }

    /** A record of the topic. */
    record Produced(int partition, long number, int life) {}

    SourceLedger(Trace trace, boolean exactlyOnce, int partitions, long recordsMax) {
        this.trace = trace;
        this.exactlyOnce = exactlyOnce;
        this.recordsMax = recordsMax;
        for (int partition = 0; partition < partitions; partition++) {
            lanes.put(partition, new Lane());
        }
    }

    private Lane lane(int partition) {
        Lane lane = lanes.get(partition);
        if (lane == null) {
            throw new Violation("no such partition: " + partition);
        }
        return lane;
    }

    void begins(Life life) {
        lives.put(life.number(), life);
    }

    /** A life asks where its partition was left. */
    void read(Life life, int partition, long number) {
        trace.note(life + " goes on in " + partition + " after " + number);
        Life before = readers.get(life.id());
        if (before == null || before.number() < life.number()) {
            readers.put(life.id(), life);
        }
    }

    /** A life may want this record taken back. */
    void mayBeAborted(int partition, long number) {
        lane(partition).mayBeAborted.add(number);
    }

    /** At least once: a record is in the topic. */
    void appended(Produced record) {
        trace.note("topic holds " + record);
        lane(record.partition).there.add(record.number);
    }

    /** At least once: the producer is told so. */
    void acknowledged(Produced record) {
        lane(record.partition).acknowledged.add(record.number);
    }

    /** At least once: offsets are handed to the brokers. */
    void handedOver(Offset offset) {
        trace.note("handed over " + offset);
        Lane lane = lane(offset.partition);
        for (long number = 1; number <= offset.number; number++) {
            long missing = number;
            Violation.unless(
                    number == DROPPED || (lane.acknowledged.contains(number) && lane.there.contains(number)),
                    () -> offset + " is committed, record " + missing + " before it is not acknowledged");
        }
        Life life = life(offset);
        Life reader = readers.get(life.id());
        Violation.unless(
                reader == null || reader.number() <= life.number(),
                () -> life + " commits " + offset + " after " + reader + " has read the offsets");
        life.handed().put(offset.partition, offset.number);
    }

    /** At least once: offsets are stored. */
    void held(Offset offset) {
        lane(offset.partition).stored = offset.number;
        life(offset).held().put(offset.partition, offset.number);
    }

    /** At least once: offsets of a process that has died are stored, perhaps behind those of the next one; both are true. */
    void heldLate(Offset offset) {
        Lane lane = lane(offset.partition);
        lane.stored = Math.max(lane.stored, offset.number);
    }

    private Life life(Offset offset) {
        Life life = lives.get(offset.life);
        if (life == null) {
            throw new Violation("an offset of no life: " + offset);
        }
        return life;
    }

    /** Exactly once: a transaction is committed, with these records and offsets in their order. */
    void committed(List<Produced> records, Collection<Offset> offsets) {
        trace.note("committed " + records + " with " + offsets);
        Set<Integer> touched = new HashSet<>();
        for (Produced record : records) {
            Lane lane = lane(record.partition);
            touched.add(record.partition);
            Violation.unless(
                    record.number > lane.newest,
                    () -> record + " is seen after number " + lane.newest + " of its partition");
            for (long number = lane.newest + 1; number < record.number; number++) {
                long missing = number;
                Violation.unless(
                        number == DROPPED || lane.mayBeAborted.contains(number),
                        () -> record + " is seen, and not number " + missing);
            }
            lane.newest = record.number;
            lane.there.add(record.number);
        }
        for (Offset offset : offsets) {
            Lane lane = lane(offset.partition);
            touched.add(offset.partition);
            Violation.unless(
                    offset.number >= lane.stored, () -> "the offset goes back from " + lane.stored + " to " + offset);
            lane.stored = offset.number;
            for (long number = 1; number <= offset.number; number++) {
                long missing = number;
                Violation.unless(
                        number == DROPPED || lane.there.contains(number) || lane.mayBeAborted.contains(number),
                        () -> offset + " is committed without record " + missing);
            }
        }
        for (int partition : touched) {
            Lane lane = lane(partition);
            Violation.unless(
                    lane.stored >= lane.newest,
                    () -> "record " + lane.newest + " of " + partition + " is seen, the offset is " + lane.stored);
        }
    }

    /** commitRecord() is called. */
    void told(Life life, int partition, long number, boolean arrived) {
        Lane lane = lane(partition);
        Violation.unless(
                arrived ? lane.there.contains(number) : number == DROPPED || lane.mayBeAborted.contains(number),
                () -> life + " is told of record " + number + " of " + partition
                        + (arrived ? ", which is not there" : " as if it were dropped"));
    }

    /** commit() is called. */
    void toldOfCommit(Life life) {
        Violation.unless(
                exactlyOnce || life.held().equals(life.handed()),
                () -> life + " is told of a commit of " + life.handed() + ", stored is " + life.held());
    }

    /** Whether everything is where it should be. */
    boolean isComplete() {
        return missing().isEmpty();
    }

    /** What is not there yet. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        lanes.forEach((partition, lane) -> {
            for (long number = 1; number <= recordsMax; number++) {
                if (number != DROPPED && !lane.there.contains(number) && !lane.mayBeAborted.contains(number)) {
                    missing.add("record " + number + " of " + partition);
                }
            }
            if (lane.stored != recordsMax) {
                missing.add("the offset of " + partition + ", which is " + lane.stored);
            }
        });
        return missing;
    }
}
