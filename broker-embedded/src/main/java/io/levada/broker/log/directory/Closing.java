/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import java.io.IOException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/** Closes parts whatever fails, several at once if need be, and tells of all failures at the end. */
public final class Closing {
    private @Nullable KafkaStorageException failure;

    /** A step that may fail as a disk fails. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    void close(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            note(e);
        }
    }

    private synchronized void note(Exception e) {
        KafkaStorageException all =
                failure == null ? new KafkaStorageException("not everything could be closed") : failure;
        all.addSuppressed(e);
        failure = all;
    }

    synchronized boolean isClean() {
        return failure == null;
    }

    synchronized void rethrow(String message) {
        KafkaStorageException all = failure;
        if (all != null) {
            throw new KafkaStorageException(message, all);
        }
    }
}
