/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConnectorValidator;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.advice.Surroundings;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs validations on threads of its own, {@link PluginThreads}, each within a time limit. A plugin that hangs keeps its thread until it returns or
 * the worker stops; the caller gets its answer at the limit all the same, and others theirs.
 */
public final class ValidationService implements ConnectorValidator, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ValidationService.class);

    private final ConfigValidation validation;
    private final PluginConfigs pluginConfigs;
    private final PluginThreads threads;

    public ValidationService(Plugins plugins, ValidationSettings settings) {
        this(plugins, settings, Surroundings.UNKNOWN);
    }

    /** @param surroundings by which configs are found that are valid and probably not meant */
    public ValidationService(Plugins plugins, ValidationSettings settings, Surroundings surroundings) {
        this.validation = new ConfigValidation(plugins, settings, surroundings);
        this.pluginConfigs = new PluginConfigs(plugins);
        this.threads = new PluginThreads(settings.limit());
    }

    /**
     * Everything that can be said about a config; fails with what a plugin threw, {@link TimeoutException}, or
     * {@link TooManyValidationsException}.
     */
    public CompletionStage<ConfigInfos> validate(Map<String, @Nullable String> config) {
        LogContext context = LogContext.ofValidation(config.get("name"));
        return run(() -> context.call(() -> validation.validate(config)));
    }

    /**
     * The keys that a plugin defines; fails with {@link io.levada.runtime.plugins.PluginNotFoundException} if there is none of that name,
     * with {@link BadRequestException} if it has no keys or not the version.
     *
     * @param version a version, a range, or null for the newest
     */
    public CompletionStage<List<ConfigInfo.Definition>> configOf(String plugin, @Nullable String version) {
        return run(() -> pluginConfigs.of(plugin, version));
    }

    /** Runs other work that calls plugins, such as asking for their versions, under the same limits. */
    public <T> CompletionStage<T> run(Supplier<T> work) {
        return threads.run(work);
    }

    @Override
    public CompletionStage<List<String>> check(Map<String, @Nullable String> config) {
        return validate(config).thenApply(infos -> {
            if (infos.errorCount() > 0) {
                throw new CompletionException(new BadRequestException(
                        "Connector configuration is invalid and contains the following " + infos.errorCount()
                                + " error(s):\n"
                                + String.join("\n", infos.errorsByKey())
                                + "\nYou can also find the above list of errors at the endpoint"
                                + " `/connector-plugins/{connectorType}/config/validate`",
                        infos.warnings()));
            }
            infos.warnings()
                    .forEach(warning -> LOGGER.atWarn()
                            .addKeyValue("connector", config.get("name"))
                            .addKeyValue("warning", warning)
                            .log("connector config is valid, but perhaps not what is meant"));
            return infos.warnings();
        });
    }

    @Override
    public void close() {
        threads.close();
    }
}
