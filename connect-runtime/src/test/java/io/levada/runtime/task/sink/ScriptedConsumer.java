/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a topic whose records stay there. Each poll does what the test says first, a rebalance for one, and then brings all there
 * is of the partitions that it has by then and that are not paused, as Kafka's may. When the test has no more to say, the last is called.
 */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final Runnable last;
    private final Consumer<String> calls;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final List<Duration> waits = new ArrayList<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean holding;
    private boolean taking;
    private boolean wakesInPosition;
    private @Nullable ConsumerRebalanceListener listener;
    private volatile boolean woken;

    ScriptedConsumer(Runnable last, Consumer<String> calls) {
        super("earliest");
        this.last = last;
        this.calls = calls;
    }

    /** What the next poll does that has nothing to do yet. */
    ScriptedConsumer then(Runnable step) {
        steps.add(step);
        return this;
    }

    /** The next polls bring records only. */
    ScriptedConsumer thenPolls(int times) {
        for (int poll = 0; poll < times; poll++) {
            then(() -> {});
        }
        return this;
    }

    /** A rebalance in which the group keeps what it can, as the cooperative protocol does. */
    ScriptedConsumer thenHas(TopicPartition... partitions) {
        return then(() -> give(partitions));
    }

    /** A rebalance in which all is taken away first, as the eager protocol does. */
    ScriptedConsumer thenHasAgain(TopicPartition... partitions) {
        return then(() -> {
            taking = true;
            give();
            taking = false;
            give(partitions);
        });
    }

    /**
     * A rebalance in which somebody wakes the task up while it waits for a position. Kafka's classic consumer has the partitions by then, and
     * calls again in the next poll, of nothing new.
     */
    ScriptedConsumer thenHasButIsWokenUp(TopicPartition... partitions) {
        return then(() -> {
                    wakesInPosition = true;
                    give(partitions);
                })
                .then(() -> {
                    if (listener != null) {
                        listener.onPartitionsAssigned(List.of());
                    }
                });
    }

    /** The first partition is known by then. */
    @Override
    public synchronized long position(TopicPartition partition) {
        if (wakesInPosition && partition.partition() > 0) {
            wakesInPosition = false;
            throw new WakeupException();
        }
        return super.position(partition);
    }

    /** What is taken away is not paused any more. */
    private void give(TopicPartition... partitions) {
        paused.retainAll(List.of(partitions));
        rebalance(List.of(partitions));
    }

    /** So many records a partition has. */
    void holds(TopicPartition partition, long records) {
        ends.put(partition, records);
        updateBeginningOffsets(Map.of(partition, 0L));
    }

    /** From now on commits are sent, and answered when {@link #answer} is called. */
    void hold() {
        holding = true;
    }

    void answer() {
        holding = false;
        while (!held.isEmpty()) {
            held.remove().run();
        }
    }

    /** How long each poll was to wait. */
    List<Duration> waits() {
        return waits;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        throwIfWoken();
        waits.add(timeout);
        (steps.isEmpty() ? last : steps.remove()).run();
        throwIfWoken();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new LinkedHashMap<>();
        for (TopicPartition partition : ends.keySet()) {
            if (assignment().contains(partition) && !paused().contains(partition)) {
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (long offset = position(partition); offset < ends.getOrDefault(partition, 0L); offset++) {
                    byte[] text = String.valueOf(offset).getBytes(UTF_8);
                    records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, text, text));
                }
                if (!records.isEmpty()) {
                    fetched.put(partition, records);
                    seek(partition, ends.getOrDefault(partition, 0L));
                }
            }
        }
        return new ConsumerRecords<>(fetched, Map.of());
    }

    /** Kafka's eager consumer tells of nothing between what it takes away and what it gives. */
    @Override
    public synchronized void subscribe(Collection<String> topics, ConsumerRebalanceListener told) {
        listener = told;
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                told.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (!taking) {
                    told.onPartitionsAssigned(partitions);
                }
            }
        });
    }

    @Override
    public synchronized void pause(Collection<TopicPartition> partitions) {
        super.pause(partitions);
        paused.addAll(partitions);
    }

    @Override
    public synchronized void resume(Collection<TopicPartition> partitions) {
        super.resume(partitions);
        paused.removeAll(partitions);
    }

    @Override
    public synchronized Set<TopicPartition> paused() {
        return Set.copyOf(paused);
    }

    private void throwIfWoken() {
        if (woken) {
            woken = false;
            throw new WakeupException();
        }
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // It is called while another thread polls.
    public void wakeup() {
        woken = true;
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
        SortedMap<String, Long> sorted = new TreeMap<>();
        offsets.forEach((partition, offset) -> sorted.put(partition.toString(), offset.offset()));
        calls.accept("commit " + sorted);
        super.commitAsync(offsets, (committed, failure) -> {});
        if (callback != null && holding) {
            held.add(() -> callback.onComplete(offsets, null));
        } else if (callback != null) {
            callback.onComplete(offsets, null);
        }
    }
}
