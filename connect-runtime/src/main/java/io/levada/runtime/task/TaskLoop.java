/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import org.jspecify.annotations.Nullable;

/** A task at work. */
public interface TaskLoop {
    /** The version of the task's class, known before it is started; null if it says none. Calls no plugin: nothing would close a loop that is not run. */
    @Nullable
    String version();

    /**
     * Works until asked to stop, then commits what can be committed and closes everything. Called once, on the task's
     * thread, which has its plugin's class loader as context.
     *
     * @throws Exception if the task must end; everything is closed then, too
     */
    void run() throws Exception;

    /** Tells the plugin to stop, from another thread, because it does not come back from a call. */
    void signalStop();

    /** The task is given up: from now on it commits nothing. From another thread, before {@link #abandon}; must not block. */
    default void fence() {}

    /** Frees what a hanging task holds, from another thread, and may block; it is not waited for any more and commits nothing. */
    void abandon();
}
