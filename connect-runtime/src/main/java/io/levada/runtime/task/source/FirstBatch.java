/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

/**
 * Tells when the first records that a source task polled are all where they should be, which shows that it works. Told
 * of sends by the task's thread and of acknowledgements by the producer's, hence guarded.
 */
final class FirstBatch {
    private final Runnable onAcknowledged;
    private int open;
    private boolean complete;

    FirstBatch(Runnable onAcknowledged) {
        this.onAcknowledged = onAcknowledged;
    }

    /** One more record is on its way; false if it belongs to a later batch. */
    synchronized boolean sending() {
        if (!complete) {
            open++;
        }
        return !complete;
    }

    /** A record of the batch has arrived, or was taken back to be sent anew. */
    synchronized void done() {
        open--;
        tellIfDone();
    }

    /** No more records belong to it. Further calls do nothing. */
    synchronized void complete() {
        if (!complete) {
            complete = true;
            tellIfDone();
        }
    }

    private void tellIfDone() {
        if (complete && open == 0) {
            onAcknowledged.run();
        }
    }
}
