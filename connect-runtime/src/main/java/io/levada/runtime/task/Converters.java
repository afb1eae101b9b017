/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three converters of a task: its connector's own where it names them, the worker's otherwise. */
public record Converters(InUse<Converter> key, InUse<Converter> value, InUse<HeaderConverter> header) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Converters.class);
    private static final String VERSION = ".plugin.version";

    /** Makes and configures them; {@code plugins} closes them. */
    public static Converters open(
            TaskPlugins plugins, WorkerConfig worker, Map<String, @Nullable String> connectorConfig) {
        return new Converters(
                converter(plugins, ConverterType.KEY, worker, connectorConfig),
                converter(plugins, ConverterType.VALUE, worker, connectorConfig),
                headerConverter(plugins, worker, connectorConfig));
    }

    private static InUse<Converter> converter(
            TaskPlugins plugins, ConverterType part, WorkerConfig worker, Map<String, @Nullable String> config) {
        String key = part.getName() + ".converter";
        Chosen chosen = choose(key, worker, config);
        return chosen.byConnector
                ? plugins.converter(chosen.choice, chosen.settings, part)
                : plugins.workersConverter(chosen.choice, chosen.settings, part);
    }

    private static InUse<HeaderConverter> headerConverter(
            TaskPlugins plugins, WorkerConfig worker, Map<String, @Nullable String> config) {
        Chosen chosen = choose("header.converter", worker, config);
        return chosen.byConnector
                ? plugins.headerConverter(chosen.choice, chosen.settings)
                : plugins.workersHeaderConverter(chosen.choice, chosen.settings);
    }

    /**
     * Throws {@link ConfigException} if a converter that the worker names for its connectors is not installed, or does not take what the worker's
     * properties say of it. Blocks for some seconds if one does not come back when it is asked.
     */
    public static void check(Plugins plugins, WorkerConfig worker) {
        check(plugins, worker, "key.converter", PluginType.CONVERTER);
        check(plugins, worker, "value.converter", PluginType.CONVERTER);
        check(plugins, worker, "header.converter", PluginType.HEADER_CONVERTER);
    }

    private static void check(Plugins plugins, WorkerConfig worker, String key, PluginType type) {
        checkInstalled(plugins, worker, key, type);
        Map<String, String> settings = worker.withPrefix(key + ".");
        settings.remove("plugin.version");
        if (settings.isEmpty()) {
            return;
        }
        Map<String, String> wrong = plugins.wrongSettings(
                type, workersChoice(worker, key), settings, Map.of(ConverterConfig.TYPE_CONFIG, partOf(key)));
        if (!wrong.isEmpty()) {
            throw new ConfigException(wrong.entrySet().stream()
                    .map(setting -> "The worker's " + key + "." + setting.getKey() + " cannot be used. "
                            + setting.getValue() + ". Correct it, or leave it out.")
                    .collect(Collectors.joining(" ")));
        }
    }

    private static String partOf(String key) {
        return key.substring(0, key.indexOf('.'));
    }

    private static void checkInstalled(Plugins plugins, WorkerConfig worker, String key, PluginType type) {
        String name = worker.text(key);
        try {
            plugins.className(type, name);
            plugins.checkVersion(type, workersChoice(worker, key));
        } catch (PluginNotFoundException e) {
            throw new ConfigException("The worker's " + key + "=" + name + " is not there. " + e.getMessage());
        }
    }

    private static PluginChoice workersChoice(WorkerConfig worker, String key) {
        return new PluginChoice(worker.text(key), Settings.text(worker.properties(), key + VERSION));
    }

    private record Chosen(boolean byConnector, PluginChoice choice, Map<String, String> settings) {}

    private static Chosen choose(String key, WorkerConfig worker, Map<String, @Nullable String> connectorConfig) {
        Map<String, String> own = new TreeMap<>();
        connectorConfig.forEach((name, value) -> {
            if (name.startsWith(key + ".") && value != null) {
                own.put(name.substring(key.length() + 1), value);
            }
        });
        String named = Settings.text(connectorConfig, key);
        if (named != null) {
            return new Chosen(true, new PluginChoice(named, Settings.text(connectorConfig, key + VERSION)), own);
        }
        if (!own.isEmpty()) {
            // As in Kafka Connect: without the class they configure nothing.
            LOGGER.atWarn()
                    .addKeyValue("keys", own.keySet())
                    .addKeyValue("needs", key)
                    .log("converter settings have no effect, because the connector does not name its converter");
        }
        return new Chosen(false, workersChoice(worker, key), worker.withPrefix(key + "."));
    }
}
