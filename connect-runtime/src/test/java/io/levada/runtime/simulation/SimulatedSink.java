/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A sink task that refuses, fails, goes back, agrees to less than it has, and does not come back from a call for a while. */
public final class SimulatedSink extends SinkTask {
    private static final ThreadLocal<Place> PLACES = new ThreadLocal<>();
    private static final long HANG_MS_MAX = 14_000;

    private final Place place = Objects.requireNonNull(PLACES.get());
    private final World world = place.world;
    private final Fibers fibers = world.fibers();
    private final SinkLedger ledger = place.ledger;
    private final Life life = place.life;
    private final Map<TopicPartition, OffsetAndMetadata> agreed = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    private record Place(World world, SinkLedger ledger, Life life) {}

    /** For the task that this thread makes next: the worker makes it by its class's name, so that nobody can hand it anything. */
    static void next(World world, SinkLedger ledger, Life life) {
        PLACES.set(new Place(world, ledger, life));
    }

    @Override
    public void start(Map<String, String> config) {
        fibers.turn();
        if (world.weather().isBad() && fibers.oneIn(20)) {
            throw new ConnectException("simulated: cannot start");
        }
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        fibers.turn();
        ledger.opened(life, partitions);
        context.resume(
                partitions.toArray(TopicPartition[]::new)); // What was paused before it was taken away may be so still.
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        fibers.turn();
        ledger.given(life, records);
        if (!paused.isEmpty()) {
            paused.retainAll(context.assignment());
            context.resume(paused.toArray(TopicPartition[]::new));
            paused.clear();
            ledger.resumes(life);
        }
        if (world.weather().isBad()) {
            misbehave();
        }
        fibers.parkThrough(1 + fibers.someNanos(300));
        ledger.taken(life, records);
        if (fibers.oneIn(10)) {
            ledger.asksForCommit(life);
            unless(Break.COMMIT_REQUEST_IGNORED, context::requestCommit);
        }
    }

    private void unless(Break broken, Runnable asking) {
        if (world.broken() != broken) {
            asking.run();
        }
    }

    private void misbehave() {
        List<TopicPartition> owned = context.assignment().stream()
                .sorted((one, other) -> one.partition() - other.partition())
                .toList();
        switch (fibers.choose(60)) {
            case 0, 1, 2 -> {
                if (fibers.oneIn(2)) {
                    ledger.asksToWait(life, 100);
                    unless(Break.TIMEOUT_IGNORED, () -> context.timeout(100));
                }
                throw new RetriableException("simulated: not now");
            }
            case 3 -> throw new ConnectException("simulated: it is broken");
            case 4 -> hang();
            case 5, 6 -> {
                if (!owned.isEmpty()) {
                    TopicPartition back = owned.get(fibers.choose(owned.size()));
                    long offset = fibers.choose((int) ledger.committed(back.partition()) + 1);
                    ledger.asksFor(life, back.partition(), offset);
                    unless(Break.OFFSET_IGNORED, () -> context.offset(back, offset));
                }
            }
            case 7, 8 -> {
                if (!owned.isEmpty()) {
                    paused.add(owned.get(fibers.choose(owned.size())));
                    ledger.pauses(life, paused);
                    unless(Break.PAUSE_IGNORED, () -> context.pause(paused.toArray(TopicPartition[]::new)));
                }
            }
            default -> {}
        }
    }

    private void hang() {
        boolean deaf = fibers.oneIn(2);
        long end = fibers.nanos() + fibers.someNanos(HANG_MS_MAX);
        while (fibers.nanos() < end) {
            try {
                fibers.park(end - fibers.nanos());
            } catch (InterruptedException e) {
                if (!deaf) {
                    throw new ConnectException("simulated: interrupted", e);
                }
            }
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        fibers.turn();
        ledger.asked(life);
        if (world.weather().isBad()) {
            switch (fibers.choose(30)) {
                case 0 -> throw new RetriableException("simulated: cannot flush now");
                case 1 -> throw new ConnectException("simulated: cannot flush");
                case 2 -> hang();
                default -> fibers.parkThrough(1 + fibers.someNanos(TimeUnit.SECONDS.toMillis(1)));
            }
        }
        Map<TopicPartition, OffsetAndMetadata> answer = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            OffsetAndMetadata before = agreed.get(partition);
            if (world.weather().isBad() && fibers.oneIn(3)) {
                if (before != null && before.offset() <= offset.offset()) {
                    answer.put(partition, before);
                }
            } else {
                answer.put(partition, offset);
            }
        });
        agreed.putAll(answer);
        ledger.agreed(life, answer);
        return answer;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        fibers.turn();
        ledger.closed(life, partitions);
        paused.removeAll(partitions);
        if (world.weather().isBad()) {
            switch (fibers.choose(20)) {
                case 0 -> throw new ConnectException("simulated: cannot close");
                case 1, 2 -> hang();
                default -> {}
            }
        }
    }

    @Override
    public void stop() {}

    @Override
    public String version() {
        return "1";
    }
}
