/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Groups of threads for code of plugins, which finds all threads of its group and may interrupt them: those of the worker, of its broker and of
 * other connectors are in others. What a plugin starts is in its own group too.
 */
public final class PluginThreadGroups {
    /** Beside the worker's own threads, wherever the first plugin begins. */
    private static final ThreadGroup ALL = new ThreadGroup(main(), "levada-plugins");
    /** As many as there are names of threads: a group that is dropped is kept by its parent until Java 19. */
    private static final Map<String, ThreadGroup> GROUPS = new ConcurrentHashMap<>();

    private PluginThreadGroups() {}

    /** The group of that name, the same for each call. */
    public static ThreadGroup of(String name) {
        return GROUPS.computeIfAbsent(name, first -> new ThreadGroup(ALL, first));
    }

    private static ThreadGroup main() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null && group.getParent().getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
