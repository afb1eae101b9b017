/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.threads.ApartThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call plugins, for somebody each: a connector or a class of plugins, its owner. A call has a place among few; one that is not back
 * within {@link #PATIENCE} goes on without, and the next begins on another thread, so that plugins that hang hold up nobody else. They are
 * bounded by owner, of which further calls then wait for their own kind alone, and in all. A call that is not back at its limit, waiting included,
 * has failed and is interrupted; its thread is left behind until it returns.
 */
final class PluginThreads implements AutoCloseable {
    /** Most calls are back sooner; those that ask a database take about as long. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long IDLE_SECONDS = 10;

    /**
     * How many calls there may be.
     *
     * @param places that run and are not slow yet
     * @param placesOfOne of these, with the same owner
     * @param running that run, slow ones included: each is a thread
     * @param runningOfOne of these, with the same owner
     * @param waiting that have not begun
     * @param waitingOfOne of these, with the same owner
     */
    record Bounds(int places, int placesOfOne, int running, int runningOfOne, int waiting, int waitingOfOne) {}

    /** Does something later, once; must not be held up by it. What it gives back calls that off, and forgets it. */
    @FunctionalInterface
    interface Timer {
        Runnable after(Duration delay, Runnable action);
    }

    /** As {@link ApartThreads#of(String, String, Runnable)}; null if there is none to be had. */
    @FunctionalInterface
    interface Maker {
        @Nullable
        Thread thread(String kind, String name, Runnable work);
    }

    private final Bounds bounds;
    private final Duration limit;
    private final Timer timer;
    private final ExecutorService threads;
    /** In the order in which they came; this and the next four are guarded by this. */
    private final Set<Call<?>> waiting = new LinkedHashSet<>();

    private final Map<String, Owner> owners = new HashMap<>();
    private int places;
    private int running;
    private boolean closed;

    /** @param kind what the threads are called, {@code <kind>-<n>} */
    PluginThreads(String kind, Bounds bounds, Duration limit) {
        this(kind, bounds, limit, PluginThreads::after, ApartThreads::of);
    }

    PluginThreads(String kind, Bounds bounds, Duration limit, Timer timer, Maker maker) {
        this.bounds = bounds;
        this.limit = limit;
        this.timer = timer;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // The bounds are kept here.
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> maker.thread(kind, kind + "-" + number.getAndIncrement(), work));
    }

    private static Runnable after(Duration delay, Runnable action) {
        CompletableFuture<Void> due =
                new CompletableFuture<Void>().completeOnTimeout(null, delay.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> unused = due.thenRun(action);
        return () -> due.cancel(false);
    }

    /** Fails with what the work threw, {@link TimeoutException}, or {@link TooManyValidationsException}. */
    <T> CompletionStage<T> run(String owner, Supplier<T> work) {
        Call<T> call = new Call<>(owner, work);
        RuntimeException refused = enter(call);
        if (refused != null) {
            call.answer.completeExceptionally(refused);
        } else {
            Runnable callOff = timer.after(limit, () -> giveUp(call));
            // Or the timer keeps the call until its limit, with the config and the answer, which have secrets.
            CompletableFuture<T> unused = call.answer.whenComplete((answer, failure) -> callOff.run());
        }
        return call.answer;
    }

    private synchronized @Nullable RuntimeException enter(Call<?> call) {
        if (closed) {
            return stopping();
        }
        Owner owner = owners.computeIfAbsent(call.owner, first -> new Owner());
        if (waiting.size() >= bounds.waiting || owner.waiting >= bounds.waitingOfOne) {
            int ahead = owner.waiting >= bounds.waitingOfOne ? owner.waiting : waiting.size();
            forgetIfIdle(call.owner);
            return new TooManyValidationsException(ahead);
        }
        waiting.add(call);
        owner.waiting++;
        beginWhatMay();
        return null;
    }

    private static RuntimeException stopping() {
        return new ConnectException("The worker is stopping");
    }

    private void beginWhatMay() {
        Iterator<Call<?>> next = waiting.iterator();
        while (!closed && next.hasNext() && places < bounds.places && running < bounds.running) {
            Call<?> call = next.next();
            Owner owner = ownerOf(call);
            if (owner.places < bounds.placesOfOne && owner.running < bounds.runningOfOne) {
                next.remove();
                owner.waiting--;
                begin(call, owner);
            }
        }
    }

    private void begin(Call<?> call, Owner owner) {
        call.hasPlace = true;
        places++;
        owner.places++;
        running++;
        owner.running++;
        try {
            threads.execute(call);
            Runnable unused = timer.after(PATIENCE, () -> slow(call));
        } catch (RuntimeException
                | Error e) { // The system gives no more threads. Whoever waits is not told here, under the lock.
            freePlace(call);
            running--;
            owner.running--;
            forgetIfIdle(call.owner);
            Runnable unused = timer.after(Duration.ZERO, () -> call.answer.completeExceptionally(e));
        }
    }

    private synchronized void slow(Call<?> call) {
        freePlace(call);
        beginWhatMay();
    }

    private void freePlace(Call<?> call) {
        if (call.hasPlace) {
            call.hasPlace = false;
            places--;
            ownerOf(call).places--;
        }
    }

    private synchronized void ended(Call<?> call) {
        call.runner = null;
        freePlace(call);
        running--;
        ownerOf(call).running--;
        forgetIfIdle(call.owner);
        beginWhatMay();
    }

    private Owner ownerOf(Call<?> call) {
        Owner owner = owners.get(call.owner);
        if (owner == null) {
            throw new IllegalStateException("a call of " + call.owner + ", which has none");
        }
        return owner;
    }

    private void forgetIfIdle(String name) {
        Owner owner = owners.get(name);
        if (owner != null && owner.running == 0 && owner.waiting == 0) {
            owners.remove(name);
        }
    }

    private void giveUp(Call<?> call) {
        if (call.answer.completeExceptionally(new TimeoutException())) {
            leave(call);
        }
    }

    private synchronized void leave(Call<?> call) {
        if (waiting.remove(call)) {
            ownerOf(call).waiting--;
            forgetIfIdle(call.owner);
        }
        if (call.runner != null) {
            call.runner.interrupt();
            slow(call);
        }
    }

    private synchronized boolean begun(Call<?> call) {
        if (call.answer.isDone()) {
            return false;
        }
        call.runner = Thread.currentThread();
        return true;
    }

    @Override
    public void close() {
        List<Call<?>> unanswered;
        synchronized (this) {
            closed = true;
            unanswered = List.copyOf(waiting);
            threads.shutdownNow();
        }
        unanswered.forEach(call -> call.answer.completeExceptionally(stopping()));
    }

    /** How many calls one owner has. */
    private static final class Owner {
        private int waiting;
        private int places;
        private int running;
    }

    private final class Call<T> implements Runnable {
        private final String owner;
        private final Supplier<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        /** This and the next are guarded by the pool. */
        private @Nullable Thread runner;

        private boolean hasPlace;

        private Call(String owner, Supplier<T> work) {
            this.owner = owner;
            this.work = work;
        }

        @Override
        public void run() {
            try {
                if (begun(this)) {
                    answer.complete(work.get());
                }
            } catch (Throwable e) { // plugin code on our thread: its errors belong to the answer
                answer.completeExceptionally(PluginLoadException.explained(e, null));
            } finally {
                ended(this);
            }
        }
    }
}
