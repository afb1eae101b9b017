/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import org.jspecify.annotations.Nullable;

/** Hears from a running task, on the task's thread; must not block. */
public interface TaskListener {
    /**
     * What config providers have given for this life so far; heard before the plugin sees it, on a thread of the plugin where that asks for its
     * config again. Not to be told to anybody.
     */
    void onResolved(Resolved resolved);

    /**
     * The plugin has started, or goes on after a pause.
     *
     * @param version of the task's class; null if it says none
     */
    void onRunning(@Nullable String version);

    /** It can work from now on, which takes a sink its partitions; after each {@link #onRunning}. How long it does so proves something. */
    void onReady();

    /** It works no more: what it has open is being closed, which may take its time and proves nothing. */
    void onClosing();

    /** Whether the task has failed before, so that somebody waits to hear that it works. */
    boolean onProbation();

    /**
     * The task has done what it is for, the first time in its life: a source has records acknowledged, a sink has offsets
     * committed of records it was given. May be called on a client's thread.
     */
    void onWorked();

    /** The task keeps still, as asked. */
    void onPaused(@Nullable String version);
}
