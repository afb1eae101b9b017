/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a task has opened, to be closed in reverse. Whoever opens several things adds each at once and closes all if the
 * next cannot be had: a task that fails to start is started again and again, and each time would leave some behind.
 */
public final class Opened implements AutoCloseable {
    private final TaskLog log;
    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String what, AutoCloseable close) {}

    public Opened(TaskLog log) {
        this.log = log;
    }

    /** Adds what is open now. */
    public <T extends AutoCloseable> T add(String what, T part) {
        closing(what, part);
        return part;
    }

    /** Adds what is closed by other means than its own {@code close()}. */
    public void closing(String what, AutoCloseable close) {
        parts.push(new Part(what, close));
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            Closing.close(log, part.what, part.close);
        }
    }
}
