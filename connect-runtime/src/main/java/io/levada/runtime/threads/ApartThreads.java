/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes threads that run code of plugins, each in a group that no other of them is in while it runs: a plugin finds the threads of its group and
 * may interrupt them all, which are this one and those that were made on it, by the plugin or by the worker: the clients of a task, too. All are
 * daemons.
 *
 * <p>A group is never destroyed, as until Java 19 one that is a daemon is with its last thread: a plugin may have made a pool on the thread, whose
 * later threads go to the same group. It is lent again, to a thread of the same kind. So there are as many of a kind as have ever run at once, and
 * those of a connector or task outlive it under its name.
 */
public final class ApartThreads {
    /** Beside the worker's own threads, wherever the first plugin begins. */
    private static final ThreadGroup ALL = new ThreadGroup(main(), "levada-plugins");

    /** Groups by kind in which none of these threads runs; guarded by itself. */
    private static final Map<String, Deque<ThreadGroup>> FREE = new HashMap<>();

    private ApartThreads() {}

    /** A thread that is not started yet; to be started. */
    public static Thread of(String name, Runnable work) {
        return of(name, name, work);
    }

    /**
     * As above, for threads that each have a name of their own.
     *
     * @param kind what they have in common: there must not be ever more of these
     */
    public static Thread of(String kind, String name, Runnable work) {
        ThreadGroup group = borrow(kind);
        Thread thread = new Thread(
                group,
                () -> {
                    try {
                        work.run();
                    } finally {
                        giveBack(kind, group);
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private static ThreadGroup borrow(String kind) {
        synchronized (FREE) {
            Deque<ThreadGroup> free = FREE.get(kind);
            return free == null || free.isEmpty() ? new ThreadGroup(ALL, kind) : free.pop();
        }
    }

    private static void giveBack(String kind, ThreadGroup group) {
        synchronized (FREE) {
            FREE.computeIfAbsent(kind, first -> new ArrayDeque<>()).push(group);
        }
    }

    private static ThreadGroup main() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null && group.getParent().getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
