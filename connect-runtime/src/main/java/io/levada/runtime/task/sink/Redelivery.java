/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import java.time.Duration;

/** How long to wait before a batch that put refused for now is put again: longer each time, unless the task says how long. */
final class Redelivery {
    private static final long FIRST_MS = 500;
    private static final long LONGEST_MS = 30_000;

    private int refusals;

    void refused() {
        refusals++;
    }

    void accepted() {
        refusals = 0;
    }

    /** Whether a batch waits to be put again. */
    boolean pending() {
        return refusals > 0;
    }

    Duration delay() {
        return Duration.ofMillis(Math.min(LONGEST_MS, FIRST_MS << Math.min(refusals - 1, 10)));
    }
}
