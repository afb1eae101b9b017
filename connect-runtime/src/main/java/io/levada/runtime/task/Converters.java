/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three converters of a task: its connector's own where it names them, the worker's otherwise. */
public record Converters(Converter key, Converter value, HeaderConverter header) implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Converters.class);

    /** Makes and configures them. */
    public static Converters open(Plugins plugins, WorkerConfig worker, Map<String, @Nullable String> connectorConfig) {
        Choice key = choose("key.converter", worker, connectorConfig);
        Choice value = choose("value.converter", worker, connectorConfig);
        Choice header = choose("header.converter", worker, connectorConfig);
        List<AutoCloseable> made = new ArrayList<>();
        try {
            Converter keys = plugins.newConverter(key.name, key.config, true);
            made.add(keys);
            Converter values = plugins.newConverter(value.name, value.config, false);
            made.add(values);
            return new Converters(keys, values, plugins.newHeaderConverter(header.name, header.config));
        } catch (Throwable e) {
            made.forEach(Converters::close);
            throw e;
        }
    }

    /** Throws {@link ConfigException} if a converter that the worker names for its connectors is not installed. */
    public static void checkInstalled(Plugins plugins, WorkerConfig worker) {
        checkInstalled(plugins, worker, "key.converter", PluginType.CONVERTER);
        checkInstalled(plugins, worker, "value.converter", PluginType.CONVERTER);
        checkInstalled(plugins, worker, "header.converter", PluginType.HEADER_CONVERTER);
    }

    private static void checkInstalled(Plugins plugins, WorkerConfig worker, String key, PluginType type) {
        String name = worker.text(key);
        try {
            plugins.className(type, name);
        } catch (PluginNotFoundException e) {
            throw new ConfigException("The worker's " + key + "=" + name + " is not there. " + e.getMessage());
        }
    }

    private record Choice(String name, Map<String, String> config) {}

    private static Choice choose(String key, WorkerConfig worker, Map<String, @Nullable String> connectorConfig) {
        Map<String, String> own = new TreeMap<>();
        connectorConfig.forEach((name, value) -> {
            if (name.startsWith(key + ".") && value != null) {
                own.put(name.substring(key.length() + 1), value);
            }
        });
        String named = connectorConfig.get(key);
        if (named != null) {
            return new Choice(named, own);
        }
        if (!own.isEmpty()) {
            // As in Kafka Connect: without the class they configure nothing.
            LOGGER.atWarn()
                    .addKeyValue("keys", own.keySet())
                    .addKeyValue("needs", key)
                    .log("converter settings have no effect, because the connector does not name its converter");
        }
        return new Choice(worker.text(key), worker.withPrefix(key + "."));
    }

    @Override
    public void close() {
        close(key);
        close(value);
        close(header);
    }

    private static void close(AutoCloseable converter) {
        try {
            converter.close();
        } catch (Exception e) {
            LOGGER.atWarn().setCause(e).log("converter did not close");
        }
    }
}
