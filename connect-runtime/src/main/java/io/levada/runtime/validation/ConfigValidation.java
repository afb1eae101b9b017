/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/**
 * Validates one connector config, all of it, on the calling thread: runs plugin code and may block.
 *
 * <p>The order follows Kafka Connect's: the worker's keys for the connector, then what the connector says about its own (which wins
 * where both judge a key), then converters, then client overrides.
 */
final class ConfigValidation {
    private final Plugins plugins;
    private final ValidationSettings worker;
    private final ClientOverrideCheck overrides;

    ConfigValidation(Plugins plugins, ValidationSettings worker) {
        this.plugins = plugins;
        this.worker = worker;
        this.overrides = new ClientOverrideCheck(worker.overrides());
    }

    /** Throws {@link BadRequestException} if the config names no connector that exists, and what a plugin throws. */
    ConfigInfos validate(Map<String, @Nullable String> given) {
        Map<String, @Nullable String> config = resolved(given);
        String name = config.get("connector.class");
        if (name == null) {
            throw new BadRequestException(
                    "Connector config " + given.keySet() + " contains no connector type: set connector.class");
        }
        Unresolved unresolved = Unresolved.between(given, config);
        try {
            return unresolved.shown(validate(name, config));
        } catch (LinkageError e) {
            throw unresolved.shown(PluginLoadException.of(name, e));
        } catch (RuntimeException e) {
            throw unresolved.shown(e);
        }
    }

    private Map<String, @Nullable String> resolved(Map<String, @Nullable String> given) {
        try {
            return worker.resolver().apply(given);
        } catch (ConnectException e) {
            throw new BadRequestException("The config refers to a value that cannot be had now. " + e.getMessage());
        }
    }

    private ConfigInfos validate(String name, Map<String, @Nullable String> config) {
        checkInstalled(name);
        String version = config.get("connector.plugin.version");
        if (version != null && !Plugins.isVersionRange(version)) {
            throw new BadRequestException("connector.plugin.version=" + version
                    + " is neither a version nor a range; write for example 1.2.3 or [1.0,2.0)");
        }
        ConnectorPlugins own;
        try {
            own = plugins.of(new PluginChoice(name, version));
        } catch (PluginNotFoundException e) {
            return wrongVersion(name, config, String.valueOf(e.getMessage()));
        }
        return LoaderSwap.call(own.loader(), () -> validate(name, own, config));
    }

    private void checkInstalled(String name) {
        try {
            plugins.connectorClassName(name);
        } catch (PluginNotFoundException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        }
    }

    private ConfigInfos validate(String name, ConnectorPlugins own, Map<String, @Nullable String> config) {
        Connector connector = own.newConnector();
        PluginKeys pluginKeys = new PluginKeys(plugins, own);
        ConnectorKeys keys = new ConnectorKeys(plugins, pluginKeys, ConnectorKeys.Converters.of(worker));
        PluginType direction = connector instanceof SourceConnector ? PluginType.SOURCE : PluginType.SINK;
        ConfigDef def = direction == PluginType.SOURCE ? keys.source(config) : keys.sink(config);
        new StageKeys(plugins, pluginKeys).addTo(def, config);
        Map<String, ConfigValue> values = valuesOf(pluginKeys, def, config);
        new DirectionRules(values, config).check(connector, worker.exactlyOnce());
        RestartPolicy.problems(config)
                .forEach((key, problem) ->
                        values.computeIfAbsent(key, ConfigValue::new).addErrorMessage(problem));
        config.forEach((key, value) -> {
            if (value == null) {
                values.computeIfAbsent(key, ConfigValue::new)
                        .addErrorMessage("Null value can not be supplied as the configuration value.");
            }
        });
        ConfigInfos infos = withOwn(name, connector, def, values, config);
        ConverterCheck converters = new ConverterCheck(plugins, pluginKeys);
        for (String part : ConverterCheck.parts()) {
            infos = converters.check(part, config).map(infos::and).orElse(infos);
        }
        for (ConfigInfos client : overrides.check(direction, config)) {
            infos = infos.and(client);
        }
        return infos;
    }

    private ConfigInfos withOwn(
            String name,
            Connector connector,
            ConfigDef def,
            Map<String, ConfigValue> values,
            Map<String, @Nullable String> config) {
        ConfigDef own = PluginFailure.named(connector, "config()", connector::config);
        if (own == null) {
            throw new BadRequestException(
                    connector.getClass().getName() + ".config() must return a ConfigDef that is not null.");
        }
        Config judged = PluginFailure.named(connector, "validate()", () -> connector.validate(config));
        if (judged == null || judged.configValues() == null) {
            throw new BadRequestException(
                    connector.getClass().getName() + ".validate() must return a Config that is not null.");
        }
        Map<String, ConfigKey> allKeys = new LinkedHashMap<>(def.configKeys());
        allKeys.putAll(own.configKeys());
        Set<String> groups = new LinkedHashSet<>(def.groups());
        groups.addAll(own.groups());
        List<ConfigValue> allValues = new ArrayList<>(values.values());
        allValues.addAll(judged.configValues());
        return PluginFailure.named(
                connector,
                "answer to validation",
                () -> Rendering.all(name, allKeys, allValues, new ArrayList<>(groups)));
    }

    private static Map<String, ConfigValue> valuesOf(
            PluginKeys pluginKeys, ConfigDef def, Map<String, @Nullable String> config) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        def.validateAll(config).forEach((key, value) -> values.put(key, value));
        values.forEach((key, value) -> {
            if (PluginKeys.namesPlugin(key)) {
                value.value(pluginKeys.shown(typeOf(key), (String) value.value()));
            }
        });
        return values;
    }

    private static PluginType typeOf(String key) {
        if (key.startsWith("transforms.")) {
            return PluginType.TRANSFORMATION;
        }
        if (key.startsWith("predicates.")) {
            return PluginType.PREDICATE;
        }
        return key.startsWith("header.") ? PluginType.HEADER_CONVERTER : PluginType.CONVERTER;
    }

    private ConfigInfos wrongVersion(String name, Map<String, @Nullable String> config, String message) {
        PluginKeys pluginKeys = new PluginKeys(plugins);
        ConfigDef def = new ConnectorKeys(plugins, pluginKeys, ConnectorKeys.Converters.OF_NO_WORKER).common(config);
        Map<String, ConfigValue> values = valuesOf(pluginKeys, def, config);
        for (String key : List.of("connector.class", "connector.plugin.version")) {
            values.computeIfAbsent(key, ConfigValue::new).addErrorMessage(message);
        }
        return Rendering.all(name, def.configKeys(), List.copyOf(values.values()), def.groups());
    }
}
