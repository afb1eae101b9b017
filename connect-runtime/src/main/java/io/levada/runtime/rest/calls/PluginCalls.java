/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /connector-plugins}. What runs here is plugin code, on the validation threads. */
final class PluginCalls {
    private static final String SUFFIX = "Connector";

    private final Backend backend;
    private final Json json;

    PluginCalls(Backend backend, Json json) {
        this.backend = backend;
        this.json = json;
    }

    CompletionStage<Answer> list(Exchange exchange) {
        List<PluginType> types = exchange.flag("connectorsOnly", true) ? PluginType.CONNECTORS : PluginType.WITH_KEYS;
        return backend.services(
                        exchange,
                        "the plugins' versions",
                        services -> services.validation()
                                .run(
                                        "the list of plugins",
                                        () -> services.plugins().list(types)))
                .thenApply(plugins -> Answer.ok(
                        plugins.stream().map(Bodies::plugin).distinct().toList()));
    }

    CompletionStage<Answer> config(Exchange exchange) {
        return backend.services(
                        exchange,
                        "the plugin's definitions",
                        services -> services.validation()
                                .configOf(exchange.variable("plugin"), exchange.parameter("version")))
                .thenApply(
                        keys -> Answer.ok(keys.stream().map(Bodies::definition).toList()));
    }

    CompletionStage<Answer> validate(Exchange exchange) {
        Map<String, @Nullable String> config = json.strings(exchange.content());
        String asked = exchange.variable("plugin");
        String included = Settings.text(config, "connector.class");
        if (included != null && !withoutSuffix(included).endsWith(withoutSuffix(asked))) {
            throw new BadRequestException(
                    "Included connector type " + included + " does not match request type " + asked);
        }
        return backend.services(
                        exchange,
                        "the plugin's validation",
                        services -> services.validation().validate(config))
                .thenApply(infos -> Answer.ok(Bodies.infos(infos)).warning(infos.warnings()))
                .exceptionallyCompose(PluginCalls::asKafkaConnect);
    }

    /** Kafka Connect answers 500 here where creating a connector would be answered with 400. */
    private static CompletionStage<Answer> asKafkaConnect(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        return MaskedFailure.original(cause) instanceof BadRequestException
                ? CompletableFuture.completedFuture(Answer.error(500, FailureText.messageOrClass(cause)))
                : CompletableFuture.failedFuture(cause);
    }

    private static String withoutSuffix(String name) {
        return name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
                ? name.substring(0, name.length() - SUFFIX.length())
                : name;
    }
}
