/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.TaskId;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What all lines of the log about one life of a task have: which task it is, and of what plugins throw nothing that config providers gave.
 *
 * @param fromProviders what they gave for this life
 */
public record TaskLog(TaskId id, Resolved fromProviders) {
    public TaskLog {
        fromProviders = fromProviders.withoutShort();
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
