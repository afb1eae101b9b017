/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

/** Hears from a running task, on the task's thread; must not block. */
public interface TaskListener {
    /**
     * The plugin has started and records flow.
     *
     * @param version of the task's class
     */
    void onRunning(String version);

    /** The task keeps still, as asked. */
    void onPaused(String version);
}
