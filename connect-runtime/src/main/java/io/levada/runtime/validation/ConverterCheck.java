/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/** Validates the settings of a converter that a connector brings itself: {@code value.converter.schemas.enable} and the like. */
final class ConverterCheck {
    private final Plugins plugins;
    private final PluginKeys pluginKeys;

    ConverterCheck(Plugins plugins) {
        this.plugins = plugins;
        this.pluginKeys = new PluginKeys(plugins);
    }

    /** What is known of the converter's keys; empty if the config leaves the converter to the worker, or names none that can be used. */
    Optional<ConfigInfos> check(String what, Map<String, @Nullable String> config) {
        PluginType type = what.equals("header") ? PluginType.HEADER_CONVERTER : PluginType.CONVERTER;
        String key = what + ".converter";
        String name = config.get(key);
        if (name == null || !pluginKeys.isUsable(type, name)) {
            return Optional.empty();
        }
        Object converter = plugins.newPlugin(type, name);
        return LoaderSwap.call(plugins.loaderOf(type, name), () -> {
            ConfigDef def = definedBy(converter);
            if (def == null) {
                return Optional.empty();
            }
            String prefix = key + ".";
            Map<String, String> own = new HashMap<>(plugins.defaultsOf(type, name));
            own.put(ConverterConfig.TYPE_CONFIG, what);
            config.forEach((setting, value) -> {
                if (setting.startsWith(prefix) && value != null && !setting.equals(prefix + "plugin.version")) {
                    own.put(setting.substring(prefix.length()), value);
                }
            });
            ConfigInfos infos = Rendering.prefixed(prefix, def.configKeys(), def.validate(own));
            return Optional.of(PromisedDefaults.shown(infos, prefix, plugins.defaultsOf(type, name)));
        });
    }

    static @Nullable ConfigDef definedBy(Object converter) {
        return converter instanceof Converter plain ? plain.config() : ((HeaderConverter) converter).config();
    }

    /** The parts that a config may bring converters for, in the order in which they are checked. */
    static List<String> parts() {
        return List.of("header", "key", "value");
    }
}
