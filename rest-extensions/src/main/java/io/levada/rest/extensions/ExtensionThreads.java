/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import io.levada.runtime.threads.ApartThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of extension code. About {@value #PLACES} calls run at a time and the others wait; but one that is not back after a second gives its place to the next
 * and keeps its thread, so that those that hang hold nobody up before there are {@value #THREADS_MAX} of them. When nobody waits for its answer any more it is
 * interrupted, and a request that nobody waits for when its turn comes is not carried out.
 */
final class ExtensionThreads implements Executor {
    static final int PLACES = 16;
    static final int THREADS_MAX = 256;

    private static final String KIND = "levada-rest-extension";

    private static final Logger LOGGER = LoggerFactory.getLogger(ExtensionThreads.class);
    private static final ThreadLocal<@Nullable Call> CURRENT = new ThreadLocal<>();

    private final Times times;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor clock;
    /** How many calls have given up their places. Guarded by this. */
    private int slow;

    private volatile boolean closed;

    /**
     * How long a call may take.
     *
     * @param place until its place is another's
     * @param answer until it is interrupted; as long as the worker's client waits, for a place too
     * @param nanoTime as {@link System#nanoTime}
     */
    record Times(Duration place, Duration answer, LongSupplier nanoTime) {
        static final Times DEFAULT = new Times(Duration.ofSeconds(1), Duration.ofSeconds(90));

        Times(Duration place, Duration answer) {
            this(place, answer, System::nanoTime);
        }
    }

    ExtensionThreads(ClassLoader context, Times times) {
        this.times = times;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(PLACES, PLACES, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = ApartThreads.of(KIND, KIND + "-" + number.getAndIncrement(), work);
                    thread.setContextClassLoader(context);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        threads.setMaximumPoolSize(
                THREADS_MAX); // The queue has no bound: what grows is the core, by those that are slow.
        this.clock = new ScheduledThreadPoolExecutor(
                1,
                work -> {
                    Thread thread = new Thread(work, "levada-rest-extension-clock");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // The worker stops, and nobody is timed any more.
        clock.setRemoveOnCancelPolicy(true);
    }

    /** Whether the call that this thread is in was interrupted: whatever a filter makes of that, it has not let anybody in. */
    static boolean isGivenUp() {
        Call call = CURRENT.get();
        return call != null && call.isGivenUp();
    }

    /** How many wait for a place. */
    int waiting() {
        return threads.getQueue().size();
    }

    /** Whether every thread there may be is taken by a call that does not come back. */
    synchronized boolean allHang() {
        return slow >= THREADS_MAX;
    }

    /**
     * Carries out a request, unless its turn comes when its client has been told that it failed.
     *
     * @param late what is done then
     * @throws java.util.concurrent.RejectedExecutionException when the worker stops
     */
    void request(Runnable code, Runnable late) {
        Call call = new Call();
        threads.execute(() -> call.run(call.isLate() ? late : code));
    }

    /**
     * Goes on with a request that the worker has answered; what is done is done, so it always has its turn, and its own time.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the worker stops
     */
    @Override
    public void execute(Runnable code) {
        threads.execute(() -> new Call().run(code));
    }

    void close() {
        closed = true; // Before the interrupts, for those who look then.
        threads.shutdownNow();
        clock.shutdownNow();
    }

    private synchronized void slow(int more) {
        slow += more;
        threads.setCorePoolSize(Math.min(PLACES + slow, THREADS_MAX));
    }

    private final class Call {
        private final long since = times.nanoTime().getAsLong();
        /** While it runs. This and the next two are guarded by this. */
        private @Nullable Thread thread;

        private boolean isSlow;
        private boolean interrupted;

        private void run(Runnable code) {
            synchronized (this) {
                thread = Thread.currentThread();
            }
            Future<?> unlessBack =
                    clock.schedule(this::leavePlace, times.place().toMillis(), TimeUnit.MILLISECONDS);
            CURRENT.set(this);
            try {
                code.run();
            } finally {
                CURRENT.remove();
                unlessBack.cancel(false);
                comeBack();
            }
        }

        private synchronized void leavePlace() {
            if (thread != null) {
                isSlow = true;
                slow(1);
                Future<?> unused = clock.schedule(this::giveUp, nanosLeft(), TimeUnit.NANOSECONDS);
            }
        }

        private synchronized void giveUp() {
            if (thread != null) {
                interrupted = true;
                LOGGER.atWarn()
                        .addKeyValue("thread", thread.getName())
                        .log(
                                "a REST extension has not come back for {} s and is interrupted",
                                times.answer().toSeconds());
                thread.interrupt();
            }
        }

        private synchronized void comeBack() {
            thread = null;
            if (isSlow) {
                slow(-1);
            }
        }

        private synchronized boolean isGivenUp() {
            return interrupted || closed || isLate();
        }

        private boolean isLate() {
            return nanosLeft() <= 0;
        }

        private long nanosLeft() {
            return times.answer().toNanos() - (times.nanoTime().getAsLong() - since);
        }
    }
}
