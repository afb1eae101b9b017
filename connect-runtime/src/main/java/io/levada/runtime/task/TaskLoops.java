/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.metrics.TaskMeter;

/** Makes the loop of a task: the one place that tells sources and sinks apart. */
@FunctionalInterface
public interface TaskLoops {
    /** A loop that has not begun; called on the task's thread. */
    TaskLoop open(TaskSpec spec, TaskControl control, TaskListener listener, TaskMeter meter);
}
