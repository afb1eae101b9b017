/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The only clock, the only queue and all threads of a simulation. The threads are Java's, but one of them runs at a time: it
 * goes on until it waits here, then the clock jumps to the next event. So the code under test may block, and a seed decides
 * who goes on when. A thread that waits for a monitor which a waiting one holds is left standing until that lets go.
 */
final class Fibers implements InstantSource {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long WAKE_NANOS_MAX = 200_000;
    private static final int YIELD_ONE_IN = 6;
    private static final long YIELD_NANOS_MAX = 3_000_000;
    private static final int UNWINDINGS_MAX = 10_000;

    private final SplittableRandom random;
    private final Trace trace;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    /** Looked through by the simulation while one of them may start another. */
    private final List<Fiber> fibers = new CopyOnWriteArrayList<>();

    private final Semaphore handedBack = new Semaphore(0);
    private long nowNanos;
    private long number;
    private volatile @Nullable Fiber running;
    private volatile @Nullable Throwable failure;

    Fibers(SplittableRandom random) {
        this.random = random;
        this.trace = new Trace(this::nanos);
    }

    private record Event(long atNanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** The process of a thread has died: the thread does nothing more. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("the process is dead", null, false, false);
        }
    }

    /** Threads that die together. */
    static final class WorkerProcess {
        private boolean dead;

        boolean isDead() {
            return dead;
        }
    }

    private enum Doing {
        WAITING,
        RUNNING,
        OVER
    }

    /** A thread. What it shares is handed over with the right to run. */
    final class Fiber extends Thread {
        private final WorkerProcess process;
        private final Runnable work;
        private final Semaphore permit = new Semaphore(0);
        private volatile Doing doing = Doing.WAITING;
        private @Nullable Object monitor;
        private boolean granted;
        private long wait;
        /** Until when it waits, to be put down by whoever comes next; none if negative. */
        private long deadlineNanos = -1;

        private boolean interruptible;
        private boolean interruptPending;

        private Fiber(WorkerProcess process, String name, Runnable work) {
            super(null, null, name, 0, false);
            this.process = process;
            this.work = work;
            setDaemon(true);
        }

        @Override
        public void run() {
            permit.acquireUninterruptibly();
            try {
                if (!process.dead) {
                    work.run();
                }
            } catch (Killed ignored) {
                // That is how threads of a dead process end.
            } catch (Throwable e) {
                if (!process.dead) {
                    Fibers.this.fail(e);
                }
            } finally {
                doing = Doing.OVER;
                handedBack.release();
            }
        }

        /** By another thread: told when it waits, or is about to. */
        @Override
        public void interrupt() {
            if (Thread.currentThread() == this) {
                super.interrupt();
                return;
            }
            interruptPending = true;
            if (interruptible) {
                wake(this);
            }
        }

        private void fail(Violation violation) {
            Fibers.this.fail(violation);
        }

        boolean isOver() {
            return doing == Doing.OVER;
        }
    }

    /** Ends the simulation that the calling thread belongs to. */
    static void noticed(Violation violation) {
        if (Thread.currentThread() instanceof Fiber fiber) {
            fiber.fail(violation);
        }
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    Trace trace() {
        return trace;
    }

    long nanos() {
        return nowNanos;
    }

    long events() {
        return number;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nowNanos);
    }

    /** A number below {@code bound}, decided by the seed; by whoever runs. */
    int choose(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int bound) {
        return random.nextInt(bound) == 0;
    }

    /** From none to {@code maxMs}. */
    long someNanos(long maxMs) {
        return random.nextLong(TimeUnit.MILLISECONDS.toNanos(maxMs) + 1);
    }

    /** Something that happens outside of all processes: no code under test runs in it. */
    void after(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, delayNanos), number++, action));
    }

    Fiber start(WorkerProcess process, String name, Runnable work) {
        if (process.dead) {
            throw new Killed();
        }
        Fiber fiber = new Fiber(process, name, work);
        fibers.add(fiber);
        fiber.start();
        wake(fiber);
        return fiber;
    }

    /** Lets happen what is due until a condition holds, or the time is over; whether it holds. */
    boolean run(BooleanSupplier until, long nanosMax) {
        long end = nowNanos + nanosMax;
        while (!until.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNanos > end) {
                return false;
            }
            events.remove();
            nowNanos = next.atNanos;
            next.action.run();
            throwFailure();
        }
        return true;
    }

    private void throwFailure() {
        Throwable found = failure;
        if (found instanceof Violation broken) {
            throw broken;
        }
        if (found != null) {
            throw new Violation("a thread has failed: " + found, found);
        }
    }

    /** Ends all threads of a process, wherever they are. */
    void kill(WorkerProcess process) {
        process.dead = true;
        for (int round = 0; round < UNWINDINGS_MAX; round++) {
            List<Fiber> left = fibers.stream()
                    .filter(fiber -> fiber.process == process && !fiber.isOver())
                    .toList();
            if (left.isEmpty()) {
                fibers.removeIf(Fiber::isOver);
                return;
            }
            left.stream().filter(fiber -> fiber.doing == Doing.WAITING).forEach(this::resume);
            awaitQuiet();
        }
        throw new IllegalStateException("threads of a dead process do not end");
    }

    /** A moment at which another thread may come first. Every call of the code under test to the outside begins with it. */
    void turn() {
        Fiber self = self();
        if (self.process.dead) {
            throw new Killed();
        }
        if (running != self) {
            pause(self, WAKE_NANOS_MAX); // Let go by a monitor, it runs beside another, and may not draw a number.
        } else if (oneIn(YIELD_ONE_IN)) {
            pause(self, 1 + random.nextLong(YIELD_NANOS_MAX));
        }
    }

    private void pause(Fiber self, long nanos) {
        self.deadlineNanos = nowNanos + nanos;
        handBack(self);
    }

    /** Waits, for that long at most if it is not negative, or until woken. */
    void park(long nanos) throws InterruptedException {
        Fiber self = self();
        if (self.process.dead) {
            throw new Killed();
        }
        throwIfInterrupted(self);
        self.deadlineNanos = nanos < 0 ? -1 : nowNanos + nanos;
        self.interruptible = true;
        handBack(self);
        self.interruptible = false;
        throwIfInterrupted(self);
    }

    /** As {@link #park}, whatever comes. */
    void parkThrough(long nanos) {
        pause(self(), nanos);
    }

    private void handBack(Fiber self) {
        self.doing = Doing.WAITING;
        handedBack.release();
        self.permit.acquireUninterruptibly();
        if (self.process.dead) {
            throw new Killed();
        }
    }

    private static void throwIfInterrupted(Fiber self) throws InterruptedException {
        boolean flagged = Thread.interrupted();
        if (self.interruptPending || flagged) {
            self.interruptPending = false;
            throw new InterruptedException("interrupted");
        }
    }

    /** As Object.wait: the monitor is free meanwhile. */
    void await(Object monitor, long ms) throws InterruptedException {
        Fiber self = self();
        if (self.process.dead) {
            throw new Killed();
        }
        throwIfInterrupted(self);
        self.deadlineNanos = ms > 0 ? nowNanos + TimeUnit.MILLISECONDS.toNanos(ms) : -1;
        self.monitor = monitor;
        self.granted = false;
        self.interruptible = true;
        self.doing = Doing.WAITING;
        handedBack.release();
        while (!self.granted) {
            monitor.wait();
        }
        self.interruptible = false;
        self.monitor = null;
        if (self.process.dead) {
            throw new Killed();
        }
        throwIfInterrupted(self);
    }

    /** As Object.notifyAll. */
    void wakeAll(Object monitor) {
        for (Fiber fiber : List.copyOf(fibers)) {
            if (fiber.monitor == monitor) {
                wake(fiber);
            }
        }
    }

    void wake(Fiber fiber) {
        if (fiber.doing == Doing.WAITING) {
            long wait = fiber.wait;
            after(1 + random.nextLong(WAKE_NANOS_MAX), () -> resumeFrom(fiber, wait));
        }
    }

    private void resumeFrom(Fiber fiber, long wait) {
        if (fiber.doing == Doing.WAITING && fiber.wait == wait && !fiber.process.dead) {
            resume(fiber);
            awaitQuiet();
            fibers.removeIf(Fiber::isOver);
        }
    }

    private void resume(Fiber fiber) {
        fiber.wait++;
        running = fiber;
        fiber.doing = Doing.RUNNING;
        Object monitor = fiber.monitor;
        if (monitor == null) {
            fiber.permit.release();
        } else {
            synchronized (monitor) {
                fiber.granted = true;
                monitor.notifyAll();
            }
        }
        awaitQuiet();
    }

    /** Until nobody runs, or only such as wait for the monitor of one that waits here. */
    private void awaitQuiet() {
        while (true) {
            List<Fiber> active = fibers.stream()
                    .filter(fiber -> fiber.doing == Doing.RUNNING)
                    .toList();
            try {
                if (active.isEmpty()
                        || (!handedBack.tryAcquire(1, TimeUnit.MILLISECONDS)
                                && active.stream().allMatch(this::isHeldUp))) {
                    putDownDeadlines();
                    return;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void putDownDeadlines() {
        for (Fiber fiber : fibers) {
            if (fiber.doing == Doing.WAITING && fiber.deadlineNanos >= 0) {
                long wait = fiber.wait;
                after(fiber.deadlineNanos - nowNanos, () -> resumeFrom(fiber, wait));
                fiber.deadlineNanos = -1;
            }
        }
    }

    private boolean isHeldUp(Fiber fiber) {
        ThreadInfo info = THREADS.getThreadInfo(fiber.getId());
        if (info == null || info.getThreadState() != Thread.State.BLOCKED) {
            return false;
        }
        long owner = info.getLockOwnerId();
        return fibers.stream()
                .anyMatch(other -> other.getId() == owner
                        && (other.doing == Doing.WAITING || (other.doing == Doing.RUNNING && isHeldUp(other))));
    }

    private Fiber self() {
        return (Fiber) Thread.currentThread();
    }

    /** The process that runs now. */
    WorkerProcess process() {
        return self().process;
    }

    /** The thread that runs now. */
    Fiber current() {
        return self();
    }
}
