/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** What is known of the records that a sink was given, and what must hold whatever happens. */
final class SinkLedger {
    private final Trace trace;
    private final Map<Integer, Set<Long>> taken = new TreeMap<>();
    private final Map<Integer, Long> committed = new TreeMap<>();
    private final Map<Integer, Told> lives = new HashMap<>();

    /** What a life has opened, what it agreed to since, and what it asks of its context. */
    private static final class Told {
        private final Map<Integer, Set<Long>> open = new HashMap<>();
        /** Where it wants to go on, until it does. */
        private final Map<Integer, Long> asked = new HashMap<>();

        private final Set<Integer> paused = new HashSet<>();
        private long timeoutMs = -1;
        private boolean wantsCommit;
        /** Closed, and committed after that as Kafka Connect does. */
        private final Map<Integer, Set<Long>> closed = new HashMap<>();

        private void closing(int partition) {
            Set<Long> agreed = open.remove(partition);
            wantsCommit &= !open.isEmpty();
            asked.remove(partition);
            paused.remove(partition);
            if (agreed != null) {
                closed.put(partition, agreed);
            }
        }

        private Set<Long> agreed(int partition) {
            Set<Long> agreed = open.get(partition);
            return agreed == null ? closed.getOrDefault(partition, Set.of()) : agreed;
        }
    }

    SinkLedger(Trace trace) {
        this.trace = trace;
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            taken.put(partition, new HashSet<>());
            committed.put(partition, 0L);
        }
    }

    private Told told(Life life) {
        return lives.computeIfAbsent(life.number(), first -> new Told());
    }

    private Set<Long> taken(int partition) {
        return taken.getOrDefault(partition, Set.of());
    }

    void opened(Life life, Collection<TopicPartition> partitions) {
        trace.note(life + " opens " + numbers(partitions));
        partitions.forEach(partition -> told(life).open.put(partition.partition(), new HashSet<>()));
    }

    void closed(Life life, Collection<TopicPartition> partitions) {
        trace.note(life + " closes " + numbers(partitions));
        partitions.forEach(partition -> told(life).closing(partition.partition()));
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }

    /** put() is called. */
    void given(Life life, Collection<SinkRecord> records) {
        Told told = told(life);
        Violation.unless(
                !told.wantsCommit || life.isGivenUp(),
                () -> life + " is called again without the commit that it asked for");
        for (SinkRecord record : records) {
            int partition = record.originalKafkaPartition();
            Violation.unless(
                    told.open.containsKey(partition),
                    () -> life + " is given a record of " + partition + ", which is not open");
            Violation.unless(
                    !told.paused.contains(partition),
                    () -> life + " is given a record of " + partition + ", which it has paused");
            Long asked = told.asked.remove(partition);
            Violation.unless(
                    asked == null || asked == record.originalKafkaOffset(),
                    () -> life + " is given " + record.originalKafkaOffset() + " of " + partition + ", it asked for "
                            + asked);
        }
    }

    /** offset() is called in a put that accepts all it is given. */
    void asksFor(Life life, int partition, long offset) {
        trace.note(life + " asks for " + offset + " of " + partition);
        told(life).asked.put(partition, offset);
    }

    /** pause() is called in a put that accepts all it is given. */
    void pauses(Life life, Collection<TopicPartition> partitions) {
        trace.note(life + " pauses " + numbers(partitions));
        partitions.forEach(partition -> told(life).paused.add(partition.partition()));
    }

    /** resume() is called for all that is paused. */
    void resumes(Life life) {
        told(life).paused.clear();
    }

    /** timeout() is called. */
    void asksToWait(Life life, long ms) {
        told(life).timeoutMs = ms;
    }

    /** The consumer waits so long for records. */
    void waits(Life life, long ms) {
        long asked = told(life).timeoutMs;
        Violation.unless(asked < 0 || ms <= asked, () -> life + " is to wait for " + ms + " ms, it asked for " + asked);
    }

    /** The consumer has waited, and was not told to come out before. */
    void waited(Life life) {
        told(life).timeoutMs = -1;
    }

    /** requestCommit() is called. Without partitions there is nothing to commit. */
    void asksForCommit(Life life) {
        Told told = told(life);
        told.wantsCommit = !told.open.isEmpty();
    }

    /** preCommit() is called. */
    void asked(Life life) {
        told(life).wantsCommit = false;
    }

    /** put() has come back. */
    void taken(Life life, Collection<SinkRecord> records) {
        for (SinkRecord record : records) {
            int partition = record.originalKafkaPartition();
            long number = record.originalKafkaOffset();
            for (long before = 0; before < number; before++) {
                long missing = before;
                Violation.unless(
                        taken(partition).contains(before),
                        () -> life + " is given " + number + " of " + partition + " before " + missing);
            }
            taken(partition).add(number);
        }
        if (!records.isEmpty()) {
            trace.note(life + " takes " + records.size());
        }
    }

    /** preCommit() has agreed. */
    void agreed(Life life, Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            Set<Long> open = told(life).open.get(partition.partition());
            if (open != null) {
                open.add(offset.offset());
            }
        });
    }

    /** A commit begins. */
    void commits(Life life, Map<Integer, Long> offsets) {
        trace.note(life + " commits " + offsets);
        Violation.unless(!life.isGivenUp(), () -> life + " commits after it was given up");
        offsets.forEach((partition, offset) -> {
            Set<Long> agreed = told(life).agreed(partition);
            Violation.unless(
                    agreed.contains(offset),
                    () -> life + " commits " + offset + " of " + partition + ", it agreed to " + agreed);
            for (long number = 0; number < offset; number++) {
                long missing = number;
                Violation.unless(
                        taken(partition).contains(number),
                        () -> life + " commits " + offset + " of " + partition + ", nobody took " + missing);
            }
        });
    }

    /** The group has it. */
    void committed(Map<Integer, Long> offsets) {
        trace.note("committed " + offsets);
        committed.putAll(offsets);
    }

    long committed(int partition) {
        return committed.getOrDefault(partition, 0L);
    }

    /** What should be there in the end, and is not. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        taken.forEach((partition, numbers) -> {
            for (long number = 0; number < World.RECORDS; number++) {
                if (!numbers.contains(number)) {
                    missing.add("record " + number + " of " + partition);
                }
            }
            if (committed(partition) != World.RECORDS) {
                missing.add("the offset of " + partition + ", which is " + committed(partition));
            }
        });
        return missing;
    }
}
