/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.embedded.EmbeddedKafka;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.herder.Herding;
import io.levada.runtime.membership.SoleMember;
import io.levada.runtime.metrics.PluginMeters;
import io.levada.runtime.metrics.WorkerMetrics;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.rest.RestConfig;
import io.levada.runtime.rest.RestServer;
import io.levada.runtime.rest.RestServices;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.sink.SinkLoop;
import io.levada.runtime.task.source.SourceLoop;
import io.levada.runtime.validation.ValidationService;
import io.levada.runtime.validation.ValidationSettings;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka Connect worker: connectors and tasks, their REST API, and the broker inside unless another is named.
 *
 * <p>{@link #start} and {@link #close} block; any thread may call them.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Worker.class);

    private final OpenParts parts;
    private final RestServer rest;
    private final Herder herder;
    private final CompletionStage<Throwable> broken;
    private final String bootstrapServers;

    private Worker(
            OpenParts parts,
            RestServer rest,
            Herder herder,
            CompletionStage<Throwable> broken,
            String bootstrapServers) {
        this.parts = parts;
        this.rest = rest;
        this.herder = herder;
        this.broken = broken;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts a worker that finds plugins on {@code plugin.path} and on its class path. */
    public static Worker start(WorkerConfig config) {
        return start(config, null);
    }

    /**
     * Starts a worker; returns when it takes requests. REST, broker and plugin scan start at the same time.
     *
     * @param bundledPlugins the distribution's own plugins, searched after {@code plugin.path}; null if there are none
     * @throws RuntimeException if it cannot start, with a message of one line that says why and what to do; nothing stays
     *     open then
     */
    public static Worker start(WorkerConfig config, @Nullable Path bundledPlugins) {
        OpenParts parts = new OpenParts();
        CompletableFuture<RestServices> ready = new CompletableFuture<>();
        try {
            warnOfExactlyOnce(config);
            RestConfig restConfig = RestConfig.from(config.properties());
            CompletableFuture<Plugins> scan = inParallel("plugins", () -> parts.add(discover(config, bundledPlugins)));
            CompletableFuture<WorkerConfig> broker = inParallel("broker", () -> withBroker(config, parts));
            RestServer rest = parts.addLast(RestServer.start(restConfig, ready, parts.add(WorkerMetrics.create())));
            String workerId = WorkerAddress.of(config, rest.port());

            WorkerConfig connected = join(broker);
            ClientConfigs clients = new ClientConfigs(connected);
            StoredState state = StoredState.read(connected, clients, parts);
            Plugins plugins = join(scan);
            Converters.checkInstalled(plugins, connected);
            Secrets secrets = parts.add(Secrets.open(connected, plugins));
            ValidationService validation =
                    parts.add(new ValidationService(plugins, ValidationSettings.of(connected, secrets::resolve)));
            FlushThreads flushers = parts.add(new FlushThreads());
            TaskServices services = new TaskServices(
                    connected,
                    clients,
                    plugins,
                    state.offsets(),
                    state.statuses(),
                    secrets,
                    flushers.executor(),
                    parts.add(new PluginMeters()));
            Herding herding = parts.add(state.herding());
            Herder herder = herding.start(
                    services,
                    (task, control, listener) -> task.type() == ConnectorType.SINK
                            ? new SinkLoop(task, control, listener, services)
                            : new SourceLoop(task, control, listener, services),
                    new SoleMember(workerId),
                    validation,
                    validation::run,
                    state.clusterId(),
                    workerId);
            ready.complete(new RestServices(herder, plugins, validation));
            String servers = String.join(",", connected.bootstrapServers());
            LOGGER.atInfo()
                    .addKeyValue("worker", workerId)
                    .addKeyValue("bootstrapServers", servers)
                    .log("worker started");
            return new Worker(parts, rest, herder, state.logs().broken(), servers);
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            parts.close();
            throw e;
        }
    }

    /** What REST and others ask. */
    public Herder herder() {
        return herder;
    }

    /** The port that REST listens on, also where the config said 0. */
    public int restPort() {
        return rest.port();
    }

    /** The brokers this worker uses, {@code host:port} separated by commas. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * Completes with the cause if the worker can do nothing of what it is asked any more, because it has lost its state:
     * whoever runs it should end it and start another. {@code /health} says so too.
     */
    public CompletionStage<Throwable> broken() {
        return broken;
    }

    /**
     * Stops in order: no more requests, tasks all at once with their offsets committed, group left, stores and broker
     * last. Tasks that hang are left behind after {@code task.shutdown.graceful.timeout.ms}. Further calls do nothing.
     */
    @Override
    public void close() {
        parts.close();
    }

    private static void warnOfExactlyOnce(WorkerConfig config) {
        if (!config.text("exactly.once.source.support").equals("disabled")) {
            LOGGER.atWarn()
                    .addKeyValue("exactly.once.source.support", config.text("exactly.once.source.support"))
                    .log("sources deliver at least once as yet; connectors that require exactly once are refused");
        }
    }

    private static Plugins discover(WorkerConfig config, @Nullable Path bundledPlugins) {
        return Plugins.discover(PluginSearch.of(
                config.properties().get("plugin.path"), bundledPlugins, config.text("plugin.discovery")));
    }

    private static WorkerConfig withBroker(WorkerConfig config, OpenParts parts) {
        return config.embedsBroker()
                ? config.withEmbeddedBroker(
                        parts.add(EmbeddedKafka.start(config)).bootstrapServers())
                : config;
    }

    private static <T> CompletableFuture<T> inParallel(String name, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "levada-start-" + name);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    static <T> T join(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ConnectException("The worker cannot start: " + e.getCause(), e);
        }
    }
}
