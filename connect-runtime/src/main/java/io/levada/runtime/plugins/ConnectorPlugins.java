/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.plugins.PluginLocation.Tier;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The plugins as one version of one connector sees them (KIP-891). Where several versions of a class are installed, that in the
 * connector's own location is used, and otherwise the newest; if the config asks for a version or a range, the same among those that
 * match. Tasks always come from the connector's own location.
 *
 * <p>Safe for use by many threads. Methods that make or describe a plugin run its code and throw as those of {@link Plugins} do.
 */
public final class ConnectorPlugins {
    private final Plugins plugins;
    private final FoundPlugin connector;

    ConnectorPlugins(Plugins plugins, FoundPlugin connector) {
        this.plugins = plugins;
        this.connector = connector;
    }

    /** The connector, not initialised. */
    public Connector newConnector() {
        return PluginInstance.of(connector, Connector.class);
    }

    /** A task of a class that the connector named. */
    public Task newTask(Class<? extends Task> taskClass) {
        return PluginInstance.of(taskClass, connector.location());
    }

    /** The loader that the connector's code, and its tasks', must see as context class loader. */
    public ClassLoader loader() {
        return connector.loader();
    }

    /** The connector's full class name. */
    public String className() {
        return connector.className();
    }

    /** The connector's version, {@code undefined} if it does not say. */
    public String version() {
        return plugins.versionOf(connector);
    }

    /** The same, as statuses have it: null if it does not say. */
    public @Nullable String versionIfSaid() {
        String version = version();
        return version.equals(PluginVersions.UNDEFINED) ? null : version;
    }

    /** A converter, configured with {@code config} over the defaults that its name promises. */
    public Converter newConverter(PluginChoice choice, Map<String, ?> config, boolean isKey) {
        return plugins.newConverter(find(PluginType.CONVERTER, choice), choice, config, isKey);
    }

    /** A header converter, configured with {@code config} over the defaults that its name promises. */
    public HeaderConverter newHeaderConverter(PluginChoice choice, Map<String, ?> config) {
        return plugins.newHeaderConverter(find(PluginType.HEADER_CONVERTER, choice), choice, config);
    }

    /** A transformation, not configured. The caller names the record type it will be applied to. */
    @SuppressWarnings(
            "unchecked") // a transformation is written for every record type, or for the one its user applies it to
    public <R extends ConnectRecord<R>> Transformation<R> newTransformation(PluginChoice choice) {
        return (Transformation<R>)
                PluginInstance.of(find(PluginType.TRANSFORMATION, choice), PluginType.TRANSFORMATION.api());
    }

    /** A predicate, not configured. */
    @SuppressWarnings("unchecked") // as for a transformation
    public <R extends ConnectRecord<R>> Predicate<R> newPredicate(PluginChoice choice) {
        return (Predicate<R>) PluginInstance.of(find(PluginType.PREDICATE, choice), PluginType.PREDICATE.api());
    }

    /** An instance of a plugin of any type, to ask for its {@code ConfigDef}. */
    public Object newPlugin(PluginType type, PluginChoice choice) {
        return PluginInstance.of(find(type, choice), type.api());
    }

    /** The version of a plugin of any type, {@code undefined} if it does not say. */
    public String version(PluginType type, PluginChoice choice) {
        return plugins.versionOf(find(type, choice));
    }

    /**
     * What the context class loader must be while a plugin runs that this connector uses: the plugin's own if it comes from a location
     * of its own, and null, which means the connector's, if it is in the connector's location or the worker's class path.
     */
    public @Nullable ClassLoader contextFor(Object plugin) {
        ClassLoader own = plugin.getClass().getClassLoader();
        return own instanceof PluginClassLoader && own != connector.loader() ? own : null;
    }

    /**
     * The context to give to a sink task: {@code worker} itself, or, for a connector of {@code plugin.path}, one that passes every call on to
     * it and is an instance of Apache's class, because there are plugins that look into that class by reflection.
     *
     * @param consumer the task's, which they look for
     */
    public SinkTaskContext sinkContext(SinkTaskContext worker, Consumer<byte[], byte[]> consumer) {
        return connector.tier() == Tier.PLUGIN_PATH ? plugins.apacheContext(worker, consumer) : worker;
    }

    private FoundPlugin find(PluginType type, PluginChoice choice) {
        return plugins.find(type, choice, connector);
    }
}
