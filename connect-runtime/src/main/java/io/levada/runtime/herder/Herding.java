/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.LevelRequest;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.lifecycle.HerderThread;
import io.levada.runtime.lifecycle.Lifecycle;
import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.membership.GroupEvent;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.membership.OwnAssignment;
import io.levada.runtime.peers.LeaderCalls;
import io.levada.runtime.peers.SessionKeys;
import io.levada.runtime.task.TaskLoops;
import io.levada.runtime.task.TaskServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The herder with all its parts, wired: made before the config topic is read, started once it has been. */
public final class Herding implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Herding.class);
    private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

    /** The protocol of a group whose internal requests are signed. */
    private static final String SIGNED = "sessioned";

    private final HerderThread thread = new HerderThread();
    private final ConfigStore configs;
    private @Nullable Reconciler reconciler;
    private @Nullable Restarts restarts;
    private @Nullable Lifecycle lifecycle;
    private @Nullable Membership membership;
    private @Nullable Future<?> keyRenewal;
    /** The generation in which this worker has claimed the config topic as the leader; null if it does not lead. */
    private @Nullable Integer claimedIn;
    /** Completes when this worker knows all that leaders before it have written. */
    private CompletableFuture<Void> knowsAll = CompletableFuture.completedFuture(null);

    private Duration patience = STOP_MARGIN;

    /**
     * The group that a worker is in.
     *
     * @param calls of its leader
     */
    public record Group(Membership membership, LeaderCalls calls) {}

    public Herding() {
        this.configs = new ConfigStore(new ConfigListener() {
            @Override
            public void onConfig(ClusterConfig config) {
                thread.execute(() -> reconcile(config));
            }

            @Override
            public void onRestart(RestartRequest request) {
                thread.execute(() -> restart(request));
            }

            @Override
            public void onLevel(LevelRequest request) {
                LogLevels.ofLogback().ifPresent(levels -> set(levels, request));
            }
        });
    }

    /** The store that reads the config topic for this herder. */
    public ConfigStore configs() {
        return configs;
    }

    /**
     * Builds what acts on the config, and joins the group.
     *
     * @param jobs where plugins are asked about offsets
     */
    public Herder start(
            TaskServices services,
            TaskLoops loops,
            Group group,
            ConnectorValidator validator,
            PluginJobs jobs,
            String clusterId,
            String workerId) {
        Leadership leadership = new GroupLeadership(configs, group.membership(), group.calls(), this::knowsAll);
        configs.writeOnlyIf(group.membership()::mayStillLead, group.membership()::agreeAnew);
        Reconciler view = new Reconciler(
                configs,
                services.statuses(),
                group.membership(),
                new TaskConfigWrites(
                        configs::snapshot, leadership, services.worker().restart(), thread, thread::after),
                services.meters().rebalances(),
                event -> onPlace(group.calls().keys(), event),
                thread);
        Lifecycle owner = new Lifecycle(
                services, new LimitedTasks(loops, configs::snapshot, services.secrets()), thread, workerId, view);
        Queries queries = new Queries(configs::snapshot, services.statuses(), services.plugins(), workerId);
        Restarts byRequest = new Restarts(configs, services.statuses(), queries, owner);
        patience = services.worker().timeouts().shutdown().plus(STOP_MARGIN);
        configs.caughtUp();
        thread.execute(() -> {
            reconciler = view;
            restarts = byRequest;
            lifecycle = owner;
            membership = group.membership();
            view.start(owner);
        });
        return new WorkerHerder(
                thread,
                new WorkerHerder.Parts(
                        queries,
                        new Commands(configs, queries, services.statuses(), validator, thread),
                        byRequest,
                        new OffsetCommands(
                                queries,
                                new StoppedTasks(
                                        owner::unfinishedTasks,
                                        thread::after,
                                        services.worker().timeouts().shutdown()),
                                new SourceOffsets(
                                        new SourceOffsets.Stores(
                                                services.offsets()::mayBlock, services.offsets()::open),
                                        services.plugins(),
                                        services.secrets(),
                                        jobs,
                                        services.fencing(),
                                        SourceOffsets.Bounds.DEFAULT),
                                new SinkOffsets(services.clients(), services.plugins(), services.secrets(), jobs)),
                        new SignalCommands(queries, services.clients(), services.secrets(), jobs),
                        request -> configs.putLevel(request),
                        configs::trouble,
                        (name, config) -> jobs.run(name, () -> fence(services, name, config))),
                leadership,
                services.statuses(),
                new WorkerHerder.Group(group.membership(), group.calls().keys(), configs::readToEnd),
                new WorkerHerder.Identity(clusterId, workerId));
    }

    private static Void fence(TaskServices services, ConnectorName name, Map<String, @Nullable String> config) {
        return services.secrets().with(config, resolved -> {
            services.fencing().beforeTask(name, resolved);
            return null;
        });
    }

    /** A leader claims the topic anew whenever the group has agreed: another may have claimed it meanwhile. */
    private void onPlace(SessionKeys keys, GroupEvent event) {
        Future<?> before = keyRenewal;
        if (before != null) {
            before.cancel(false);
        }
        keyRenewal = null;
        Integer claimed = claimedIn;
        claimedIn = null;
        if (event instanceof GroupEvent.Assigned assigned) {
            boolean signed = assigned.protocol().equals(SIGNED);
            keys.require(signed || assigned.protocol().equals(OwnAssignment.NO_PROTOCOL));
            if (assigned.leads()) {
                lead(assigned.generation(), claimed);
                keyRenewal = signed ? renew(keys) : null;
                return;
            }
        }
        configs.follow();
    }

    private void lead(Integer generation, @Nullable Integer claimed) {
        claimedIn = generation;
        if (generation.equals(claimed)) {
            return;
        }
        CompletionStage<Void> unused = configs.lead();
        if (claimed == null) {
            knowsAll = configs.readToEnd().toCompletableFuture();
        }
    }

    private boolean knowsAll() {
        CompletableFuture<Void> known = knowsAll;
        if (known.isCompletedExceptionally()) {
            knowsAll = configs.readToEnd().toCompletableFuture();
        }
        return known.isDone() && !known.isCompletedExceptionally();
    }

    private @Nullable Future<?> renew(SessionKeys keys) {
        return keys.renew()
                .map(later -> thread.after(later, () -> keyRenewal = renew(keys)))
                .orElse(null);
    }

    private static void set(LogLevels levels, LevelRequest request) {
        if (!LogLevels.isLevel(request.level())) {
            LOGGER.atError()
                    .addKeyValue("logger", request.logger())
                    .addKeyValue("level", request.level())
                    .log("there is no such level: what the config topic says of this logger is ignored");
            return;
        }
        List<String> changed = levels.set(request.logger(), request.level());
        LOGGER.atInfo()
                .addKeyValue("level", request.level())
                .addKeyValue("loggers", changed)
                .log("level set as the config topic says");
    }

    private void reconcile(ClusterConfig config) {
        if (reconciler != null) {
            reconciler.onConfig(config);
        }
    }

    private void restart(RestartRequest request) {
        if (restarts != null) {
            restarts.carryOut(request);
        }
    }

    /** Stops all connectors and tasks, waits for them within their time, and leaves the group. */
    @Override
    public void close() {
        CompletableFuture<Void> stopped = thread.call(this::stopAll).toCompletableFuture();
        try {
            stopped.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("not everything has stopped in time");
        }
        thread.close();
    }

    private CompletableFuture<Void> stopAll() {
        if (reconciler != null) {
            reconciler.stop();
        }
        reconciler = null;
        restarts = null;
        Lifecycle owner = lifecycle;
        Membership group = membership;
        CompletableFuture<Void> stopped = owner == null
                ? CompletableFuture.completedFuture(null)
                : owner.stopAll().toCompletableFuture();
        return stopped.thenRun(() -> {
            if (group != null) {
                group.close();
            }
        });
    }
}
