/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.simulation.Fibers.Fiber;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.simulation.SourceLedger.Produced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer with a thread of its own: records arrive and are acknowledged late, in order within a partition and in any order
 * across; some never arrive. With a transactional id it keeps Kafka's rules of transactions.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread runs at a time, and some of them wait in here.
final class SimulatedProducer extends MockProducer<byte[], byte[]> {
    private static final int PARTITIONS = 2;
    private static final int REFUSED_ONE_IN = 60;
    private static final int NOT_NOW_ONE_IN = 50;
    private static final int SLOW_ONE_IN = 12;
    private static final int UNKNOWN_ONE_IN = 40;
    private static final long USUAL_MS_MAX = 40;
    private static final long SLOW_MS_MAX = 4_000;

    private final World world;
    private final SourcePlay play;
    private final Fibers fibers;
    private final WorkerProcess process;
    private final @Nullable String transactionalId;
    private final String offsetTopic;
    private final List<Sent> sent = new ArrayList<>();
    private final Map<Integer, Long> laneNanos = new HashMap<>();
    private final Fiber network;
    private final List<Fiber> waiting = new ArrayList<>();
    private int epoch;
    private boolean closing;
    private boolean committing;
    private boolean undecided;
    private @Nullable KafkaException failed;

    /** A record on its way: first it arrives, then it is acknowledged. */
    private static final class Sent {
        private final ProducerRecord<byte[], byte[]> record;
        private final @Nullable Callback callback;
        private final boolean refused;
        private final int lane;
        private final long arrivesNanos;
        private final long answeredNanos;
        private boolean arrived;

        private Sent(
                ProducerRecord<byte[], byte[]> record,
                @Nullable Callback callback,
                boolean refused,
                int lane,
                long arrivesNanos,
                long answeredNanos) {
            this.record = record;
            this.callback = callback;
            this.refused = refused;
            this.lane = lane;
            this.arrivesNanos = arrivesNanos;
            this.answeredNanos = answeredNanos;
        }

        private long nextNanos() {
            return arrived ? answeredNanos : arrivesNanos;
        }
    }

