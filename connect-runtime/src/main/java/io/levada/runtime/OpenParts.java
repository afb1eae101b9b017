/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker has opened so far, closed in reverse. Guarded, because a worker may be stopped while it starts. */
final class OpenParts implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private @Nullable AutoCloseable door;
    private boolean closed;

    /** Takes over the closing of a part; at once if it is too late. */
    synchronized <P extends AutoCloseable> P add(P part) {
        parts.push(part);
        if (closed) {
            closeAll();
            throw new IllegalStateException("the worker was stopped while it started");
        }
        return part;
    }

    /** Takes over a part that is closed before all others, whenever they come. */
    synchronized <P extends AutoCloseable> P addLast(P part) {
        door = part;
        return add(part);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (door != null) {
            parts.remove(door);
            parts.push(door);
        }
        closeAll();
    }

    private void closeAll() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                // Plugins of the worker are among the parts: whatever they throw, the broker must be closed.
                LOGGER.atWarn()
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .setCause(e)
                        .log("did not close cleanly");
            }
        }
    }
}
