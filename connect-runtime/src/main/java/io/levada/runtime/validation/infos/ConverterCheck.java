/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.infos;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.DefinedKeys;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.keys.PluginFailure;
import io.levada.runtime.validation.keys.PluginKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.jspecify.annotations.Nullable;

/** Validates the settings of a converter that a connector brings itself: {@code value.converter.schemas.enable} and the like. */
public final class ConverterCheck {
    private final Plugins plugins;
    private final PluginKeys pluginKeys;

    public ConverterCheck(Plugins plugins, PluginKeys pluginKeys) {
        this.plugins = plugins;
        this.pluginKeys = pluginKeys;
    }

    /** What is known of the converter's keys; empty if the config leaves the converter to the worker, or names none that can be used. */
    public Optional<ConfigInfos> check(String what, Map<String, @Nullable String> config) {
        PluginType type = what.equals("header") ? PluginType.HEADER_CONVERTER : PluginType.CONVERTER;
        String key = what + ".converter";
        String name = Settings.text(config, key);
        String version = Settings.text(config, key + ".plugin.version");
        if (name == null
                || !pluginKeys.isUsable(type, name)
                || (version != null && !Plugins.isVersionRange(version))
                || pluginKeys.wrongVersion(type, new PluginChoice(name, version)) != null) {
            return Optional.empty(); // The rules of these keys say why.
        }
        Object converter = pluginKeys.newPlugin(type, new PluginChoice(name, version));
        try {
            return PluginFailure.named(
                    converter,
                    "validation",
                    () -> LoaderSwap.call(
                            converter.getClass().getClassLoader(), () -> check(what, type, name, converter, config)));
        } finally {
            DefinedKeys.discard(converter);
        }
    }

    private Optional<ConfigInfos> check(
            String what, PluginType type, String name, Object converter, Map<String, @Nullable String> config) {
        ConfigDef def = DefinedKeys.of(converter);
        if (def == null) {
            return Optional.empty();
        }
        String prefix = what + ".converter.";
        Map<String, String> own = new HashMap<>(plugins.defaultsOf(type, name));
        own.put(ConverterConfig.TYPE_CONFIG, what);
        config.forEach((setting, value) -> {
            if (setting.startsWith(prefix) && value != null && !setting.equals(prefix + "plugin.version")) {
                own.put(setting.substring(prefix.length()), value);
            }
        });
        ConfigInfos infos = Rendering.prefixed(prefix, def.configKeys(), def.validate(own));
        return Optional.of(PromisedDefaults.shown(infos, prefix, plugins.defaultsOf(type, name)));
    }

    /** The parts that a config may bring converters for, in the order in which they are checked. */
    public static List<String> parts() {
        return List.of("header", "key", "value");
    }
}
