/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import java.util.concurrent.CompletableFuture;

/** Makes a skipped record known. */
public interface FailureReporter extends AutoCloseable {
    /**
     * Reports; does not block for long.
     *
     * @return completes once the report is where it will not get lost, and fails if it cannot be put there
     */
    CompletableFuture<Void> report(Failure failure);

    @Override
    void close();
}