    SimulatedProducer(
            World world, SourcePlay play, WorkerProcess process, @Nullable String transactionalId, String offsetTopic) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.world = world;
        this.play = play;
        this.fibers = world.fibers();
        this.process = process;
        this.transactionalId = transactionalId;
        this.offsetTopic = offsetTopic;
        this.network = fibers.start(process, "producer-network", this::work);
    }

    private String id() {
        if (transactionalId == null) {
            throw new IllegalStateException("not transactional");
        }
        return transactionalId;
    }

    @Override
    public void initTransactions() {
        call();
        if (world.weather().isBad() && fibers.oneIn(30)) {
            throw new TimeoutException("simulated: no coordinator");
        }
        epoch = play.transactions().begin(id(), world.broken() != Break.NOT_FENCED_BY_ITSELF);
    }

    /** It takes a while. */
    private void call() {
        fibers.turn();
        if (closing) {
            throw new IllegalStateException("Cannot perform operation after producer has been closed");
        }
        pause(1 + fibers.someNanos(latencyMs()));
    }

    private void pause(long nanos) {
        try {
            fibers.park(nanos);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private long latencyMs() {
        return world.weather().isBad() && fibers.oneIn(SLOW_ONE_IN) ? SLOW_MS_MAX : USUAL_MS_MAX;
    }

    @Override
    public void beginTransaction() {
        fibers.turn();
        throwFailure();
    }

    private void throwFailure() {
        if (failed != null) {
            throw new KafkaException("Cannot execute transactional method because we are in an error state", failed);
        }
        if (undecided) {
            throw new IllegalStateException("the commit that timed out must be tried again");
        }
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        fibers.turn();
        if (closing) {
            throw new IllegalStateException("Cannot perform operation after producer has been closed");
        }
        if (transactionalId != null) {
            throwFailure();
        }
        boolean isOffset = record.topic().equals(offsetTopic);
        if (world.weather().isBad() && !isOffset && fibers.oneIn(NOT_NOW_ONE_IN)) {
            throw new TimeoutException("simulated: no metadata");
        }
        int lane = isOffset ? PARTITIONS : record.key()[0] % PARTITIONS;
        long arrives = fibers.nanos() + 1 + fibers.someNanos(latencyMs());
        arrives = Math.max(arrives, laneNanos.getOrDefault(lane, 0L) + 1);
        long answered = arrives + 1 + fibers.someNanos(latencyMs());
        laneNanos.put(lane, answered);
        boolean refused = world.weather().isBad() && fibers.oneIn(REFUSED_ONE_IN);
        sent.add(new Sent(record, callback, refused, lane, arrives, answered));
        fibers.wake(network);
        return new CompletableFuture<>();
    }

    private void work() {
        while (!closing || !sent.isEmpty()) {
            Sent next = sent.stream()
                    .reduce((a, b) -> b.nextNanos() < a.nextNanos() ? b : a)
                    .orElse(null);
            if (next == null) {
                park(-1);
            } else if (closing) {
                sent.remove(next);
                answer(next, null, new KafkaException("Producer is closed forcefully."));
            } else if (next.nextNanos() > fibers.nanos()) {
                park(next.nextNanos() - fibers.nanos());
            } else {
                advance(next);
            }
            wakeWaiting();
        }
    }

    private void park(long nanos) {
        try {
            fibers.park(nanos);
        } catch (InterruptedException ignored) {
            // Nobody means this thread: looked at again.
        }
    }

    private void wakeWaiting() {
        waiting.forEach(fibers::wake);
    }

    private void advance(Sent next) {
        if (!next.arrived) {
            next.arrived = true;
            if (!next.refused) {
                arrive(next);
            }
            return;
        }
        sent.remove(next);
        if (next.refused || (transactionalId != null && failed != null)) {
            NotEnoughReplicasException why = new NotEnoughReplicasException("simulated");
            failed = failed == null ? why : failed;
            answer(next, null, why);
        } else {
            answer(next, new RecordMetadata(new TopicPartition(next.record.topic(), next.lane), 0, 0, 0, 0, 0), null);
        }
    }

    private void arrive(Sent arrived) {
        boolean isOffset = arrived.record.topic().equals(offsetTopic);
        try {
            if (transactionalId == null) {
                if (world.broken() != Break.ACKNOWLEDGED_TOO_EARLY || !fibers.oneIn(10)) {
                    play.ledger().appended(produced(arrived.record));
                }
            } else if (!isOffset) {
                play.transactions().append(id(), epoch, produced(arrived.record));
            } else if (world.broken() != Break.OFFSETS_LOST) {
                play.transactions().append(id(), epoch, arrived.record.key(), arrived.record.value());
            }
        } catch (KafkaException e) {
            failed = e;
        }
    }

    private static Produced produced(ProducerRecord<byte[], byte[]> record) {
        String[] key = new String(record.key(), UTF_8).split("/", -1);
        return new Produced(
                Integer.parseInt(key[0]), Long.parseLong(new String(record.value(), UTF_8)), Integer.parseInt(key[1]));
    }

    private void answer(Sent answered, @Nullable RecordMetadata where, @Nullable Exception failure) {
        if (transactionalId == null && failure == null) {
            play.ledger().acknowledged(produced(answered.record));
        }
        if (answered.callback != null) {
            answered.callback.onCompletion(where, failure);
        }
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        fibers.turn();
        return List.of(new PartitionInfo(topic, 0, null, null, null));
    }

    @Override
    public void commitTransaction() {
        call();
        throwFailure();
        awaitAnswers();
        throwFailure();
        boolean unknown = world.weather().isBad() && fibers.oneIn(UNKNOWN_ONE_IN);
        committing = true;
        try {
            pause(1 + fibers.someNanos(latencyMs()));
            if (!unknown || fibers.oneIn(2)) {
                play.transactions().end(id(), epoch, true);
            }
            if (unknown) {
                undecided = true;
                throw new TimeoutException("simulated: no answer to the commit");
            }
            pause(1 + fibers.someNanos(latencyMs()));
        } catch (InterruptException e) {
            undecided = true;
            throw e;
        } catch (TimeoutException e) {
            throw e;
        } catch (KafkaException e) {
            failed = e;
            throw e;
        } finally {
            committing = process.isDead();
        }
    }

    private void awaitAnswers() {
        waiting.add(fibers.current());
        try {
            while (!sent.isEmpty() && !closing) {
                pause(TimeUnit.SECONDS.toNanos(1));
            }
        } finally {
            waiting.remove(fibers.current());
        }
        if (closing) {
            throw new KafkaException("Producer closed while the commit was in progress");
        }
    }

    @Override
    public void abortTransaction() {
        call();
        if (undecided) {
            throw new IllegalStateException("the commit that timed out must be tried again");
        }
        sent.clear();
        play.transactions().end(id(), epoch, false);
        failed = null;
    }

    @Override
    public void close(Duration timeout) {
        fibers.turn();
        closing = true;
        fibers.wake(network);
        while (!network.isOver()) {
            fibers.parkThrough(1 + fibers.someNanos(1));
        }
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /** The process has died: of what is on its way some still arrives. */
    void died() {
        for (Sent each : sent) {
            if (!each.arrived && !each.refused && fibers.oneIn(2)) {
                fibers.after(fibers.someNanos(SLOW_MS_MAX), () -> arrive(each));
            }
        }
        if (committing) {
            fibers.after(fibers.someNanos(SLOW_MS_MAX), () -> {
                try {
                    play.transactions().end(id(), epoch, true);
                } catch (KafkaException ignored) {
                    // Another has the id by now.
                }
            });
        }
        sent.clear();
    }
}
