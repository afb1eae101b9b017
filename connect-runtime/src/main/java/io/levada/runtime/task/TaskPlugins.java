/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.metrics.PluginMeters;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.Plugins;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plugins of one life of a task, in the versions that its connector's config asks for (KIP-891) and with metrics of their own
 * (KIP-877), and closes them with it. Used by the task's thread.
 */
public final class TaskPlugins implements AutoCloseable {
    /** Key of a task's config under which its class is kept. */
    public static final String TASK_CLASS = "task.class";

    private final TaskId id;
    private final Plugins plugins;
    private final ConnectorPlugins connector;
    private final String connectorClass;
    private final PluginMeters meters;
    private final TaskMeter meter;
    /** Of the configs that they were configured with. */
    private volatile Resolved fromProviders = Resolved.NOTHING;

    private final Deque<InUse<?>> open = new ArrayDeque<>();
    private @Nullable String taskVersion;

    private TaskPlugins(TaskId id, Plugins plugins, PluginChoice connector, PluginMeters meters, TaskMeter meter) {
        this.id = id;
        this.plugins = plugins;
        this.connector = plugins.of(connector);
        this.connectorClass = connector.name();
        this.meters = meters;
        this.meter = meter;
        meter.connector(this.connector.className(), this.connector.version());
    }

    static TaskPlugins of(
            TaskId id,
            Map<String, @Nullable String> connectorConfig,
            Plugins plugins,
            PluginMeters meters,
            TaskMeter meter) {
        return new TaskPlugins(id, plugins, PluginChoice.requiredOfConnector(connectorConfig), meters, meter);
    }

    /** Makes a task's loop, which closes the plugins in the end; they are closed here if it cannot be made. */
    public static TaskLoop during(TaskSpec spec, TaskServices services, TaskMeter meter, LoopMaker maker) {
        TaskPlugins plugins = of(
                spec.id(),
                spec.connectorConfig(),
                services.plugins(),
                services.meters().plugins(),
                meter);
        boolean made = false;
        try {
            TaskLoop loop = maker.make(plugins);
            made = true;
            return loop;
        } finally {
            if (!made) {
                plugins.close();
            }
        }
    }

    /** Makes a loop that uses the plugins. */
    @FunctionalInterface
    public interface LoopMaker {
        TaskLoop make(TaskPlugins plugins);
    }

    /** Where the task's loop says what it does. */
    public TaskMeter meter() {
        return meter;
    }

    /** What config providers gave for the configs that follow: nothing of it is logged when a plugin fails to close. */
    public void onResolved(Resolved resolved) {
        fromProviders = resolved;
    }

    /** A task of the class that the task config names, from its connector's plugin, not started. */
    public <T extends Task> T task(Map<String, @Nullable String> taskConfig, Class<T> kind) {
        String name = TaskSpec.required(taskConfig, TASK_CLASS);
        try {
            T task = kind.cast(connector.newTask(
                    Class.forName(name, true, connector.loader()).asSubclass(Task.class)));
            taskVersion = task.version();
            meter.task(name, taskVersion);
            return task;
        } catch (ClassNotFoundException | ClassCastException e) {
            throw new ConnectException(
                    "Task " + id + " is to be a " + kind.getSimpleName() + " of class " + name
                            + ", which the plugin of " + connectorClass + " does not have",
                    e);
        }
    }

    /** The version of the task that was made; null if it says none. It is asked once, here: whatever it throws later would find a task half open. */
    public @Nullable String taskVersion() {
        return taskVersion;
    }

    /** The context to initialise a sink task with; see {@link ConnectorPlugins#sinkContext}. */
    public SinkTaskContext sinkContext(
            SinkTaskContext context, org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
        return connector.sinkContext(context, consumer);
    }

    /** A converter for keys or values, as the connector chooses it. */
    InUse<Converter> converter(PluginChoice choice, Map<String, String> settings, ConverterType part) {
        return shown(
                part,
                use(
                        () -> connector.newConverter(choice, settings, part == ConverterType.KEY),
                        meters.ofConverter(id, part)));
    }

    /** A converter for keys or values that the worker has for those connectors that choose none. */
    InUse<Converter> workersConverter(PluginChoice choice, Map<String, String> settings, ConverterType part) {
        return shown(
                part,
                use(
                        () -> plugins.newConverter(choice, settings, part == ConverterType.KEY),
                        meters.ofConverter(id, part)));
    }

    /** A header converter, as the connector chooses it. */
    InUse<HeaderConverter> headerConverter(PluginChoice choice, Map<String, String> settings) {
        return shown(
                ConverterType.HEADER,
                use(
                        () -> connector.newHeaderConverter(choice, settings),
                        meters.ofConverter(id, ConverterType.HEADER)));
    }

    /** The header converter that the worker has for those connectors that choose none. */
    InUse<HeaderConverter> workersHeaderConverter(PluginChoice choice, Map<String, String> settings) {
        return shown(
                ConverterType.HEADER,
                use(() -> plugins.newHeaderConverter(choice, settings), meters.ofConverter(id, ConverterType.HEADER)));
    }

    /** A transformation under its alias, configured. */
    <R extends ConnectRecord<R>> InUse<Transformation<R>> transformation(
            String alias, PluginChoice choice, Map<String, @Nullable String> settings) {
        Transformation<R> made = connector.newTransformation(choice);
        InUse<Transformation<R>> used =
                use(made, transformation -> transformation.configure(settings), meters.ofTransformation(id, alias));
        meter.transform(alias, used.className(), used.version());
        return used;
    }

    /** A predicate under its alias, configured. */
    <R extends ConnectRecord<R>> InUse<Predicate<R>> predicate(
            String alias, PluginChoice choice, Map<String, @Nullable String> settings) {
        Predicate<R> made = connector.newPredicate(choice);
        InUse<Predicate<R>> used = use(made, predicate -> predicate.configure(settings), meters.ofPredicate(id, alias));
        meter.predicate(alias, used.className(), used.version());
        return used;
    }

    /** What a plugin that is configured under this name takes for keys that are not set. */
    Map<String, String> defaultsOf(String name) {
        return plugins.defaultsOf(name);
    }

    private <P extends AutoCloseable> InUse<P> shown(ConverterType part, InUse<P> converter) {
        meter.converter(part, converter.className(), converter.version());
        return converter;
    }

    private <P extends AutoCloseable> InUse<P> use(Supplier<P> configured, OwnPluginMetrics metrics) {
        return use(configured.get(), plugin -> {}, metrics);
    }

    private <P extends AutoCloseable> InUse<P> use(P plugin, Consumer<P> configure, OwnPluginMetrics metrics) {
        ClassLoader context = connector.contextFor(plugin);
        InUse<P> used = new InUse<>(plugin, context, metrics);
        open.push(used);
        LoaderSwap.run(context == null ? connector.loader() : context, () -> {
            configure.accept(plugin);
            metrics.give(plugin);
        });
        return used;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().close(new TaskLog(id, fromProviders));
        }
    }
}
