/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Keys whose value is the name of a plugin, and those that choose its version. */
public final class PluginKeys {
    private static final Pattern NAMES_PLUGIN =
            Pattern.compile("(key|value|header)\\.converter|(transforms|predicates)\\.[^.]*\\.type");

    private final Plugins plugins;
    private final @Nullable ConnectorPlugins connector;

    /** As seen from no connector. */
    public PluginKeys(Plugins plugins) {
        this(plugins, null);
    }

    /** @param connector whose view decides which version of a plugin is meant */
    public PluginKeys(Plugins plugins, @Nullable ConnectorPlugins connector) {
        this.plugins = plugins;
        this.connector = connector;
    }

    /** Whether the value of this key is the class of a converter, transform or predicate. */
    public static boolean namesPlugin(String key) {
        return NAMES_PLUGIN.matcher(key).matches();
    }

    /** The full class name a value stands for; null if there is no such class at all. */
    @Nullable
    public String shown(PluginType type, @Nullable String name) {
        if (name == null) {
            return null;
        }
        if (isInstalled(type, name)) {
            return plugins.knownAs(type, name);
        }
        return isSomeClass(name) || !nested(type, name).isEmpty() ? name : null;
    }

    /** Whether there is such a plugin, even if it cannot be made; false for no name. */
    public boolean isInstalled(PluginType type, @Nullable String name) {
        try {
            return name != null && !plugins.className(type, name).isEmpty();
        } catch (PluginNotFoundException absent) {
            return false;
        }
    }

    /** Whether the plugin is there and can be made. */
    public boolean isUsable(PluginType type, @Nullable String name) {
        return name != null && isInstalled(type, name) && problem(type, name).isEmpty();
    }

    /** Why a plugin that is there cannot be made. */
    private Optional<String> problem(PluginType type, String name) {
        try {
            plugins.version(type, name);
            return Optional.empty();
        } catch (ConnectException broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    /** Refuses a name that no plugin of the type has, or one that cannot be made. */
    ConfigDef.Validator isA(PluginType type) {
        return validator("name of a " + type.label(), (key, value) -> {
            if (value instanceof String name) {
                if (!isInstalled(type, name)) {
                    throw new ConfigException(whyNot(type, key, name));
                }
                problem(type, name).ifPresent(why -> {
                    throw new ConfigException("Invalid value " + name + " for configuration " + key + ": " + why);
                });
            }
        });
    }

    private String whyNot(PluginType type, String key, String name) {
        List<String> nested = nested(type, name);
        if (!nested.isEmpty()) {
            return "This class is abstract and cannot be created. Did you mean " + String.join(", ", nested) + "?";
        }
        String api = type.api().getSimpleName();
        if (isSomeClass(name)) {
            return "Class " + name + " does not implement the " + api + " interface";
        }
        try {
            plugins.className(type, name);
            return "Invalid value " + name + " for configuration " + key;
        } catch (ConnectException e) {
            return "Invalid value " + name + " for configuration " + key + ": Class " + name + " could not be found. "
                    + e.getMessage();
        }
    }

    private List<String> nested(PluginType type, String name) {
        return List.of(name + "$Key", name + "$Value").stream()
                .filter(candidate -> isInstalled(type, candidate))
                .toList();
    }

    private boolean isSomeClass(String name) {
        try {
            return !name.isEmpty()
                    && Class.forName(name, false, Thread.currentThread().getContextClassLoader()) != null;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** Version of the plugin of that name that is used by default; null if there is none that can be made. */
    @Nullable
    String version(PluginType type, @Nullable String name) {
        return name != null && isUsable(type, name) ? version(type, PluginChoice.of(name)) : null;
    }

    /** Version of the chosen plugin; throws {@link PluginNotFoundException} if it is not there. */
    String version(PluginType type, PluginChoice choice) {
        return connector == null ? plugins.version(type, choice) : connector.version(type, choice);
    }

    /** All versions of the plugin of that name, the oldest first. */
    List<String> versions(List<PluginType> types, @Nullable String name) {
        return name == null ? List.of() : plugins.versions(types, name);
    }

    /** An instance of the chosen plugin, to ask for its keys. */
    public Object newPlugin(PluginType type, PluginChoice choice) {
        return connector == null
                ? plugins.newPlugin(type, choice.name(), choice.version())
                : connector.newPlugin(type, choice);
    }

    /** Why the choice cannot be met although there is a plugin of the name; null if it can be. */
    @Nullable
    public String wrongVersion(PluginType type, PluginChoice choice) {
        String version = choice.version();
        if (version == null || !Plugins.isVersionRange(version) || !isInstalled(type, choice.name())) {
            return null; // Nothing is asked for, or other rules say what is wrong.
        }
        try {
            version(type, choice);
            return null;
        } catch (PluginNotFoundException e) {
            return e.getMessage();
        }
    }

    /** Recommends what is known when asked for. */
    static ConfigDef.Recommender recommend(Supplier<List<?>> values) {
        return recommend(values, true);
    }

    /** Recommends the versions of a plugin; there is nothing to choose, and nothing to see, if it is not there. */
    static ConfigDef.Recommender recommendVersions(Supplier<List<String>> versions, boolean pluginThere) {
        return recommend(() -> List.copyOf(versions.get()), pluginThere);
    }

    private static ConfigDef.Recommender recommend(Supplier<List<?>> values, boolean visible) {
        return new ConfigDef.Recommender() {
            @Override
            public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
                return List.copyOf(values.get());
            }

            @Override
            public boolean visible(String name, Map<String, Object> parsedConfig) {
                return visible;
            }
        };
    }

    /** A validator that describes itself, for the docs that Kafka makes of definitions. */
    static ConfigDef.Validator validator(String description, ConfigDef.Validator check) {
        return new ConfigDef.Validator() {
            @Override
            public void ensureValid(String name, @Nullable Object value) {
                check.ensureValid(name, value);
            }

            @Override
            public String toString() {
                return description;
            }
        };
    }
}
