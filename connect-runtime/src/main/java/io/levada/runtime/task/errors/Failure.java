/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record that one stage could not take.
 *
 * @param plugin class of the plugin that failed
 * @param where the record's coordinates, in words; never its contents
 * @param consumed the record as read from Kafka; null for a source
 * @param cause as it was thrown: whatever a plugin's class does when it is asked
 * @param attempts how often it was tried
 * @param advice what to change; empty, or a sentence behind a space
 */
public record Failure(
        TaskId task,
        Stage stage,
        String plugin,
        String where,
        @Nullable ConsumerRecord<byte[], byte[]> consumed,
        Throwable cause,
        int attempts,
        String advice) {
    public Failure(
            TaskId task,
            Stage stage,
            String plugin,
            String where,
            @Nullable ConsumerRecord<byte[], byte[]> consumed,
            Throwable cause,
            int attempts) {
        this(task, stage, plugin, where, consumed, cause, attempts, "");
    }

    /** As it may be reported: without what must not be told, and with what the cause says now, whatever it says when it is asked again. */
    Failure told(UnaryOperator<String> hiding) {
        return new Failure(
                task,
                stage,
                hiding.apply(plugin),
                hiding.apply(where),
                consumed,
                MaskedFailure.of(cause, hiding),
                attempts,
                hiding.apply(advice));
    }

    /** One line: stage, plugin, record, cause, advice. Of any length, as the cause has it: what must not be told of it is hidden later, in the whole text. */
    public String describe() {
        return stage + " by " + plugin + " failed for " + where
                + (attempts > 1 ? " after " + attempts + " attempts" : "") + ": " + FailureText.of(cause) + advice;
    }
}
