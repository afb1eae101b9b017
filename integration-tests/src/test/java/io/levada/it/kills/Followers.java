/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/** A member of a group that reads {@link Numbers} and commits after each read. The group never goes back behind what was acknowledged, and skips nothing. */
final class Followers implements Part {
    private static final String GROUP = "followers";
    private static final Duration WAIT = Duration.ofMillis(200);

    /** What the members of the group know together. */
    private static final class Group {
        private final Map<TopicPartition, Long> asked = new ConcurrentHashMap<>();
        private final Map<TopicPartition, Long> acknowledged = new ConcurrentHashMap<>();

        /** Fails where {@code offset} is before what was acknowledged at some time before it was asked for, or beyond everything that anybody committed. */
        void require(TopicPartition partition, long acknowledgedBefore, long offset, String who) {
            if (offset < acknowledgedBefore || offset > asked.getOrDefault(partition, 0L)) {
                throw new AssertionError(who + " is at " + offset + " of " + partition + "; the group had committed "
                        + acknowledgedBefore + ", and tried to commit " + asked.getOrDefault(partition, 0L));
            }
        }
    }

    private final KafkaConsumer<String, String> consumer;
    private final Group group;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();

    private Followers(Clients clients, Group group) {
        this.group = group;
        this.consumer =
                clients.consumer("group.id", GROUP, "max.poll.records", "50", "default.api.timeout.ms", "120000");
        consumer.subscribe(List.of(Numbers.TOPIC), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(next::remove);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(Followers.this::begin);
            }
        });
    }

    /** Two members of one group. */
    static List<Followers> two(Clients clients) {
        Group group = new Group();
        return List.of(new Followers(clients, group), new Followers(clients, group));
    }

    private void begin(TopicPartition partition) {
        long before = group.acknowledged.getOrDefault(partition, 0L);
        long position = consumer.position(partition);
        group.require(partition, before, position, "a member");
        next.put(partition, position);
    }

    @Override
    public void step() {
        try {
            ConsumerRecords<String, String> records = consumer.poll(WAIT);
            records.forEach(this::follow);
            if (!records.isEmpty()) {
                commit();
            }
        } catch (CommitFailedException | RebalanceInProgressException | TimeoutException e) {
            // It may be committed or not. Who goes on from there looks whether that is where it should be.
            unanswered.incrementAndGet();
        }
    }

    private void follow(ConsumerRecord<String, String> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Long expected = next.put(partition, record.offset() + 1);
        if (expected == null || expected != record.offset()) {
            throw new AssertionError("a member got " + record.offset() + " of " + partition + " after " + expected);
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        next.forEach((partition, offset) -> {
            group.asked.merge(partition, offset, Math::max);
            offsets.put(partition, new OffsetAndMetadata(offset));
        });
        consumer.commitSync(offsets);
        offsets.forEach((partition, offset) -> group.acknowledged.merge(partition, offset.offset(), Math::max));
        commits.incrementAndGet();
    }

    @Override
    public long acknowledged() {
        return commits.get();
    }

    @Override
    public void judge(Reader reader) {
        Map<TopicPartition, Long> before = Map.copyOf(group.acknowledged);
        try (Admin admin = reader.clients().admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    Clients.get(admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata());
            for (Entry<TopicPartition, Long> each : before.entrySet()) {
                OffsetAndMetadata found = committed.get(each.getKey());
                group.require(each.getKey(), each.getValue(), found == null ? -1 : found.offset(), "the group");
            }
        } catch (ExecutionException e) {
            throw new AssertionError("the offsets of the group cannot be read", e);
        }
    }

    @Override
    public void finish() {}

    @Override
    public String toString() {
        return "a member of the group, " + commits + " commits, and " + unanswered + " without an answer";
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
