/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.ClientSettings;
import io.levada.runtime.clients.InternalClients;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.embedded.EmbeddedKafka;
import io.levada.runtime.fencing.GroupFencing;
import io.levada.runtime.fencing.ZombieFencing;
import io.levada.runtime.herder.ExpiredValues;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.herder.Herding;
import io.levada.runtime.membership.GroupMember;
import io.levada.runtime.membership.GroupProtocol;
import io.levada.runtime.membership.GroupSettings;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.membership.SoleMember;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.metrics.WorkerMetrics;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.peers.LeaderCalls;
import io.levada.runtime.peers.SessionKeys;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.rest.RestConfig;
import io.levada.runtime.rest.RestServer;
import io.levada.runtime.rest.calls.RestServices;
import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.rest.extension.RestExtensions;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.sink.SinkLoop;
import io.levada.runtime.task.source.SourceLoop;
import io.levada.runtime.topics.ExistingTopics;
import io.levada.runtime.validation.ValidationService;
import io.levada.runtime.validation.advice.Surroundings;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final ValidationService validation;
    private final CompletionStage<Throwable> broken;
    private final WorkerConfig config;

    private Worker(
            OpenParts parts,
            RestServer rest,
            Herder herder,
            ValidationService validation,
            CompletionStage<Throwable> broken,
            WorkerConfig config) {
        this.parts = parts;
        this.rest = rest;
        this.herder = herder;
        this.validation = validation;
        this.broken = broken;
        this.config = config;
    }

    /** Starts a worker that finds plugins on {@code plugin.path} and on its class path. */
    public static Worker start(WorkerConfig config) {
        return start(config, null);
    }

    /** Starts a worker whose properties need no config provider. */
    public static Worker start(WorkerConfig config, @Nullable Path bundledPlugins) {
        return start(config.properties(), new Installed(bundledPlugins, null));
    }

    /**
     * Starts a worker; returns when it takes requests. REST, broker and plugin scan start at the same time, unless config providers have
     * to be asked first for what the properties refer to.
     *
     * @param properties as the user wrote them
     * @throws RuntimeException if it cannot start, with a message of one line that says why and what to do; nothing stays
     *     open then
     */
    public static Worker start(Map<String, String> properties, Installed installed) {
        OpenParts parts = new OpenParts();
        CompletableFuture<RestServices> ready = new CompletableFuture<>();
        try {
            PluginSearch search = search(properties, installed.plugins());
            search.checkFolders();
            CompletableFuture<Plugins> scan = inParallel("plugins", () -> parts.add(Plugins.discover(search)));
            CompletableFuture<Secrets> opening =
                    scan.thenApply(plugins -> parts.add(Secrets.open(properties, plugins)));
            boolean asksProviders = Secrets.areNamedIn(properties);
            Map<String, String> resolved = asksProviders ? join(opening).resolveWorker(properties) : properties;
            Checked checked = Secrets.checked(properties, resolved, () -> Checked.of(resolved));
            WorkerConfig config = checked.config;
            RestConfig restConfig = checked.rest;
            CompletableFuture<Plugins> found = scan.thenApply(plugins -> Secrets.checked(properties, resolved, () -> {
                Converters.check(plugins, config);
                OverridePolicy.check(config, plugins);
                WorkerMeters.checkReporters(config, plugins);
                RestExtensions.check(restConfig.extensions(), plugins);
                return plugins;
            }));
            if (asksProviders || config.namesPlugins()) {
                Plugins unused = join(found); // Before anything is started: what is not there is no matter of brokers.
            }
            CompletableFuture<WorkerConfig> broker = inParallel("broker", () -> withBroker(config, parts));
            WorkerMetrics metrics = parts.add(WorkerMetrics.create());
            RestServer rest = parts.addLast(RestServer.start(restConfig, ready, metrics));
            String workerId = WorkerAddress.of(config, rest.ports());

            WorkerConfig connected = join(broker);
            throwIfFailed(found); // Before a topic is made, if it is known by now.
            CompletableFuture<Membership> opened =
                    inParallel("membership", () -> parts.add(membership(connected, workerId)));
            StoredState state = StoredState.read(connected, new InternalClients(connected), parts);
            Plugins plugins = join(found);
            Secrets secrets = join(opening);
            WorkerMeters meters = parts.add(WorkerMeters.of(connected, plugins, state.clusterId(), workerId));
            metrics.add(meters);
            OverridePolicy overrides = overrides(connected, plugins, meters, parts);
            ClientConfigs clients = new ClientConfigs(connected, overrides, state.clusterId());
            ExistingTopics topics = parts.add(new ExistingTopics(new InternalClients(connected).admin()));
            ValidationService validation = parts.add(new ValidationService(
                    plugins,
                    ValidationSettings.of(connected, overrides, secrets::resolve),
                    new Surroundings(topics::names, connected.withPrefix("value.converter."))));
            Membership member = join(opened);
            LeaderCalls calls = new LeaderCalls(
                    rest.peers(),
                    new SessionKeys(state.herding().configs(), sessionKeys(connected), InstantSource.system()));
            FlushThreads flushers = parts.add(new FlushThreads());
            TaskServices services = new TaskServices(
                    connected,
                    clients,
                    plugins,
                    new OffsetStores(connected.topics().offsets(), state.offsets(), clients),
                    state.statuses(),
                    secrets,
                    flushers,
                    new GroupFencing(
                            new ZombieFencing(state.herding().configs(), clients),
                            state.herding().configs(),
                            member,
                            calls),
                    meters);
            Herding herding = parts.add(state.herding());
            Herder herder = herding.start(
                    services,
                    (task, control, listener, meter) -> TaskPlugins.during(
                            task,
                            services,
                            meter,
                            open -> task.type() == ConnectorType.SINK
                                    ? new SinkLoop(task, control, listener, services, open)
                                    : new SourceLoop(task, control, listener, services, open)),
                    new Herding.Group(member, calls),
                    validation,
                    validation::run,
                    state.clusterId(),
                    workerId);
            secrets.restartWith(new ExpiredValues(herder));
            ready.complete(new RestServices(
                    herder,
                    plugins,
                    validation,
                    meters.plugins()::progress,
                    extensions(restConfig, connected, plugins, herder, meters, installed, parts)));
            if (member instanceof GroupMember inGroup) {
                inGroup.awaitJoined();
            }
            LOGGER.atInfo()
                    .addKeyValue("worker", workerId)
                    .addKeyValue("bootstrapServers", String.join(",", connected.bootstrapServers()))
                    .log("worker started");
            return new Worker(
                    parts, rest, herder, validation, either(state.logs().broken(), member.broken()), connected);
        } catch (RuntimeException | Error e) {
            // Also when code of a plugin cannot be linked: a broker inside must not go on alone.
            ready.completeExceptionally(e);
            parts.close();
            throw e;
        }
    }

    /** What the properties say, as far as that can be judged before anything is started. */
    private record Checked(WorkerConfig config, RestConfig rest) {
        private static Checked of(Map<String, String> properties) {
            WorkerConfig config = WorkerConfig.from(properties);
            ClientSettings.checkWorkers(config);
            RestConfig rest = RestConfig.from(config.properties());
            sessionKeys(config).check();
            WorkerAddress.check(config);
            return new Checked(config, rest);
        }
    }

    /** What REST and others ask. */
    public Herder herder() {
        return herder;
    }

    /** All errors in the config of a connector, as {@code PUT /connector-plugins/{p}/config/validate} tells them; none if it is valid. */
    public CompletionStage<List<String>> errors(Map<String, @Nullable String> connectorConfig) {
        return validation.validate(connectorConfig).thenApply(ConfigInfos::errors);
    }

    /** The port that REST listens on, also where the config said 0. */
    public int restPort() {
        return rest.port();
    }

    /** The brokers this worker uses, {@code host:port} separated by commas. */
    public String bootstrapServers() {
        return String.join(",", config.bootstrapServers());
    }

    /** What it runs with: references to config providers resolved, the address of the broker inside filled in. */
    public WorkerConfig config() {
        return config;
    }

    /**
     * Completes with the cause if the worker can do nothing of what it is asked any more, because it has lost its state or its place in
     * the group: whoever runs it should end it and start another. {@code /health} says so too.
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

    /** Plugins are looked for by properties as they are written: what config providers would put there comes too late. */
    private static PluginSearch search(Map<String, String> properties, @Nullable Path bundledPlugins) {
        return PluginSearch.of(
                properties.get("plugin.path"),
                bundledPlugins,
                properties.getOrDefault("plugin.discovery", "hybrid_warn"));
    }

    /** Nothing is waited for, so that everything else starts meanwhile. */
    private static void throwIfFailed(CompletableFuture<Plugins> found) {
        if (found.isCompletedExceptionally()) {
            Plugins unused = join(found);
        }
    }

    /** What it measures of itself (KIP-877) leaves after it, so that it may take its metrics away itself. */
    private static OverridePolicy overrides(
            WorkerConfig config, Plugins plugins, WorkerMeters meters, OpenParts parts) {
        OverridePolicy policy = OverridePolicy.of(config, plugins);
        Optional<OwnPluginMetrics> metrics = policy.plugin()
                .map(plugin -> parts.add(meters.plugins().ofWorkerPlugin(OverridePolicy.KEY, plugin.getClass())));
        OverridePolicy added = parts.add(policy);
        metrics.ifPresent(own -> policy.plugin().ifPresent(plugin -> own.giveWorkerPlugin(OverridePolicy.KEY, plugin)));
        return added;
    }

    private static @Nullable ExtensionHost extensions(
            RestConfig rest,
            WorkerConfig config,
            Plugins plugins,
            Herder herder,
            WorkerMeters meters,
            Installed installed,
            OpenParts parts) {
        return rest.extensions().isEmpty()
                ? null
                : parts.add(RestExtensions.open(
                        rest.extensions(),
                        config.properties(),
                        plugins,
                        herder,
                        meters.plugins(),
                        installed.restExtensions(),
                        RestServer.ROOTS));
    }

    /** With a broker of its own nobody else can be in the same place: a process before this one is dead. */
    private static Membership membership(WorkerConfig config, String workerId) {
        if (config.offsetsFile().isPresent()) {
            return new SoleMember(workerId);
        }
        InternalClients clients = new InternalClients(config);
        GroupSettings place = new GroupSettings(
                config.groupId(),
                workerId,
                WorkerAddress.url(config, workerId),
                config.embedsBroker() ? Optional.of("broker-inside") : Optional.empty(),
                GroupProtocol.of(config.text("connect.protocol")),
                new GroupSettings.Times(
                        config.duration("session.timeout.ms"),
                        config.duration("rebalance.timeout.ms"),
                        config.duration("heartbeat.interval.ms"),
                        config.duration("scheduled.rebalance.max.delay.ms"),
                        config.duration("worker.sync.timeout.ms"),
                        config.duration("worker.unsync.backoff.ms"),
                        config.timeouts().shutdown()));
        return GroupMember.open(place, clients.consumer(), clients.admin());
    }

    private static SessionKeys.Settings sessionKeys(WorkerConfig config) {
        String size = config.text("inter.worker.key.size");
        return new SessionKeys.Settings(
                config.duration("inter.worker.key.ttl.ms"),
                config.text("inter.worker.key.generation.algorithm"),
                size.isEmpty() || size.equals("null") ? null : Integer.valueOf(size),
                config.text("inter.worker.signature.algorithm"),
                Arrays.stream(config.text("inter.worker.verification.algorithms")
                                .split(","))
                        .map(String::strip)
                        .toList());
    }

    private static CompletionStage<Throwable> either(CompletionStage<Throwable> one, CompletionStage<Throwable> other) {
        return one.applyToEither(other, cause -> cause);
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
