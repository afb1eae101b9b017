/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Whom a thread works for, put before each line it logs, plugins' lines included: the MDC key {@code connector.context} with the values that Kafka
 * Connect gives it (KIP-449), each with a space behind it.
 *
 * @param text such as {@code [orders|task-0] }
 */
public record LogContext(String text) {
    private static final String KEY = "connector.context";

    /** A connector's thread: {@code [orders|worker] }. */
    public static LogContext of(ConnectorName connector) {
        return new LogContext("[" + connector + "|worker] ");
    }

    /** A task's thread: {@code [orders|task-0] }. */
    public static LogContext of(TaskId task) {
        return new LogContext("[" + task.connector() + "|task-" + task.task() + "] ");
    }

    /** Whoever commits a source task's offsets: {@code [orders|task-0|offsets] }. */
    public static LogContext ofOffsets(TaskId task) {
        return new LogContext("[" + task.connector() + "|task-" + task.task() + "|offsets] ");
    }

    /** Whoever checks a connector's config, which may lack a name: {@code [orders|validate] }. */
    public static LogContext ofValidation(@Nullable String connector) {
        return new LogContext("[" + (connector == null ? "" : connector) + "|validate] ");
    }

    /** Holds for the calling thread until the scope is closed, which brings back what was before. */
    public Scope enter() {
        Scope scope = new Scope(MDC.get(KEY));
        MDC.put(KEY, text);
        return scope;
    }

    /** Holds while the job runs, and gives its answer. */
    public <T extends @Nullable Object> T call(Supplier<T> job) {
        Scope scope = enter();
        try {
            return job.get();
        } finally {
            scope.close();
        }
    }

    /** Holds while the job runs. */
    public void run(Runnable job) {
        Scope scope = enter();
        try {
            job.run();
        } finally {
            scope.close();
        }
    }

    /** Holds for good: for a thread that works for nobody else, such as that of a task's producer. */
    public void stay() {
        if (MDC.get(KEY) == null) {
            MDC.put(KEY, text);
        }
    }

    /**
     * To be closed by the thread that entered.
     *
     * @param before what held then
     */
    public record Scope(@Nullable String before) implements AutoCloseable {
        @Override
        public void close() {
            if (before == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, before);
            }
        }
    }
}
