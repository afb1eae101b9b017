/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import java.io.IOException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/** Closes one part after the other whatever fails, and tells of all failures at the end. */
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
            KafkaStorageException all =
                    failure == null ? new KafkaStorageException("not everything could be closed") : failure;
            all.addSuppressed(e);
            failure = all;
        }
    }

    boolean isClean() {
        return failure == null;
    }

    void rethrow(String message) {
        KafkaStorageException all = failure;
        if (all != null) {
            throw new KafkaStorageException(message, all);
        }
    }
}
