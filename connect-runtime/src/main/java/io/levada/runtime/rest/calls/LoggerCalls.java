/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.logging.LogLevels.LoggerLevel;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /admin/loggers} (KIP-495, KIP-976). */
final class LoggerCalls {
    private final Json json;
    private final LogLevels levels;

    LoggerCalls(Json json, LogLevels levels) {
        this.json = json;
        this.levels = levels;
    }

    CompletionStage<Answer> list(Exchange exchange) {
        Map<String, Object> all = new LinkedHashMap<>();
        levels.all().forEach((name, level) -> all.put(name, body(level)));
        return CompletableFuture.completedFuture(Answer.ok(all));
    }

    CompletionStage<Answer> level(Exchange exchange) {
        String logger = exchange.variable("logger");
        return CompletableFuture.completedFuture(levels.of(logger)
                .map(level -> Answer.ok(body(level)))
                .orElseGet(() -> Answer.error(404, "Logger " + logger + " not found.")));
    }

    CompletionStage<Answer> setLevel(Exchange exchange) {
        String level = json.strings(exchange.content()).get("level");
        if (level == null) {
            throw new BadRequestException("Desired 'level' parameter was not specified in request.");
        }
        if (!LogLevels.isLevel(level)) {
            throw new HttpStatusException(404, "invalid log level '" + level + "'.");
        }
        List<String> changed = levels.set(exchange.variable("logger"), level);
        // A group has one worker, so that its scope is this worker's (KIP-976).
        boolean cluster = "cluster".equalsIgnoreCase(exchange.parameter("scope"));
        return CompletableFuture.completedFuture(cluster ? Answer.empty(204) : Answer.ok(changed));
    }

    private static Map<String, @Nullable Object> body(LoggerLevel level) {
        return Bodies.fields("level", level.level(), "last_modified", level.lastModifiedMs());
    }
}
