/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.simulation.Fibers.Fiber;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.jspecify.annotations.Nullable;

/**
 * An internal topic, as one process sees it: what is sent is held in order, late, or refused. What is on its way when the
 * process dies may arrive later.
 */
final class SimulatedLog implements TopicLog {
    private static final int REFUSED_ONE_IN = 12;
    private static final int SLOW_ONE_IN = 10;
    private static final long USUAL_MS_MAX = 30;
    private static final long SLOW_MS_MAX = 6_000;

    private final Fibers fibers;
    private final KeptTopic kept;
    private final Weather weather;
    private final Watch watch;
    private final Deque<Write> writes = new ArrayDeque<>();
    private final Fiber thread;

    /** Hears of what is handed over, and of what came of it. */
    interface Watch {
        default boolean mayBeRefused(byte[] key) {
            return true;
        }

        /** Whether what a dead process has sent may arrive beside what the next one sends. */
        default boolean mayArriveLate() {
            return true;
        }

        default void handedOver(byte[] key, byte @Nullable [] value) {}

        default void held(byte[] key, byte @Nullable [] value) {}

        /** What a dead process has sent is held after all; nobody is told. */
        default void heldLate(byte[] key, byte @Nullable [] value) {}
    }

    private static final class Write {
        private final byte[] key;
        private final byte @Nullable [] value;
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        private Write(byte[] key, byte @Nullable [] value) {
            this.key = key;
            this.value = value;
        }
    }

    SimulatedLog(
            Fibers fibers,
            WorkerProcess process,
            KeptTopic kept,
            TopicListener listener,
            Weather weather,
            Watch watch) {
        this.fibers = fibers;
        this.kept = kept;
        this.weather = weather;
        this.watch = watch;
        kept.readBy(process, listener);
        this.thread = fibers.start(process, "log-" + kept.name(), this::work);
    }

    @Override
    public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
        fibers.turn();
        watch.handedOver(key, value);
        Write write = new Write(key, value);
        writes.add(write);
        fibers.wake(thread);
        return write.answer;
    }

    private void work() {
        while (true) {
            Write next = writes.peek();
            try {
                if (next == null) {
                    fibers.park(-1);
                } else {
                    fibers.parkThrough(1 + fibers.someNanos(latencyMs()));
                    if (weather.isBad() && watch.mayBeRefused(next.key) && fibers.oneIn(REFUSED_ONE_IN)) {
                        fibers.trace().note(kept.name() + " refuses " + KeptTopic.text(next.key, next.value));
                        next.answer.completeExceptionally(new NotEnoughReplicasException("simulated"));
                    } else {
                        kept.add(next.key, next.value);
                        watch.held(next.key, next.value);
                        fibers.parkThrough(1 + fibers.someNanos(latencyMs()));
                        next.answer.complete(null);
                    }
                    writes.remove();
                }
            } catch (InterruptedException ignored) {
                // Nobody means this thread: looked at again.
            }
        }
    }

    private long latencyMs() {
        return weather.isBad() && fibers.oneIn(SLOW_ONE_IN) ? SLOW_MS_MAX : USUAL_MS_MAX;
    }

    /** The process has died: of what is on its way some still arrives. */
    void died() {
        int arriving = writes.isEmpty() ? 0 : fibers.choose(writes.size() + 1);
        long arrives = 0;
        for (Write write : writes.stream().limit(arriving).toList()) {
            arrives += fibers.someNanos(USUAL_MS_MAX);
            if (watch.mayArriveLate()) {
                fibers.after(arrives, () -> {
                    kept.add(write.key, write.value);
                    watch.heldLate(write.key, write.value);
                });
            } else {
                kept.add(write.key, write.value);
            }
        }
        writes.clear();
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        fibers.turn();
        return CompletableFuture.completedFuture(null); // What is held is told at once.
    }
}
