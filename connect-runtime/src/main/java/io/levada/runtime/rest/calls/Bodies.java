/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.diagnosis.TellingCause;
import io.levada.runtime.herder.ConnectorInfo;
import io.levada.runtime.herder.ConnectorOffset;
import io.levada.runtime.herder.ConnectorStatus;
import io.levada.runtime.herder.Diagnosis;
import io.levada.runtime.herder.ReportedState;
import io.levada.runtime.herder.TaskInfo;
import io.levada.runtime.herder.TaskStatus;
import io.levada.runtime.lifecycle.FailureReport;
import io.levada.runtime.metrics.ReadingProgress;
import io.levada.runtime.plugins.PluginDescription;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of answers: names and order of fields as Kafka Connect writes them. */
final class Bodies {
    private Bodies() {}

    static Map<String, @Nullable Object> info(ConnectorInfo info) {
        return fields(
                "name", info.name().value(),
                "config", info.config(),
                "tasks", info.tasks().stream().map(Bodies::id).toList(),
                "type", info.type().toString());
    }

    static Map<String, @Nullable Object> status(ConnectorStatus status) {
        return fields(
                "name", status.name().value(),
                "connector", reported(fields(), status.connector()),
                "tasks", status.tasks().stream().map(Bodies::task).toList(),
                "type", status.type().toString());
    }

    /**
     * The status, each part with its failure: null if it is healthy. Tasks also with how far they are with reading everything: null if
     * that is not known here.
     */
    static Map<String, @Nullable Object> diagnosis(Diagnosis diagnosis, Map<Integer, ReadingProgress> progress) {
        ConnectorStatus status = diagnosis.status();
        return fields(
                "name", status.name().value(),
                "connector",
                        withFailure(
                                reported(fields(), status.connector()),
                                status.connector(),
                                diagnosis.connector().orElse(null)),
                "tasks",
                        status.tasks().stream()
                                .map(task -> withProgress(
                                        withFailure(
                                                task(task),
                                                task.reported(),
                                                diagnosis.tasks().get(task.id())),
                                        progress.get(task.id())))
                                .toList(),
                "type", status.type().toString());
    }

    private static Map<String, @Nullable Object> withFailure(
            Map<String, @Nullable Object> part, ReportedState reported, @Nullable FailureReport known) {
        part.put("failure", known != null ? failure(known) : failureFromTrace(reported.trace()));
        return part;
    }

    private static Map<String, @Nullable Object> withProgress(
            Map<String, @Nullable Object> task, @Nullable ReadingProgress progress) {
        task.put(
                "progress",
                progress == null
                        ? null
                        : fields(
                                "running", progress.running(),
                                "tables", progress.tables(),
                                "tables_remaining", progress.tablesRemaining(),
                                "part_done", progress.partDone() < 0 ? null : progress.partDone(),
                                "seconds_left", progress.secondsLeft() < 0 ? null : progress.secondsLeft(),
                                "parts",
                                        progress.parts().stream()
                                                .map(Bodies::part)
                                                .toList()));
        return task;
    }

    private static Map<String, @Nullable Object> part(ReadingProgress.Part part) {
        return fields(
                "table", part.table(),
                "range", part.range(),
                "rows", part.rows(),
                "rows_estimated",
                        part.rowsEstimated().isEmpty()
                                ? null
                                : part.rowsEstimated().getAsLong(),
                "started_at", text(part.startedAt()));
    }

    private static Map<String, @Nullable Object> failure(FailureReport failure) {
        return fields(
                "phase", failure.phase().name(),
                "attempt", failure.attempt(),
                "attempts_max", failure.attemptsMax(),
                "first_failed_at", text(failure.firstFailedAt()),
                "last_failed_at", text(failure.lastFailedAt()),
                "next_try_at", text(failure.nextTryAt()),
                "first_cause", failure.firstCause(),
                "last_cause", failure.lastCause(),
                "advice", failure.advice());
    }

    /** What fails on another worker is known by the trace in its status alone. */
    private static @Nullable Map<String, @Nullable Object> failureFromTrace(@Nullable String trace) {
        if (trace == null || trace.isBlank()) {
            return null;
        }
        String cause = TellingCause.of(trace);
        return fields(
                "phase", null,
                "attempt", null,
                "attempts_max", null,
                "first_failed_at", null,
                "last_failed_at", null,
                "next_try_at", null,
                "first_cause", cause,
                "last_cause", cause,
                "advice", null);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static Map<String, @Nullable Object> task(TaskStatus task) {
        return reported(fields("id", task.id()), task.reported());
    }

    private static Map<String, @Nullable Object> reported(Map<String, @Nullable Object> into, ReportedState state) {
        into.put("state", state.state());
        into.put("worker_id", state.workerId());
        into.put("version", state.version());
        if (state.trace() != null) {
            into.put("trace", state.trace());
        }
        return into;
    }

    static Map<String, @Nullable Object> task(TaskInfo task) {
        return fields("id", id(task.id()), "config", task.config());
    }

    private static Map<String, @Nullable Object> id(TaskId id) {
        return fields("connector", id.connector().value(), "task", id.task());
    }

    static Map<String, @Nullable Object> offsets(List<ConnectorOffset> offsets) {
        return fields(
                "offsets",
                offsets.stream()
                        .map(offset -> fields("partition", offset.partition(), "offset", offset.offset()))
                        .toList());
    }

    static Map<String, @Nullable Object> message(String text) {
        return fields("message", text);
    }

    static Map<String, @Nullable Object> plugin(PluginDescription plugin) {
        String version = plugin.version().equals("undefined") ? null : plugin.version();
        return fields("class", plugin.className(), "type", plugin.type().label(), "version", version);
    }

    static Map<String, @Nullable Object> infos(ConfigInfos infos) {
        return fields(
                "name", infos.name(),
                "error_count", infos.errorCount(),
                "groups", infos.groups(),
                "configs",
                        infos.configs().stream()
                                .map(info -> fields(
                                        "definition", definition(info.definition()), "value", value(info.value())))
                                .toList());
    }

    static @Nullable Map<String, @Nullable Object> definition(ConfigInfo.@Nullable Definition key) {
        return key == null
                ? null
                : fields(
                        "name", key.name(),
                        "type", key.type(),
                        "required", key.required(),
                        "default_value", key.defaultValue(),
                        "importance", key.importance(),
                        "documentation", key.documentation(),
                        "group", key.group(),
                        "order_in_group", key.orderInGroup(),
                        "width", key.width(),
                        "display_name", key.displayName(),
                        "dependents", key.dependents());
    }

    private static @Nullable Map<String, @Nullable Object> value(ConfigInfo.@Nullable Value value) {
        return value == null
                ? null
                : fields(
                        "name", value.name(),
                        "value", value.value(),
                        "recommended_values", value.recommendedValues(),
                        "errors", value.errors(),
                        "visible", value.visible());
    }

    /** A map in the order of the arguments: name, value, name, value. */
    static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return fields;
    }
}
