/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.thread;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Makes the executors that the broker's work runs on. Who asks for one owns it and shuts it down; its threads are daemons, and nobody interrupts
 * them: that would close the log's files under other threads (a {@link java.nio.channels.FileChannel} closes when a thread is interrupted in it).
 *
 * <p>Work on these executors never waits for other work on them, the orderly stop of the broker excepted.
 */
public interface Threads {
    /** One thread with that name: tasks run one at a time, in order. */
    ExecutorService single(String name);

    /** {@code size} threads, named {@code name-0} and so on. */
    ExecutorService pool(String name, int size);

    /** One thread with that name, for tasks and timers; a timer that is cancelled is gone at once, and shutting down drops those that wait. */
    ScheduledExecutorService scheduler(String name);

    /** Threads of the operating system. */
    static Threads ofSystem() {
        return new SystemThreads();
    }
}
