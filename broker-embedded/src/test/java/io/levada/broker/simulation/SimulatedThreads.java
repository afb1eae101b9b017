/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.simulation.disk.ProcessDeath;
import io.levada.broker.thread.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** The threads of one life of the broker. When it dies, what they had to do is never done. */
public final class SimulatedThreads implements Threads {
    private static final long USUAL_NANOS_MAX = 300_000;
    private static final long STALL_NANOS_MAX = 40_000_000;
    private static final int STALLS_ONE_IN = 60;
    private final VirtualTime time;
    private final RandomGenerator random;
    private final BiConsumer<String, Throwable> failures;
    private final List<Lane> lanes = new ArrayList<>();
    private boolean dead;
    private boolean stopping;
    private boolean running;

    /**
     * Threads.
     *
     * @param failures told what escapes a task, and of which thread
     */
    SimulatedThreads(VirtualTime time, RandomGenerator random, BiConsumer<String, Throwable> failures) {
        this.time = time;
        this.random = random;
        this.failures = failures;
    }

    /** Threads that do at once what they are given, in the caller's. */
    public static Threads inline() {
        SimulatedThreads threads = new SimulatedThreads(new VirtualTime(), new SplittableRandom(0), (lane, failure) -> {
            throw new AssertionError("a task of " + lane + " failed", failure);
        });
        threads.stopping = true;
        return threads;
    }

    @Override
    public ExecutorService single(String name) {
        return lane(name, 1);
    }

    @Override
    public ExecutorService pool(String name, int size) {
        return lane(name, size);
    }

    @Override
    public ScheduledExecutorService scheduler(String name) {
        return lane(name, 1);
    }

    private Lane lane(String name, int size) {
        Lane lane = new Lane(this, name, size);
        lanes.add(lane);
        return lane;
    }

    /** Nothing more happens. */
    void die() {
        dead = true;
    }

    /** An orderly stop begins, which waits for tasks: from now on each runs at once. */
    void stop() {
        stopping = true;
        runQueued();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Until nothing is left. A task that is added by another waits until that has ended. */
    void runQueued() {
        if (running) {
            return;
        }
        running = true;
        boolean again = true;
        while (again && !dead) {
            again = false;
            for (Lane lane : List.copyOf(lanes)) {
                again |= lane.runOne();
            }
        }
        running = false;
    }

    void run(String lane, Runnable task) {
        try {
            task.run();
        } catch (ProcessDeath died) {
            // Whoever looks after the disk sees that.
        } catch (RuntimeException | Error e) {
            failures.accept(lane, e);
        }
    }

    /** What waits for the disk takes longer, so that more happens meanwhile. */
    void soon(Lane lane) {
        boolean stalls = random.nextInt(STALLS_ONE_IN) == 0 || lane.toString().contains("flush");
        after(1 + random.nextLong(stalls ? STALL_NANOS_MAX : USUAL_NANOS_MAX), lane::turn);
    }

    void after(long delayNanos, Runnable action) {
        time.after(delayNanos, () -> {
            if (!dead && !stopping) {
                action.run();
            }
        });
    }

    int choose(int bound) {
        return bound == 1 ? 0 : random.nextInt(bound);
    }

    long nanos() {
        return time.nanos();
    }
}
