/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.UnresolvedException;
import io.levada.runtime.task.source.TopicCreation;
import io.levada.runtime.validation.advice.Advice;
import io.levada.runtime.validation.advice.SinkAdvice;
import io.levada.runtime.validation.advice.SourceAdvice;
import io.levada.runtime.validation.advice.Surroundings;
import io.levada.runtime.validation.advice.UnknownKeys;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.infos.ConverterCheck;
import io.levada.runtime.validation.infos.Rendering;
import io.levada.runtime.validation.keys.ConnectorKeys;
import io.levada.runtime.validation.keys.PluginFailure;
import io.levada.runtime.validation.keys.PluginKeys;
import io.levada.runtime.validation.keys.StageKeys;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
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
    private final SinkAdvice sinkAdvice;

    ConfigValidation(Plugins plugins, ValidationSettings worker, Surroundings surroundings) {
        this.plugins = plugins;
        this.worker = worker;
        this.overrides = new ClientOverrideCheck(worker);
        this.sinkAdvice = new SinkAdvice(plugins, worker.valueConverter().name(), surroundings);
    }

    /** Throws {@link BadRequestException} if the config names no connector that exists, and what a plugin throws. */
    ConfigInfos validate(Map<String, @Nullable String> given) {
        SortedMap<String, String> unresolved = new TreeMap<>();
        Map<String, @Nullable String> config = resolved(given, unresolved);
        String name = Settings.text(config, "connector.class");
        if (name == null) {
            String problem = unresolved.get("connector.class");
            throw new BadRequestException(
                    problem != null
                            ? problem
                            : "Connector config " + given.keySet()
                                    + " contains no connector type: set connector.class");
        }
        Unresolved references = Unresolved.between(given, config);
        try {
            return references.shown(validate(name, config, unresolved));
        } catch (LinkageError e) {
            throw references.shown(PluginLoadException.of(name, e));
        } catch (RuntimeException e) {
            throw references.shown(e);
        } catch (Throwable e) { // also checked exceptions, which Scala and Kotlin let through: none may show what was
            // resolved
            throw references.shown(
                    new ConnectException("The validation of " + name + " failed: " + FailureText.of(e), e));
        }
    }

    /** The config with its references replaced; if some cannot be, those keys are left out and told in {@code problems}. */
    private Map<String, @Nullable String> resolved(Map<String, @Nullable String> given, Map<String, String> problems) {
        try {
            return worker.resolver().apply(given);
        } catch (UnresolvedException e) {
            problems.putAll(e.problems());
            Map<String, @Nullable String> rest = new LinkedHashMap<>(given);
            rest.keySet().removeAll(problems.keySet());
            return rest;
        } catch (ConnectException e) {
            throw new BadRequestException("The config refers to a value that cannot be had now. " + e.getMessage());
        }
    }

    private ConfigInfos validate(
            String name, Map<String, @Nullable String> config, SortedMap<String, String> unresolved) {
        checkInstalled(name);
        String version = Settings.text(config, "connector.plugin.version");
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
        return LoaderSwap.call(
                own.loader(),
                () -> unresolved.isEmpty()
                        ? validate(name, own, config)
                        : withoutPlugin(name, own, config, unresolved));
    }

    private void checkInstalled(String name) {
        try {
            plugins.connectorClassName(name);
        } catch (PluginNotFoundException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What can be said while some values are not known: their errors. The connector is asked for its keys alone, as its checks would try
     * to log in somewhere without what it needs for that.
     */
    private ConfigInfos withoutPlugin(
            String name,
            ConnectorPlugins plugin,
            Map<String, @Nullable String> config,
            SortedMap<String, String> problems) {
        Connector connector = plugin.newConnector();
        Map<String, ConfigKey> allKeys =
                new LinkedHashMap<>(workersKeys(direction(connector), new PluginKeys(plugins, plugin), config)
                        .configKeys());
        ConfigDef own = PluginFailure.named(connector, "config()", connector::config);
        allKeys.putAll(own == null ? Map.of() : own.configKeys());
        List<ConfigValue> values = new ArrayList<>();
        allKeys.forEach((key, definition) -> {
            ConfigValue value = new ConfigValue(key);
            if (!problems.containsKey(key)) {
                value.value(given(definition, config));
            }
            values.add(value);
        });
        problems.forEach((key, problem) -> values.stream()
                .filter(value -> value.name().equals(key))
                .findFirst()
                .orElseGet(() -> {
                    ConfigValue value = new ConfigValue(key);
                    values.add(value);
                    return value;
                })
                .addErrorMessage(problem));
        Set<String> groups = new LinkedHashSet<>();
        allKeys.values().stream().flatMap(key -> Stream.ofNullable(key.group)).forEach(groups::add);
        return Rendering.all(name, allKeys, values, List.copyOf(groups));
    }

    /** The value that a config gives a key, or its default; null if it makes no sense, which is judged another time. */
    private static @Nullable Object given(ConfigKey definition, Map<String, @Nullable String> config) {
        if (!config.containsKey(definition.name)) {
            return definition.hasDefault() ? definition.defaultValue : null;
        }
        try {
            return ConfigDef.parseType(definition.name, config.get(definition.name), definition.type);
        } catch (ConfigException ignored) {
            return null;
        }
    }

    private static PluginType direction(Connector connector) {
        return connector instanceof SourceConnector ? PluginType.SOURCE : PluginType.SINK;
    }

    private ConfigDef workersKeys(PluginType direction, PluginKeys pluginKeys, Map<String, @Nullable String> config) {
        ConnectorKeys keys = new ConnectorKeys(plugins, pluginKeys, ConnectorKeys.Converters.of(worker));
        ConfigDef def = direction == PluginType.SOURCE ? keys.source(config) : keys.sink(config);
        new StageKeys(plugins, pluginKeys).addTo(def, config);
        return def;
    }

    private ConfigInfos validate(String name, ConnectorPlugins own, Map<String, @Nullable String> config) {
        Connector connector = own.newConnector();
        PluginKeys pluginKeys = new PluginKeys(plugins, own);
        PluginType direction = direction(connector);
        ConfigDef def = workersKeys(direction, pluginKeys, config);
        Map<String, ConfigValue> values = valuesOf(pluginKeys, def, config);
        new DirectionRules(values, config).check(connector, worker.exactlyOnce());
        Map<String, String> problems = new LinkedHashMap<>(RestartPolicy.problems(config));
        if (direction == PluginType.SOURCE && worker.topicCreation()) {
            problems.putAll(TopicCreation.problems(config));
        }
        problems.forEach(
                (key, problem) -> values.computeIfAbsent(key, ConfigValue::new).addErrorMessage(problem));
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
        ConfigInfos advised = new Advice(config, new UnknownKeys(config, direction, infos)).addTo(infos);
        return advised.warning(
                direction == PluginType.SINK
                        ? sinkAdvice.warnings(config)
                        : SourceAdvice.warnings(config, worker.topicCreation()));
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
        Map<String, String> internal = InternalTopicRules.problems(
                direction(connector),
                config,
                ClientConfigs.mayWriteElsewhere(config, worker.producer()) ? Map.of() : worker.internalTopics());
        allValues.addAll(judged.configValues());
        internal.forEach((key, problem) -> allValues.add(with(problem, key, allValues)));
        return PluginFailure.named(
                connector,
                "answer to validation",
                () -> Rendering.all(name, allKeys, allValues, new ArrayList<>(groups)));
    }

    /** What the connector says of a key of its own, which it may not let us change, with one error more. */
    private static ConfigValue with(String problem, String key, List<ConfigValue> values) {
        ConfigValue last = new ConfigValue(key);
        for (ConfigValue value : values) {
            last = value != null && key.equals(value.name()) ? value : last;
        }
        List<String> errors = new ArrayList<>(last.errorMessages());
        errors.add(problem);
        return new ConfigValue(key, last.value(), last.recommendedValues(), errors);
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
