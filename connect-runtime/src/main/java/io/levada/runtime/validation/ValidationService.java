/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConnectorValidator;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.plugins.PluginType;
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
 * Runs validations, and other calls of plugins on behalf of REST, on threads of their own, {@link PluginThreads}, each within a time limit. A plugin
 * that hangs keeps its thread until it returns or the worker stops; the caller gets its answer at the limit all the same, and others theirs at once.
 * However many validations hang, the other calls have threads left.
 */
public final class ValidationService implements ConnectorValidator, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ValidationService.class);

    /** One class of connectors, which may hang for some configs and not for others, has a part of the threads, and waits for that alone. */
    private static final PluginThreads.Bounds OF_VALIDATIONS = new PluginThreads.Bounds(8, 4, 100, 25, 1_000, 100);

    /** Of these a connector has few at a time. */
    private static final PluginThreads.Bounds OF_OTHERS = new PluginThreads.Bounds(8, 4, 100, 4, 1_000, 100);

    private final Plugins plugins;
    private final ConfigValidation validation;
    private final PluginConfigs pluginConfigs;
    private final PluginThreads threads;
    private final PluginThreads others;

    public ValidationService(Plugins plugins, ValidationSettings settings) {
        this(plugins, settings, Surroundings.UNKNOWN);
    }

    /** @param surroundings by which configs are found that are valid and probably not meant */
    public ValidationService(Plugins plugins, ValidationSettings settings, Surroundings surroundings) {
        this.plugins = plugins;
        this.validation = new ConfigValidation(plugins, settings, surroundings);
        this.pluginConfigs = new PluginConfigs(plugins);
        this.threads = new PluginThreads("levada-validation", OF_VALIDATIONS, settings.limit());
        this.others = new PluginThreads("levada-plugin-call", OF_OTHERS, settings.limit());
    }

    /**
     * Everything that can be said about a config; fails with what a plugin threw, {@link TimeoutException}, or
     * {@link TooManyValidationsException}.
     */
    public CompletionStage<ConfigInfos> validate(Map<String, @Nullable String> config) {
        LogContext context = LogContext.ofValidation(config.get("name"));
        String name = Settings.text(config, "connector.class", "no connector.class");
        return threads.run(owner(name), () -> context.call(() -> validation.validate(config)));
    }

    /** The plugin, by whichever of its names it is called. What a config provider would have to be asked for first counts by its reference. */
    private String owner(String plugin) {
        return plugins.classNameOrName(PluginType.WITH_KEYS, plugin);
    }

    /**
     * The keys that a plugin defines; fails with {@link io.levada.runtime.plugins.PluginNotFoundException} if there is none of that name,
     * with {@link BadRequestException} if it has no keys or not the version.
     *
     * @param version a version, a range, or null for the newest
     */
    public CompletionStage<List<ConfigInfo.Definition>> configOf(String plugin, @Nullable String version) {
        return threads.run(owner(plugin), () -> pluginConfigs.of(plugin, version));
    }

    /**
     * Runs other work that calls plugins, such as asking for their versions, within the same time.
     *
     * @param owner what it is about: work that hangs holds up that of the same owner
     */
    public <T> CompletionStage<T> run(String owner, Supplier<T> work) {
        return others.run(owner, work);
    }

    /** As above, about a connector. */
    public <T> CompletionStage<T> run(ConnectorName connector, Supplier<T> work) {
        return others.run("connector " + connector, work);
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
        others.close();
    }
}
