/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.configtopic.LevelRequest;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.logging.LogLevels.LoggerLevel;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /admin/loggers} (KIP-495, KIP-976). */
final class LoggerCalls {
    private final Backend backend;
    private final Json json;
    private final LogLevels levels;

    LoggerCalls(Backend backend, Json json, LogLevels levels) {
        this.backend = backend;
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
        String logger = exchange.variable("logger");
        if ("cluster".equalsIgnoreCase(exchange.parameter("scope"))) {
            // This worker too reads it in the config topic, and has done so when the answer comes.
            LevelRequest request = new LevelRequest(logger, level.toUpperCase(Locale.ROOT));
            return backend.herder(exchange, herder -> herder.setLevel(request)).thenApply(written -> Answer.empty(204));
        }
        return CompletableFuture.completedFuture(Answer.ok(levels.set(logger, level)));
    }

    private static Map<String, @Nullable Object> body(LoggerLevel level) {
        return Bodies.fields("level", level.level(), "last_modified", level.lastModifiedMs());
    }
}
