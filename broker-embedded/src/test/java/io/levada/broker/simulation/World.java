/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.SimulatedBroker;
import io.levada.broker.simulation.disk.DiskFaults;
import io.levada.broker.simulation.disk.ProcessDeath;
import io.levada.broker.simulation.disk.SimulatedDisk;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything of one run: time, disk, the broker as long as it lives, its clients, what they know, and what goes wrong. All of it follows from the seed. */
final class World {
    private static final long ACTIVE_MS_MAX = 1_600;
    private static final long SETTLING_MS_MAX = 300_000;
    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final Trace trace = new Trace(time);
    private final Ledger ledger = new Ledger(time);
    private final Mutation mutation;
    private final SimulatedDisk disk;
    private final Weather weather;
    private final Chaos chaos;
    private final Population population;
    private @Nullable BrokerLife life;
    private long lives;
    private boolean settling;

    World(long seed, Mutation mutation) {
        this.mutation = mutation;
        random = new SplittableRandom(seed);
        disk = new SimulatedDisk(time, fork(), mutation::forgetsToForce);
        weather = Weather.of(random);
        chaos = new Chaos(this, weather);
        population = new Population(this);
    }

    /** Lets it all happen. */
    void run() {
        start();
        population.begin();
        while (!population.isThere()) {
            step();
        }
        chaos.begin();
        time.after(random.nextLong(TimeUnit.MILLISECONDS.toNanos(ACTIVE_MS_MAX)), this::settle);
        while (!settling || !population.isDone()) {
            step();
        }
        ledger.checkAll();
    }

    private void step() {
        Violation.unless(
                time.next(), () -> "nothing is going to happen any more, and some are not done: " + population);
        if (disk.isDead() && life != null) {
            end(false);
        }
    }

    /** No more trouble after one last power cut: now everybody must get what is due. */
    private void settle() {
        settling = true;
        trace.note("no more trouble from now on");
        disk.faults(DiskFaults.NONE);
        if (life != null) {
            end(false);
        }
        time.after(TimeUnit.MILLISECONDS.toNanos(SETTLING_MS_MAX), () -> {
            throw new Violation("some wait for ever: " + population);
        });
    }

    /** Starts the broker; false when it died doing so. */
    boolean start() {
        SimulatedThreads threads = new SimulatedThreads(time, fork(), this::failed);
        try {
            SimulatedBroker broker = SimulatedBroker.start(disk.path("/data"), properties(), threads, time);
            life = new BrokerLife(broker, threads);
            trace.note("the broker has started");
            return true;
        } catch (RuntimeException | ProcessDeath e) {
            threads.die();
            if (!disk.isDead()) {
                throw new Violation("the broker does not start: " + e, e);
            }
            trace.note("the broker died while it started");
            lives++;
            chaos.processEnded(false);
            return false;
        }
    }

    private Map<String, String> properties() {
        return Map.ofEntries(
                Map.entry("broker.flush", weather.flush()),
                Map.entry("broker.group.min.session.timeout.ms", "500"),
                Map.entry("broker.num.io.threads", "3"),
                Map.entry("broker.log.open.files.max", Integer.toString(weather.openFilesMax())),
                Map.entry("broker.log.retention.check.interval.ms", "700"),
                Map.entry("broker.offsets.topic.num.partitions", "2"),
                Map.entry("broker.offsets.topic.segment.bytes", "4096"),
                Map.entry("broker.transaction.state.log.num.partitions", "3"),
                Map.entry("broker.transaction.state.log.segment.bytes", "4096"),
                Map.entry("broker.log.cleaner.backoff.ms", "100"),
                Map.entry("broker.log.cleaner.min.cleanable.ratio", "0.1"),
                Map.entry("broker.auto.create.topics.enable", "false"));
    }

    private void failed(String thread, Throwable cause) {
        if (cause instanceof Violation violation) {
            throw violation;
        }
        if (!disk.isDead()) {
            throw new Violation("a task of " + thread + " failed: " + cause, cause);
        }
    }

    void kill() {
        if (life != null) {
            end(false);
        }
    }

    /** An orderly stop. */
    void stop() {
        BrokerLife present = life;
        if (present != null) {
            boolean inGoodOrder = true;
            try {
                present.stop();
            } catch (ProcessDeath e) {
                inGoodOrder = false;
            }
            end(inGoodOrder);
        }
    }

    private void end(boolean inGoodOrder) {
        BrokerLife present = life;
        life = null;
        lives++;
        if (present != null) {
            present.die();
        }
        trace.note(inGoodOrder ? "the broker has stopped" : "the broker is dead");
        chaos.processEnded(inGoodOrder);
    }

    /** A connection, if there is a broker. */
    @Nullable
    Link connect(RandomGenerator of, boolean lateArrivals) {
        BrokerLife present = life;
        return present == null ? null : new Link(this, present, of, lateArrivals);
    }

    /** A source of chance of its own, so that what one part draws does not change what others do. */
    RandomGenerator fork() {
        return random.split();
    }

    VirtualTime time() {
        return time;
    }

    Trace trace() {
        return trace;
    }

    Ledger ledger() {
        return ledger;
    }

    SimulatedDisk disk() {
        return disk;
    }

    Mutation mutation() {
        return mutation;
    }

    boolean diskRefuses() {
        return weather.diskRefuses();
    }

    /** How many processes there were. */
    long lives() {
        return lives;
    }

    List<Client> clients() {
        return population.clients();
    }

    /** Whether nothing goes wrong any more and nobody is to begin anything new. */
    boolean isSettling() {
        return settling;
    }

    /** Whether also nobody but readers has anything left to do. */
    boolean isQuiet() {
        return settling && population.onlyReads();
    }

    @Override
    public String toString() {
        return time.count() + " events, " + disk.steps() + " disk steps, " + chaos + ", flush=" + weather.flush()
                + (weather.diskRefuses() ? ", the disk refuses" : "");
    }
}
