/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

/**
 * Makes threads that run code of plugins, each in a group of its own: a plugin finds the threads of its group and may interrupt them all,
 * which are this one and those that it has started itself. All are daemons.
 */
public final class ApartThreads {
    /** Beside the worker's own threads, wherever the first plugin begins. */
    private static final ThreadGroup ALL = new ThreadGroup(main(), "levada-plugins");

    private ApartThreads() {}

    /** A thread that is not started yet. */
    public static Thread of(String name, Runnable work) {
        Thread thread = new Thread(group(name), work, name);
        thread.setDaemon(true);
        return thread;
    }

    @SuppressWarnings(
            "removal") // Until Java 19 a group that is no daemon is kept by its parent for ever; later it makes no
    // difference.
    private static ThreadGroup group(String name) {
        ThreadGroup group = new ThreadGroup(ALL, name);
        group.setDaemon(true);
        return group;
    }

    private static ThreadGroup main() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null && group.getParent().getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
