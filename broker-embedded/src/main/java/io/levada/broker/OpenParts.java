/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened and is to be closed again, last first, whatever fails. */
final class OpenParts implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenParts.class);
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <P extends AutoCloseable> P opened(P part) {
        parts.push(part);
        return part;
    }

    /** Failures are logged. */
    @Override
    public void close() {
        close(null);
    }

    /** Failures are added to {@code reason}. */
    void closeBecauseOf(Throwable reason) {
        close(reason);
    }

    private void close(@Nullable Throwable reason) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (reason != null) {
                    reason.addSuppressed(e);
                } else {
                    LOGGER.atError().setCause(e).log("a part of the broker did not close");
                }
            }
        }
    }
}
