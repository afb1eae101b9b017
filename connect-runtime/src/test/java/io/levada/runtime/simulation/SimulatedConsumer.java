/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.simulation.Fibers.Fiber;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** A member of the group, with Kafka's rules: one thread at a time, listeners and answers inside of calls, wake-ups that end a call whose request may be out already. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread runs at a time, and some of them wait in here.
final class SimulatedConsumer extends MockConsumer<byte[], byte[]> {
    private static final int FETCHED_MAX = 5;
    private static final int REFUSED_ONE_IN = 10;
    private static final int SLOW_ONE_IN = 10;
    private static final long USUAL_MS_MAX = 50;
    private static final long SLOW_MS_MAX = 5_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final World world;
    private final Fibers fibers;
    private final SimulatedGroup group;
    private final SinkLedger ledger;
    private final Life life;
    private final int member;
    private final Map<Integer, Long> positions = new TreeMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private @Nullable ConsumerRebalanceListener listener;
    private @Nullable Fiber inside;
    private int depth;
    private long lastArrivalNanos;
    private boolean woken;
    private boolean closed;

    SimulatedConsumer(World world, SimulatedGroup group, SinkLedger ledger, Life life) {
        super("earliest");
        this.world = world;
        this.fibers = world.fibers();
        this.group = group;
        this.ledger = ledger;
        this.life = life;
        this.member = life.number();
    }

    /** The calls that Kafka guards. */
    private void enter() {
        fibers.turn();
        if (inside != null && inside != fibers.current()) {
            throw new ConcurrentModificationException("KafkaConsumer is not safe for multi-threaded access");
        }
        if (closed) {
            throw new IllegalStateException("This consumer has already been closed.");
        }
        inside = fibers.current();
        depth++;
    }

