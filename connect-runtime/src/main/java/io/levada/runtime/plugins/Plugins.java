/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.connector.ConnectorType;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
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
    private static final PluginVersions.Patience VERSIONS_WITHIN =
            new PluginVersions.Patience(Duration.ofSeconds(10), Duration.ofSeconds(1));
    private static final Duration TYPE_WITHIN = Duration.ofSeconds(3);

    private final PluginCatalog catalog;
    private final PluginVersions versions;
    private final ApartQuestions<PluginChoice, ConnectorType> types;
    private final List<FoundPlugin> found;
    private final UnlistedClasses unlisted;
    private final CrossPluginLoader parent;

    private Plugins(List<FoundPlugin> found, PluginSearch search, ClassLoader app, CrossPluginLoader parent) {
        this.parent = parent;
        this.found = found;
        this.unlisted = new UnlistedClasses(search, app, parent, found);
        this.catalog = new PluginCatalog(found, search, app);
        this.versions = new PluginVersions(VERSIONS_WITHIN, ApartQuestions::inRealTime);
        this.types = new ApartQuestions<>(
                "levada-plugin-type",
                choice -> connector(choice.name(), choice.version()).type().connectorType(),
                ApartQuestions::inRealTime);
    }

    /** Finds everything; loads no plugin class. Throws {@link org.apache.kafka.common.config.ConfigException} for a bad path. */
    public static Plugins discover(PluginSearch search) {
        ClassLoader app = Plugins.class.getClassLoader();
        CrossPluginLoader parent = new CrossPluginLoader(app, search.apacheJars());
        Plugins plugins = new Plugins(new PluginDiscovery(search, app, parent).find(), search, app, parent);
        parent.knowing(name -> plugins.catalog.versions(name, List.of(PluginType.values())));
        return plugins;
    }

    /** Has plugins find classes of {@code loader} that neither they nor the worker have, from now on: what runs REST extensions. */
    public void lend(ClassLoader loader) {
        parent.lend(loader);
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

    /** The plugins as a connector sees them, in the version that its config asks for. */
    public ConnectorPlugins of(PluginChoice connector) {
        return new ConnectorPlugins(this, connector(connector.name(), connector.version()));
    }

    /** A converter of the version that is used by default; otherwise as {@link #newConverter(PluginChoice, Map, boolean)}. */
    public Converter newConverter(String name, Map<String, ?> config, boolean isKey) {
        return newConverter(PluginChoice.of(name), config, isKey);
    }

    /** A header converter of the version that is used by default. */
    public HeaderConverter newHeaderConverter(String name, Map<String, ?> config) {
        return newHeaderConverter(PluginChoice.of(name), config);
    }

    /** A converter for whatever connector, configured with {@code config} over the defaults that its name promises. */
    public Converter newConverter(PluginChoice choice, Map<String, ?> config, boolean isKey) {
        return newConverter(find(PluginType.CONVERTER, choice, null), choice, config, isKey);
    }

    Converter newConverter(FoundPlugin plugin, PluginChoice choice, Map<String, ?> config, boolean isKey) {
        Converter converter = make(plugin, Converter.class);
        Map<String, Object> typed = withDefaults(choice.name(), plugin, config);
        configure(plugin, converter, () -> converter.configure(typed, isKey));
        return converter;
    }

    /** Configures a plugin, and closes it if that fails: nobody else knows of it yet. */
    private static void configure(FoundPlugin plugin, AutoCloseable made, Runnable configure) {
        try {
            LoaderSwap.run(plugin.loader(), configure);
        } catch (Throwable e) {
            try {
                LoaderSwap swap = LoaderSwap.to(plugin.loader());
                try {
                    made.close();
                } finally {
                    swap.close();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Throwable alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    /** A header converter for whatever connector, configured with {@code config} over the defaults that its name promises. */
    public HeaderConverter newHeaderConverter(PluginChoice choice, Map<String, ?> config) {
        return newHeaderConverter(find(PluginType.HEADER_CONVERTER, choice, null), choice, config);
    }

    HeaderConverter newHeaderConverter(FoundPlugin plugin, PluginChoice choice, Map<String, ?> config) {
        HeaderConverter converter = make(plugin, HeaderConverter.class);
        Map<String, Object> typed = withDefaults(choice.name(), plugin, config);
        typed.put(ConverterConfig.TYPE_CONFIG, ConverterType.HEADER.getName());
        configure(plugin, converter, () -> converter.configure(typed));
        return converter;
    }

    /** A config provider, not configured. */
    public ConfigProvider newConfigProvider(String name) {
        return make(the(PluginType.CONFIG_PROVIDER, name), ConfigProvider.class);
    }

    /** A policy for client overrides, not configured. */
    public ConnectorClientConfigOverridePolicy newOverridePolicy(String name) {
        return make(the(PluginType.CLIENT_OVERRIDE_POLICY, name), ConnectorClientConfigOverridePolicy.class);
    }

    /** The class of a connector. */
    public Class<? extends Connector> connectorClass(String name) {
        FoundPlugin plugin = connector(name, null);
        try {
            return plugin.load().asSubclass(Connector.class);
        } catch (ClassNotFoundException | ClassCastException | LinkageError e) {
            throw new ConnectException(
                    "The connector " + plugin.className() + " of " + plugin.location() + " cannot be loaded: " + e, e);
        }
    }

    /**
     * An instance of a class that is of no {@link PluginType}, such as a metrics reporter, from whatever location has it.
     *
     * @param className the full name
     */
    public <T> T newInstance(String className, Class<T> api) {
        return unlisted.newInstance(className, api);
    }

    /** Throws as {@link #newInstance} does for a class that is not there or of another kind; runs no code of it. */
    public void checkInstance(String className, Class<?> api) {
        unlisted.check(className, api);
    }

    /** An instance of whatever plugin has the name, to ask for its {@code ConfigDef}. */
    public Object newPlugin(PluginType type, String name) {
        return make(the(type, name), type.api());
    }

    /** As {@link #newPlugin(PluginType, String)}, of a given version or range of versions (KIP-891). */
    public Object newPlugin(PluginType type, String name, @Nullable String version) {
        return make(find(type, new PluginChoice(name, version), null), type.api());
    }

    /** Throws {@link PluginNotFoundException} if a config asks for a version that is not installed, or that is none. */
    public void checkVersion(PluginType type, PluginChoice choice) {
        try {
            if (choice.asksForVersion()) {
                find(type, choice, null);
            }
        } catch (IllegalArgumentException malformed) {
            throw new PluginNotFoundException(String.valueOf(malformed.getMessage()));
        }
    }

    /**
     * Which settings a plugin refuses by the keys that it defines, each with why, in the order of their names. Empty if it defines none or cannot
     * be asked, which is logged. Waits some seconds at most.
     *
     * @param settings the user's, over the defaults that the plugin's name promises
     * @param given what the worker tells it besides
     */
    public Map<String, String> wrongSettings(
            PluginType type, PluginChoice choice, Map<String, String> settings, Map<String, String> given) {
        return new SettingsCheck(this, type, choice).wrong(settings, given);
    }

    /** Whether a text can be the value of a {@code plugin.version} key: a version, a range of versions, or nothing. */
    public static boolean isVersionRange(String text) {
        return text.isBlank() || VersionRange.isValid(text);
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

    /** The version of a plugin of any type that a config chooses, seen from no connector. */
    public String version(PluginType type, PluginChoice choice) {
        return versions.of(find(type, choice, null));
    }

    /** All versions of a plugin that are installed, the oldest first; empty if there is no such plugin. */
    public List<String> versions(List<PluginType> types, String name) {
        try {
            return versions.all(catalog.named(name, types));
        } catch (ConnectException absent) {
            return List.of();
        }
    }

    /**
     * Source or sink; {@link ConnectorType#UNKNOWN} if there is no such connector. Runs no code of plugins on this thread, and waits for some only in the odd case
     * that one version of a class is a source and another a sink, which must say their versions then: for some seconds, once; until they do it is unknown.
     */
    public ConnectorType type(PluginChoice connector) {
        try {
            List<FoundPlugin> named = catalog.named(connector.name(), PluginType.CONNECTORS);
            boolean same = named.stream().map(FoundPlugin::type).distinct().count() == 1;
            return same ? named.get(0).type().connectorType() : types.answer(connector, TYPE_WITHIN);
        } catch (ConnectException | ExecutionException | TimeoutException unknown) {
            return ConnectorType.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ConnectorType.UNKNOWN;
        }
    }

    /** The full class name that {@code name} stands for. */
    public String className(PluginType type, String name) {
        return the(type, name).className();
    }

    /**
     * The full class name that {@code name} stands for, of the first of the types that has such a plugin; the name itself if none has, or it could be
     * several. For whoever must not block: it runs and loads nothing, and knows what was found at the start alone.
     */
    public String classNameOrName(List<PluginType> types, String name) {
        return types.stream()
                .flatMap(type -> catalog.className(name, type).stream())
                .findFirst()
                .orElse(name);
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
     * Every plugin of the given types, in the order of type and class name; leaves out, and logs, what cannot be loaded. One that hangs when it is
     * asked for its version is {@code undefined}, and holds up the first list alone: for some seconds, and for one if another hangs before it. A bundled piece is listed under the name of Apache's or Confluent's, too, unless the class of that name is installed itself.
     */
    public List<PluginDescription> list(List<PluginType> types) {
        PluginVersions.Listing listing = versions.listing();
        return catalog.all().stream()
                .filter(plugin -> types.contains(plugin.type()))
                .flatMap(plugin -> described(plugin, listing).flatMap(described -> underAllNames(plugin, described)))
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

    private Stream<PluginDescription> described(FoundPlugin plugin, PluginVersions.Listing listing) {
        try {
            return Stream.of(
                    new PluginDescription(plugin.className(), plugin.type(), listing.of(plugin), plugin.location()));
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
        return versions.choose(
                catalog.named(name, PluginType.CONNECTORS), new PluginChoice(name, version), plugin -> false);
    }

    private FoundPlugin the(PluginType type, String name) {
        return find(type, PluginChoice.of(name), null);
    }

    /** @param near the connector that asks, whose location comes first; null if none does */
    FoundPlugin find(PluginType type, PluginChoice choice, @Nullable FoundPlugin near) {
        // The class path is no location in this sense: what is on plugin.path wins over it.
        return versions.choose(
                catalog.named(choice.name(), List.of(type)),
                choice,
                plugin ->
                        near != null && near.loader() instanceof PluginClassLoader && plugin.loader() == near.loader());
    }

    SinkTaskContext apacheContext(SinkTaskContext worker, Consumer<byte[], byte[]> consumer) {
        return parent.contextOf(worker, consumer);
    }

    String versionOf(FoundPlugin plugin) {
        return versions.of(plugin);
    }

    private static <T> T make(FoundPlugin plugin, Class<T> api) {
        return PluginInstance.of(plugin, api);
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
        close(unlisted::close);
    }

    private static void close(Closeable loader) {
        try {
            loader.close();
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("could not close a plugin's class loader");
        }
    }
}
