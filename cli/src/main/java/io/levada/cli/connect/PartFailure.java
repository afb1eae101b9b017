/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.runtime.diagnosis.TellingCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a connector or a task fails, as a status tells it: Levada's own has a {@code failure}, Kafka Connect's a trace.
 *
 * @param lines for people: the cause, the first one if that was another, and what follows
 */
record PartFailure(List<String> lines) {
    PartFailure {
        lines = List.copyOf(lines);
    }

    /** @param part {@code connector} of a status, or one of its {@code tasks}; a healthy one has no lines */
    static PartFailure of(JsonNode part) {
        List<String> lines = new ArrayList<>();
        JsonNode failure = part.path("failure");
        if (failure.isObject()) {
            lines.addAll(failure.path("last_cause").asText().lines().toList());
            String first = failure.path("first_cause").asText();
            if (!first.equals(failure.path("last_cause").asText())) {
                lines.addAll(
                        ("First failed at " + failure.path("first_failed_at").asText() + ": " + first)
                                .lines()
                                .toList());
            }
            if (failure.path("advice").isTextual()) {
                lines.add(failure.path("advice").asText());
            }
        } else {
            lines.addAll(TellingCause.of(part.path("trace").asText()).lines().toList());
        }
        return new PartFailure(lines);
    }

    /** The failures in a status, each once, under the parts that have it: {@code task 0, task 2: no such bucket}. */
    static List<String> summary(JsonNode status) {
        Map<PartFailure, List<String>> parts = new LinkedHashMap<>();
        note(parts, "connector", status.path("connector"));
        status.path("tasks")
                .forEach(task -> note(parts, "task " + task.path("id").asInt(), task));
        List<String> lines = new ArrayList<>();
        parts.forEach((failure, failed) -> {
            lines.add(String.join(", ", failed) + ": " + failure.lines().get(0));
            lines.addAll(failure.lines().subList(1, failure.lines().size()));
        });
        return lines;
    }

    private static void note(Map<PartFailure, List<String>> parts, String name, JsonNode part) {
        PartFailure failure = of(part);
        if (!failure.lines().isEmpty()) {
            parts.computeIfAbsent(failure, first -> new ArrayList<>()).add(name);
        }
    }
}
