/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells when the first records that a source task polled are all where they should be, which shows that it works. Told
 * of them by the producer's thread, of those that are dropped by the task's.
 */
final class FirstBatch {
    private final AtomicInteger open;
    private final Runnable onAcknowledged;

    FirstBatch(int records, Runnable onAcknowledged) {
        this.open = new AtomicInteger(records);
        this.onAcknowledged = onAcknowledged;
    }

    /** One of the records has arrived, or was dropped on purpose. */
    void done() {
        if (open.decrementAndGet() == 0) {
            onAcknowledged.run();
        }
    }
}
