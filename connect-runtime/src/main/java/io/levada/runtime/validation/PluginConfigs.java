/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.plugins.DefinedKeys;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.Rendering;
import io.levada.runtime.validation.keys.ConnectorKeys;
import io.levada.runtime.validation.keys.PluginFailure;
import io.levada.runtime.validation.keys.PluginKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/** Lists the keys that a plugin of any kind defines (KIP-769). */
final class PluginConfigs {
    private final Plugins plugins;
    private final PluginKeys pluginKeys;
    private final ConnectorKeys connectorKeys;

    PluginConfigs(Plugins plugins) {
        this.plugins = plugins;
        this.pluginKeys = new PluginKeys(plugins);
        this.connectorKeys = new ConnectorKeys(plugins, pluginKeys, ConnectorKeys.Converters.OF_NO_WORKER);
    }

    List<ConfigInfo.Definition> of(String name, @Nullable String version) {
        for (PluginType type : PluginType.WITH_KEYS) {
            if (pluginKeys.isInstalled(type, name)) {
                return definitions(type, name, version);
            }
        }
        if (PluginType.WITHOUT_KEYS.stream().anyMatch(type -> pluginKeys.isInstalled(type, name))) {
            throw new BadRequestException("Invalid plugin class " + name + ". Valid types are "
                    + PluginType.WITH_KEYS.stream().map(PluginType::label).collect(Collectors.joining(", ")) + ".");
        }
        throw new UnknownPluginException(name);
    }

    private List<ConfigInfo.Definition> definitions(PluginType type, String name, @Nullable String version) {
        Object plugin = instance(type, name, version);
        try {
            return definitions(type, name, plugin);
        } finally {
            DefinedKeys.discard(plugin);
        }
    }

    private List<ConfigInfo.Definition> definitions(PluginType type, String name, Object plugin) {
        Map<String, ConfigKey> keys = new LinkedHashMap<>();
        ConfigDef own = PluginFailure.named(plugin, "config()", () -> DefinedKeys.of(plugin));
        if (own != null) {
            keys.putAll(own.configKeys());
        }
        if (plugin instanceof Connector) {
            Map<String, @Nullable String> config = Map.of("connector.class", name);
            ConfigDef worker =
                    plugin instanceof SourceConnector ? connectorKeys.source(config) : connectorKeys.sink(config);
            worker.configKeys().forEach(keys::putIfAbsent);
        }
        Map<String, String> promised = plugins.defaultsOf(type, name);
        return keys.values().stream()
                .map(Rendering::definition)
                .map(definition -> definition.withPromised(promised))
                .toList();
    }

    private Object instance(PluginType type, String name, @Nullable String version) {
        if (version == null || version.equals("latest")) {
            return plugins.newPlugin(type, name);
        }
        try {
            return plugins.newPlugin(type, name, version);
        } catch (PluginNotFoundException | IllegalArgumentException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        }
    }
}