    private void leave() {
        depth--;
        if (depth == 0) {
            inside = null;
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener told) {
        listener = told;
    }

    private ConsumerRebalanceListener listener() {
        if (listener == null) {
            throw new IllegalStateException("not subscribed");
        }
        return listener;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        enter();
        try {
            ledger.waits(life, timeout.toMillis());
            long end = fibers.nanos() + timeout.toNanos();
            while (true) {
                throwIfWoken();
                answer();
                rebalance();
                throwIfWoken();
                Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = fetch();
                long left = end - fibers.nanos();
                if (!fetched.isEmpty() || left <= 0) {
                    ledger.waited(life);
                    return new ConsumerRecords<>(fetched, Map.of());
                }
                pause(Math.min(left, LOOK_NANOS));
            }
        } finally {
            leave();
        }
    }

    private void throwIfWoken() {
        if (woken) {
            woken = false;
            throw new WakeupException();
        }
    }

    private void pause(long nanos) {
        try {
            fibers.park(nanos);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void answer() {
        while (!answers.isEmpty()) {
            answers.remove().run();
        }
    }

    private void rebalance() {
        try {
            if (!group.has(member) && !positions.isEmpty()) {
                List<TopicPartition> lost = topicPartitions(positions.keySet());
                listener().onPartitionsLost(lost);
                positions.clear();
            }
            group.join(member);
            Set<Integer> target = group.target(member);
            Set<Integer> going = new TreeSet<>(positions.keySet());
            going.removeAll(target);
            if (!going.isEmpty()) {
                listener().onPartitionsRevoked(topicPartitions(going));
                going.forEach(this::giveUp);
                if (!group.has(member)) {
                    return; // It took too long.
                }
            }
            Set<Integer> coming = new TreeSet<>(target);
            coming.removeIf(partition -> positions.containsKey(partition) || group.owner(partition) != null);
            if (!coming.isEmpty() || !going.isEmpty()) { // As Kafka's, which tells of none, too.
                coming.forEach(partition -> {
                    group.take(member, partition);
                    positions.put(partition, ledger.committed(partition));
                });
                listener().onPartitionsAssigned(topicPartitions(coming));
            }
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KafkaException("User rebalance callback throws an error", e);
        }
    }

    private void giveUp(int partition) {
        positions.remove(partition);
        paused.remove(new TopicPartition(World.TOPIC, partition));
        group.release(member, partition);
    }

    private static List<TopicPartition> topicPartitions(Collection<Integer> partitions) {
        return partitions.stream()
                .map(partition -> new TopicPartition(World.TOPIC, partition))
                .toList();
    }

    private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetch() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new LinkedHashMap<>();
        for (Map.Entry<Integer, Long> position : positions.entrySet()) {
            TopicPartition partition = new TopicPartition(World.TOPIC, position.getKey());
            long end = Math.min(world.available(), position.getValue() + 1 + fibers.choose(FETCHED_MAX));
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (long offset = position.getValue(); offset < end && !paused.contains(partition); offset++) {
                byte[] text = String.valueOf(offset).getBytes(UTF_8);
                records.add(new ConsumerRecord<>(World.TOPIC, partition.partition(), offset, text, text));
            }
            if (!records.isEmpty()) {
                fetched.put(partition, records);
                position.setValue(position.getValue() + records.size());
            }
        }
        return fetched;
    }

    @Override
    public Set<TopicPartition> assignment() {
        enter();
        leave();
        return new HashSet<>(topicPartitions(positions.keySet()));
    }

    @Override
    public Set<TopicPartition> paused() {
        return Set.copyOf(paused);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        enter();
        leave();
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        enter();
        leave();
        paused.removeAll(partitions);
    }

    @Override
    public long position(TopicPartition partition) {
        return positions.getOrDefault(partition.partition(), 0L);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        enter();
        leave();
        if (!positions.containsKey(partition.partition())) {
            throw new IllegalStateException("No current assignment for partition " + partition);
        }
        positions.put(partition.partition(), offset);
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.empty();
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return Map.of(World.TOPIC, List.of());
    }

    private long latency() {
        boolean slow = world.weather().isBad() && fibers.oneIn(SLOW_ONE_IN);
        return 1 + fibers.someNanos(slow ? SLOW_MS_MAX : USUAL_MS_MAX);
    }

    private Map<Integer, Long> plain(Map<TopicPartition, OffsetAndMetadata> offsets) {
        long more = world.broken() == Break.COMMITTED_TOO_FAR && fibers.oneIn(10) ? 1 : 0;
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(
                        each -> each.getKey().partition(),
                        each -> each.getValue().offset() + more,
                        (one, other) -> one,
                        TreeMap::new));
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        enter();
        Map<Integer, Long> plain = plain(offsets);
        ledger.commits(life, plain);
        boolean refused = world.weather().isBad() && fibers.oneIn(REFUSED_ONE_IN);
        long arrives = Math.max(fibers.nanos() + latency(), lastArrivalNanos + 1);
        lastArrivalNanos = arrives;
        Map<TopicPartition, OffsetAndMetadata> copy = new HashMap<>(offsets);
        fibers.after(arrives - fibers.nanos(), () -> {
            Exception failure = refused ? new TimeoutException("simulated") : null;
            if (failure == null) {
                try {
                    group.commit(member, plain);
                } catch (KafkaException e) {
                    failure = e;
                }
            }
            Exception told = failure;
            answers.add(() -> callback.onComplete(copy, told));
        });
        leave();
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        enter();
        try {
            Map<Integer, Long> plain = plain(offsets);
            ledger.commits(life, plain);
            boolean refused = world.weather().isBad() && fibers.oneIn(REFUSED_ONE_IN);
            if (woken && fibers.oneIn(2)) {
                throwIfWoken();
            }
            long latency = Math.max(latency(), lastArrivalNanos + 1 - fibers.nanos());
            lastArrivalNanos = fibers.nanos() + latency;
            if (woken || latency > timeout.toNanos()) {
                fibers.after(latency, () -> late(plain));
                throwIfWoken();
                pause(timeout.toNanos());
                throw new TimeoutException("simulated: too slow");
            }
            pause(latency);
            answer();
            if (refused) {
                throw new TimeoutException("simulated");
            }
            group.commit(member, plain);
        } finally {
            leave();
        }
    }

    private void late(Map<Integer, Long> offsets) {
        try {
            group.commit(member, offsets);
        } catch (KafkaException ignored) {
            // Nobody waits for the answer.
        }
    }

    @Override
    public void wakeup() {
        woken = true;
        Fiber waiting = inside;
        if (waiting != null) {
            fibers.wake(waiting);
        }
    }

    @Override
    public void close(CloseOptions options) {
        fibers.turn();
        if (closed) {
            return;
        }
        enter();
        try {
            if (!positions.isEmpty()) {
                if (group.has(member)) {
                    listener().onPartitionsRevoked(topicPartitions(positions.keySet()));
                } else {
                    listener().onPartitionsLost(topicPartitions(positions.keySet()));
                }
            }
            answer();
        } finally {
            positions.clear();
            closed = true;
            group.leave(member);
            leave();
        }
    }
}
