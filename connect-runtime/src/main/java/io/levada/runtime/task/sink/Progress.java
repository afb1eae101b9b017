/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.metrics.SinkMeter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a sink task has come in each partition it owns: read, put, committed. Offsets are those of the next record.
 * State of a partition that is taken away is dropped at once, so that nothing late is committed for it (KAFKA-5731).
 */
final class Progress {
    private final Map<TopicPartition, Place> places = new HashMap<>();
    private long asked;

    private static final class Place {
        private long read;
        private long delivered;
        private long committed;
        /** Where a task goes on that does not agree: what it asked for or agreed to last. */
        private long back;
        /** The number of that wish. */
        private long asked;

        private Place(long position) {
            jump(position);
            committed = position;
            back = position;
        }

        private void jump(long position) {
            read = position;
            delivered = position;
        }
    }

    void assigned(TopicPartition partition, long position) {
        places.put(partition, new Place(position));
    }

    void removed(Collection<TopicPartition> partitions) {
        places.keySet().removeAll(partitions);
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(places.keySet());
    }

    void read(TopicPartition partition, long next) {
        Place place = places.get(partition);
        if (place != null) {
            place.read = next;
        }
    }

    /** Everything read so far is put, or dropped on purpose. */
    void allDelivered() {
        places.values().forEach(place -> place.delivered = place.read);
    }

    /** Goes on from elsewhere, because the task asked for it. */
    void ask(TopicPartition partition, long position) {
        Place place = places.get(partition);
        if (place != null) {
            place.jump(position);
            place.back = position;
            place.asked = ++asked;
        }
    }

    /** How often tasks have asked to go on from elsewhere so far. */
    long asked() {
        return asked;
    }

    /**
     * Goes back everywhere to what the task asked for or agreed to last.
     *
     * @return where that is
     */
    Map<TopicPartition, Long> goBack() {
        Map<TopicPartition, Long> back = new HashMap<>();
        places.forEach((partition, place) -> {
            place.jump(place.back);
            back.put(partition, place.back);
        });
        return back;
    }

    /**
     * The group has these offsets.
     *
     * @param askedBefore what {@link #asked()} was when the task agreed to them: what it has asked for since holds
     */
    void committed(Map<TopicPartition, OffsetAndMetadata> offsets, long askedBefore) {
        offsets.forEach((partition, offset) -> {
            Place place = places.get(partition);
            if (place != null) {
                place.committed = offset.offset();
                if (place.asked <= askedBefore) {
                    place.back = offset.offset();
                }
            }
        });
    }

    /** What has been put of the given partitions. */
    Map<TopicPartition, OffsetAndMetadata> delivered(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
        places.forEach((partition, place) -> {
            if (partitions.contains(partition)) {
                delivered.put(partition, new OffsetAndMetadata(place.delivered));
            }
        });
        return delivered;
    }

    /** Shows how far the task has come. */
    void tell(SinkMeter meter) {
        places.forEach((partition, place) -> meter.reached(partition, place.read, place.delivered, place.committed));
    }

    /** Shows where partitions end, as far as the consumer has heard. */
    void tellEnds(SinkMeter meter, Consumer<byte[], byte[]> consumer) {
        places.forEach((partition, place) -> {
            OptionalLong behind = consumer.currentLag(partition);
            if (behind.isPresent()) {
                meter.end(partition, place.read + behind.getAsLong());
            }
        });
    }

    /** Where the last commit left each partition. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        places.forEach((partition, place) -> committed.put(partition, place.committed));
        return committed;
    }
}
