/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/** A source task that gives what there is by now, fails, and does not come back from a call for a while. */
public final class SimulatedSource extends SourceTask {
    private static final ThreadLocal<Place> PLACES = new ThreadLocal<>();
    private static final int BATCH_MAX = 4;
    private static final long HANG_MS_MAX = 12_000;

    private final Place place = Objects.requireNonNull(PLACES.get());
    private final World world = place.world;
    private final SourceLedger ledger = place.play.ledger();
    private final Fibers fibers = world.fibers();
    private final Life life = place.life;
    private final Map<Integer, Long> positions = new HashMap<>();
    /** Polled since the last transaction ended. */
    private final List<SourceRecord> open = new ArrayList<>();

    private boolean stopped;
    private Fibers.@Nullable Fiber hanging;

    private record Place(World world, SourcePlay play, Life life) {}

    /** For the task that this thread makes next: the worker makes it by its class's name, so that nobody can hand it anything. */
    static void next(World world, SourcePlay play, Life life) {
        PLACES.set(new Place(world, play, life));
    }

    @Override
    public void start(Map<String, String> config) {
        fibers.turn();
        if (world.weather().isBad() && fibers.oneIn(20)) {
            throw new ConnectException("simulated: cannot start");
        }
        String partitions = config.getOrDefault("partitions", "");
        Arrays.stream(partitions.split(",", -1))
                .filter(name -> !name.isEmpty())
                .map(Integer::valueOf)
                .forEach(partition -> {
                    Map<String, Object> stored =
                            context.offsetStorageReader().offset(Map.of("p", String.valueOf(partition)));
                    long number = stored == null ? 0 : number(stored.get("n"));
                    ledger.read(life, partition, number);
                    positions.put(partition, number);
                });
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        fibers.turn();
        if (world.weather().isBad()) {
            misbehave();
        }
        fibers.park(fibers.someNanos(1_500));
        List<SourceRecord> polled = new ArrayList<>();
        for (int partition : positions.keySet()) {
            for (int more = fibers.choose(BATCH_MAX + 1); more > 0; more--) {
                add(partition, polled);
            }
        }
        end(polled);
        if (polled.isEmpty()) {
            if (world.broken() == Break.IDLE_NEVER_COMMITS) {
                hang(Long.MAX_VALUE / 4);
            }
            return fibers.oneIn(4) ? polled : null;
        }
        return polled;
    }

    private void add(int partition, List<SourceRecord> polled) {
        long number = positions.getOrDefault(partition, 0L) + 1;
        if (number <= world.available()) {
            positions.put(partition, number);
            SourceRecord record = new SourceRecord(
                    Map.of("p", String.valueOf(partition)),
                    Map.of("n", number, "life", life.number()),
                    World.TOPIC,
                    null,
                    Schema.STRING_SCHEMA,
                    partition + "/" + life.number(),
                    Schema.STRING_SCHEMA,
                    String.valueOf(number));
            polled.add(record);
        }
    }

    /** Says where the transaction is to end, if it has a say. */
    private void end(List<SourceRecord> polled) {
        TransactionContext transactions = context.transactionContext();
        if (transactions == null) {
            return;
        }
        boolean last = polled.isEmpty() && !open.isEmpty();
        open.addAll(polled);
        if (last || fibers.oneIn(3)) {
            boolean aborted = world.weather().isBad() && fibers.oneIn(4);
            if (aborted) {
                open.forEach(record -> ledger.mayBeAborted(partition(record), number(record)));
                transactions.abortTransaction();
            } else {
                transactions.commitTransaction();
            }
            open.clear();
        }
    }

    private void misbehave() throws InterruptedException {
        switch (fibers.choose(60)) {
            case 0 -> throw new RetriableException("simulated: not now");
            case 1 -> throw new ConnectException("simulated: it is broken");
            case 2 -> hang(fibers.someNanos(HANG_MS_MAX));
            default -> {}
        }
    }

    /** Waits for {@code stop()}, not always for that alone. */
    private void hang(long nanos) throws InterruptedException {
        boolean deaf = fibers.oneIn(2);
        long end = fibers.nanos() + nanos;
        hanging = fibers.current();
        while (fibers.nanos() < end && (deaf || !stopped)) {
            try {
                fibers.park(end - fibers.nanos());
            } catch (InterruptedException e) {
                if (!deaf) {
                    throw e;
                }
            }
        }
    }

    private static int partition(SourceRecord record) {
        return Integer.parseInt((String) record.sourcePartition().get("p"));
    }

    private static long number(SourceRecord record) {
        return number(record.sourceOffset().get("n"));
    }

    private static long number(@Nullable Object number) {
        return ((Number) Objects.requireNonNull(number)).longValue();
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        fibers.turn();
        ledger.told(life, partition(record), number(record), metadata != null);
    }

    @Override
    public void commit() throws InterruptedException {
        fibers.turn();
        ledger.toldOfCommit(life);
        if (world.weather().isBad() && fibers.oneIn(20)) {
            fibers.park(TimeUnit.SECONDS.toNanos(3));
        }
    }

    @Override
    public void stop() {
        stopped = true;
        Fibers.Fiber waiting = hanging;
        if (waiting != null) {
            fibers.wake(waiting);
        }
    }

    @Override
    public String version() {
        return "1";
    }
}
