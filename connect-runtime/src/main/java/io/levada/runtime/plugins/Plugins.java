/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.plugins.PluginLocation.Tier;
import java.io.Closeable;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of a worker. A name is a full class name, a simple one ({@code JsonConverter}), one without the suffix of its kind
 * ({@code Json}), or a name of Apache's or Confluent's for a bundled piece; what is on {@code plugin.path} wins over what is bundled.
 *
 * <p>Safe for use by many threads. Methods that make or describe a plugin run its code and may block. They throw
 * {@link PluginNotFoundException} for an unknown or ambiguous name and {@link ConnectException} for a plugin that cannot be loaded.
 */
public final class Plugins implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Plugins.class);

    private final PluginCatalog catalog;
    private final PluginVersions versions;
    private final List<FoundPlugin> found;

    private final CrossPluginLoader parent;

    private Plugins(List<FoundPlugin> found, PluginSearch search, ClassLoader app, CrossPluginLoader parent) {
        this.found = found;
        this.parent = parent;
        this.catalog = new PluginCatalog(found, search, app);
        this.versions = new PluginVersions();
    }

    /** Finds everything; loads no plugin class. Throws {@link org.apache.kafka.common.config.ConfigException} for a bad path. */
    public static Plugins discover(PluginSearch search) {
        ClassLoader app = Plugins.class.getClassLoader();
        CrossPluginLoader parent = new CrossPluginLoader(app, search.apacheJars());
        Plugins plugins = new Plugins(new PluginDiscovery(search, app, parent).find(), search, app, parent);
        parent.knowing(name -> plugins.catalog.versions(name, List.of(PluginType.values())));
        return plugins;
    }

    /** A connector, not initialised. */
    public Connector newConnector(String name) {
        return newConnector(name, null);
    }

    /**
     * A connector, not initialised.
     *
     * @param version the value of {@code connector.plugin.version}, a version or a range; null for the newest
     */
    public Connector newConnector(String name, @Nullable String version) {
        return make(connector(name, version), Connector.class);
    }

    /** A task of the class that a connector named, from the connector's own loader. */
    public Task newTask(String connectorName, Class<? extends Task> taskClass) {
        return instantiate(taskClass, connector(connectorName, null).location());
    }

    /**
     * The context to give to a sink task: {@code worker} itself, or, for a connector of {@code plugin.path}, one that passes every call on to
     * it and is an instance of Apache's class, because there are plugins that look into that class by reflection.
     *
     * @param consumer the task's, which they look for
     */
    public SinkTaskContext contextFor(String connectorName, SinkTaskContext worker, Consumer<byte[], byte[]> consumer) {
        return connector(connectorName, null).tier() == Tier.PLUGIN_PATH ? parent.contextOf(worker, consumer) : worker;
    }

    /** A converter, configured with {@code config} over the defaults that its name promises. */
    public Converter newConverter(String name, Map<String, ?> config, boolean isKey) {
        FoundPlugin plugin = the(PluginType.CONVERTER, name);
        Converter converter = make(plugin, Converter.class);
        LoaderSwap.run(plugin.loader(), () -> converter.configure(withDefaults(name, plugin, config), isKey));
        return converter;
    }

    /** A header converter, configured with {@code config} over the defaults that its name promises. */
    public HeaderConverter newHeaderConverter(String name, Map<String, ?> config) {
        FoundPlugin plugin = the(PluginType.HEADER_CONVERTER, name);
        HeaderConverter converter = make(plugin, HeaderConverter.class);
        Map<String, Object> typed = withDefaults(name, plugin, config);
        typed.put(ConverterConfig.TYPE_CONFIG, ConverterType.HEADER.getName());
        LoaderSwap.run(plugin.loader(), () -> converter.configure(typed));
        return converter;
    }

    /** A transformation, not configured. The caller names the record type it will be applied to. */
    @SuppressWarnings(
            "unchecked") // a transformation is written for every record type, or for the one its user applies it to
    public <R extends ConnectRecord<R>> Transformation<R> newTransformation(String name) {
        return (Transformation<R>) make(the(PluginType.TRANSFORMATION, name), Transformation.class);
    }

    /** A predicate, not configured. */
    @SuppressWarnings("unchecked") // as for a transformation
    public <R extends ConnectRecord<R>> Predicate<R> newPredicate(String name) {
        return (Predicate<R>) make(the(PluginType.PREDICATE, name), Predicate.class);
    }

    /** A config provider, not configured. */
    public ConfigProvider newConfigProvider(String name) {
        return make(the(PluginType.CONFIG_PROVIDER, name), ConfigProvider.class);
    }

    /** A policy for client overrides, not configured. */
    public ConnectorClientConfigOverridePolicy newOverridePolicy(String name) {
        return make(the(PluginType.CLIENT_OVERRIDE_POLICY, name), ConnectorClientConfigOverridePolicy.class);
    }

    /** An instance of whatever plugin has the name, to ask for its {@code ConfigDef}. */
    public Object newPlugin(PluginType type, String name) {
        return make(the(type, name), type.api());
    }

    /** As {@link #newPlugin(PluginType, String)}, of a given version or range of versions (KIP-891). */
    public Object newPlugin(PluginType type, String name, String version) {
        return make(versions.choose(catalog.named(name, List.of(type)), version, name), type.api());
    }

    /** Whether a text can be the value of a {@code plugin.version} key: a version, a range of versions, or nothing. */
    public static boolean isVersionRange(String text) {
        return text.isBlank() || VersionRange.isValid(text);
    }

    /** The loader that the connector's code, and its tasks', must see as context class loader. */
    public ClassLoader loaderOf(String connectorName) {
        return connector(connectorName, null).loader();
    }

    /** The loader of a plugin of any type. */
    public ClassLoader loaderOf(PluginType type, String name) {
        return the(type, name).loader();
    }

    /** The connector's version, {@code undefined} if it does not say. */
    public String version(String connectorName) {
        return versions.of(connector(connectorName, null));
    }

    /** The version of a plugin of any type, {@code undefined} if it does not say. */
    public String version(PluginType type, String name) {
        return versions.of(the(type, name));
    }

    /** Source or sink; {@link ConnectorType#UNKNOWN} if there is no such connector. */
    public ConnectorType type(String connectorName) {
        try {
            return connector(connectorName, null).type().connectorType();
        } catch (PluginNotFoundException unknown) {
            return ConnectorType.UNKNOWN;
        }
    }

    /** The full class name that {@code name} stands for. */
    public String className(PluginType type, String name) {
        return the(type, name).className();
    }

    /** The full class name of the connector that {@code name} stands for. */
    public String connectorClassName(String name) {
        return connector(name, null).className();
    }

    /**
     * What a plugin configured under this name takes for keys that are not set, where that differs from the defaults of the class. Empty
     * unless the name is another project's for a bundled piece, or a short one, which means the same as it does there. To be applied
     * below the user's keys for connectors and transforms; converters made here have them already.
     */
    public Map<String, String> defaultsOf(PluginType type, String name) {
        return defaultsOf(knownAs(type, name));
    }

    /** As {@link #defaultsOf(PluginType, String)}, for a full class name. */
    public Map<String, String> defaultsOf(String fullName) {
        return Aliases.of(fullName).map(Aliases.Alias::defaults).orElse(Map.of());
    }

    /**
     * The full name that a short one stands for: a class name, or that of another project for a bundled piece, whose defaults a short
     * name promises. A full name stands for itself.
     */
    public String knownAs(PluginType type, String name) {
        if (name.contains(".")) {
            return name;
        }
        String className = className(type, name);
        return Aliases.nameFor(className).orElse(className);
    }

    /**
     * Every plugin of the given types, in the order of type and class name; leaves out, and logs, what cannot be loaded. A bundled piece
     * is listed under the name of Apache's or Confluent's, too, unless the class of that name is installed itself.
     */
    public List<PluginDescription> list(List<PluginType> types) {
        return catalog.all().stream()
                .filter(plugin -> types.contains(plugin.type()))
                .flatMap(plugin -> described(plugin).flatMap(described -> underAllNames(plugin, described)))
                .distinct()
                .sorted(Comparator.comparing(PluginDescription::type).thenComparing(PluginDescription::className))
                .toList();
    }

    private Stream<PluginDescription> underAllNames(FoundPlugin plugin, PluginDescription described) {
        Stream<PluginDescription> otherName = Aliases.nameFor(plugin.className())
                .filter(name -> catalog.versions(name, List.of(plugin.type())).isEmpty())
                .map(name -> new PluginDescription(name, described.type(), described.version(), described.location()))
                .stream();
        return Stream.concat(Stream.of(described), otherName);
    }

    /** The class names of all plugins of a type, sorted; loads nothing. */
    public List<String> names(PluginType type) {
        return catalog.all().stream()
                .filter(plugin -> plugin.type() == type)
                .map(FoundPlugin::className)
                .distinct()
                .toList();
    }

    private Stream<PluginDescription> described(FoundPlugin plugin) {
        try {
            return Stream.of(
                    new PluginDescription(plugin.className(), plugin.type(), versions.of(plugin), plugin.location()));
        } catch (ConnectException e) {
            LOGGER.atWarn()
                    .addKeyValue("class", plugin.className())
                    .addKeyValue("location", plugin.location())
                    .addKeyValue("error", e.getMessage())
                    .log("plugin cannot be loaded");
            return Stream.empty();
        }
    }

    private FoundPlugin connector(String name, @Nullable String version) {
        return versions.choose(catalog.named(name, PluginType.CONNECTORS), version, name);
    }

    private FoundPlugin the(PluginType type, String name) {
        return versions.choose(catalog.named(name, List.of(type)), null, name);
    }

    private static <T> T make(FoundPlugin plugin, Class<T> api) {
        return PluginInstance.of(plugin, api);
    }

    private static Task instantiate(Class<? extends Task> taskClass, String location) {
        return PluginInstance.of(taskClass, location);
    }

    private Map<String, Object> withDefaults(String name, FoundPlugin plugin, Map<String, ?> config) {
        Map<String, Object> all = new HashMap<>();
        if (!plugin.className().equals(name)) {
            all.putAll(defaultsOf(plugin.type(), name));
        }
        all.putAll(config);
        return all;
    }

    /** Closes the class loaders; no plugin may run any more. */
    @Override
    public void close() {
        found.stream()
                .map(FoundPlugin::loader)
                .distinct()
                .filter(PluginClassLoader.class::isInstance)
                .sorted(Comparator.comparing(ClassLoader::getName))
                .forEach(loader -> close((Closeable) loader));
        close(parent);
    }

    private static void close(Closeable loader) {
        try {
            loader.close();
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("could not close a plugin's class loader");
        }
    }
}
