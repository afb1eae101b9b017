/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.ErrorMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All the ways in which a task reports skipped records, as one.
 *
 * @param hiding gives a text without what must not be told; any thread
 */
public record Reports(List<FailureReporter> reporters, UnaryOperator<String> hiding) implements FailureReporter {
    public Reports {
        reporters = List.copyOf(reporters);
    }

    /** Those of a source task: sources have no dead letter topic. */
    public static Reports ofSource(ErrorSettings settings, UnaryOperator<String> hiding, ErrorMeter meter) {
        return new Reports(
                settings.log() ? List.of(new LogReporter(settings.logMessages(), meter)) : List.of(), hiding);
    }

    /** Those of a sink task; may make the dead letter topic, and block for that. */
    public static Reports ofSink(
            ErrorSettings settings,
            TaskId task,
            ClientConfigs clients,
            Map<String, @Nullable String> connectorConfig,
            UnaryOperator<String> hiding,
            ErrorMeter meter) {
        List<FailureReporter> reporters = new ArrayList<>();
        if (settings.log()) {
            reporters.add(new LogReporter(settings.logMessages(), meter));
        }
        if (!settings.deadLetterTopic().isEmpty()) {
            reporters.add(DeadLetters.open(
                    settings,
                    clients.deadLetterProducer(task, connectorConfig),
                    clients.connectorAdmin("connector-dlq-adminclient-" + task, task.connector(), connectorConfig),
                    meter));
        }
        return new Reports(reporters, hiding);
    }

    /** Whether anybody would hear of a report. */
    public boolean any() {
        return !reporters.isEmpty();
    }

    @Override
    public CompletableFuture<Void> report(Failure failure) {
        if (!any()) {
            return CompletableFuture.completedFuture(null);
        }
        Failure told = failure.told(hiding);
        return CompletableFuture.allOf(
                reporters.stream().map(to -> to.report(told)).toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        reporters.forEach(FailureReporter::close);
    }
}
