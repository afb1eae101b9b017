/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.diagnosis.FailureText;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What all lines of the log about one life of a task have: which task it is, and of what plugins throw nothing that config providers gave.
 */
public final class TaskLog {
    private final TaskId id;
    private volatile Resolved fromProviders;

    /** @param fromProviders what they gave at the start of this life */
    public TaskLog(TaskId id, Resolved fromProviders) {
        this.id = id;
        this.fromProviders = fromProviders.withoutShort();
    }

    /** They have given something else since: that is not told either. For any thread. */
    public void onResolved(Resolved all) {
        fromProviders = all.withoutShort();
    }

    public TaskId id() {
        return id;
    }

    /** A text without what config providers gave. */
    public String hidden(String text) {
        return fromProviders.hiddenIn(text);
    }

    /** The line with the task. */
    public LoggingEventBuilder about(LoggingEventBuilder line) {
        return line.addKeyValue("connector", id.connector()).addKeyValue("task", id.task());
    }

    /** The line with the task and the stack trace of a failure. */
    public LoggingEventBuilder cause(LoggingEventBuilder line, Throwable failure) {
        return about(line).setCause(FailureText.tellable(fromProviders.hiddenIn(failure)));
    }

    /** The line with the task and what a failure says, without its stack trace. */
    public LoggingEventBuilder error(LoggingEventBuilder line, Throwable failure) {
        return about(line).addKeyValue("error", FailureText.of(FailureText.tellable(fromProviders.hiddenIn(failure))));
    }
}
