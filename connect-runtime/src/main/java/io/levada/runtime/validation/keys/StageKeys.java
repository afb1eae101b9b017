/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.DefinedKeys;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Adds the keys of the transformations and predicates that a config names: {@code transforms.<alias>.*}, {@code predicates.<alias>.*}. */
public final class StageKeys {
    private final Plugins plugins;
    private final PluginKeys pluginKeys;

    public StageKeys(Plugins plugins, PluginKeys pluginKeys) {
        this.plugins = plugins;
        this.pluginKeys = pluginKeys;
    }

    public void addTo(ConfigDef def, Map<String, @Nullable String> config) {
        for (String alias : aliases(config.get("transforms"))) {
            add(def, config, "transforms", "Transform", "Transformation", alias, PluginType.TRANSFORMATION);
        }
        for (String alias : aliases(config.get("predicates"))) {
            add(def, config, "predicates", "Predicate", "Predicate", alias, PluginType.PREDICATE);
        }
    }

    private static Set<String> aliases(@Nullable String value) {
        if (!(ConfigDef.parseType("transforms", value, ConfigDef.Type.LIST) instanceof List<?> list)) {
            return Set.of();
        }
        Set<String> aliases = new LinkedHashSet<>();
        list.forEach(alias -> aliases.add(String.valueOf(alias)));
        return aliases;
    }

    private void add(
            ConfigDef def,
            Map<String, @Nullable String> config,
            String kind,
            String group,
            String title,
            String alias,
            PluginType type) {
        String prefix = kind + "." + alias + ".";
        String in = group + "s: " + alias;
        String name = Settings.text(config, prefix + "type");
        def.define(
                prefix + "type",
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                rule(type, prefix, config),
                Importance.HIGH,
                "Class of the " + title.toLowerCase(java.util.Locale.ROOT) + " called " + alias + ".",
                in,
                0,
                Width.LONG,
                title + " type for " + alias,
                PluginKeys.recommend(() -> plugins.names(type)));
        String version = pluginKeys.version(type, name);
        def.define(
                prefix + "plugin.version",
                ConfigDef.Type.STRING,
                version,
                PluginVersionKeys.installed(pluginKeys, type, name, version),
                Importance.HIGH,
                "Which version of it to use, where several are installed.",
                in,
                1,
                Width.LONG,
                title + " version for " + alias,
                PluginKeys.recommendVersions(() -> pluginKeys.versions(List.of(type), name), name != null));
        PluginChoice choice =
                name == null ? null : new PluginChoice(name, Settings.text(config, prefix + "plugin.version"));
        if (choice != null && isThere(type, choice)) {
            def.embed(prefix, in, 2, ownKeys(type, choice));
        }
    }

    private boolean isThere(PluginType type, PluginChoice choice) {
        String version = choice.version();
        return pluginKeys.isUsable(type, choice.name())
                && (version == null || Plugins.isVersionRange(version))
                && pluginKeys.wrongVersion(type, choice) == null;
    }

    private ConfigDef.Validator rule(PluginType type, String prefix, Map<String, @Nullable String> config) {
        ConfigDef.Validator installed = pluginKeys.isA(type);
        return PluginKeys.validator(installed.toString(), (key, value) -> {
            installed.ensureValid(key, value);
            PluginVersionKeys.refuseMissing(
                    pluginKeys, type, (String) value, Settings.text(config, prefix + "plugin.version"));
            if (config.containsKey(prefix + "negate") && !config.containsKey(prefix + "predicate")) {
                throw new ConfigException("Config '" + prefix + "negate' was provided but there is no config '" + prefix
                        + "predicate' defining a predicate to be negated.");
            }
        });
    }

    private ConfigDef ownKeys(PluginType type, PluginChoice choice) {
        Object plugin = pluginKeys.newPlugin(type, choice);
        ConfigDef own;
        try {
            own = PluginFailure.named(plugin, "config()", () -> DefinedKeys.of(plugin));
        } finally {
            DefinedKeys.discard(plugin);
        }
        if (own == null) {
            throw new ConfigException(choice.name() + ".config() must return a ConfigDef that is not null.");
        }
        if (type != PluginType.TRANSFORMATION) {
            return own;
        }
        return new ConfigDef(own)
                .define(
                        "predicate",
                        ConfigDef.Type.STRING,
                        null,
                        Importance.MEDIUM,
                        "Name of the predicate, one of those in predicates, that decides which records are transformed.")
                .define(
                        "negate",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether the records for which the predicate is false are transformed instead.");
    }
}
