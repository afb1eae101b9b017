/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import java.time.Duration;

/** Time, for a record that is tried again. */
public interface RetryClock {
    /** Monotonic nanoseconds. */
    long nanos();

    /**
     * Waits.
     *
     * @return at once and true if the task is to stop
     */
    boolean await(Duration delay) throws InterruptedException;
}
