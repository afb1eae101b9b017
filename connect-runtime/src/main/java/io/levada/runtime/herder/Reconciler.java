/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.lifecycle.Lifecycle;
import io.levada.runtime.lifecycle.LifecycleEvents;
import io.levada.runtime.membership.GroupEvent;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.metrics.RebalanceMeter;
import io.levada.runtime.plan.Planner;
import io.levada.runtime.plan.Work;
import io.levada.runtime.status.StatusStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what runs in line with the config topic and the group: take an event, ask plan, hand over the steps. The only mutable view;
 * owned by the herder's thread.
 */
final class Reconciler implements LifecycleEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reconciler.class);

    private final ConfigStore configs;
    private final StatusStore statuses;
    private final Membership membership;
    private final TaskConfigWrites taskConfigs;
    private final RebalanceMeter meter;
    private final Consumer<GroupEvent> onPlace;
    private final Executor thread;
    private @Nullable Lifecycle lifecycle;
    private ClusterConfig config = ClusterConfig.EMPTY;
    private Share share = Share.NONE;
    private @Nullable Integer generation;
    private boolean stopping;
    /** An assignment that knows more of the config topic than has been read here yet; null if there is none. */
    private GroupEvent.@Nullable Assigned ahead;

    /**
     * @param onPlace told of each assignment, when this worker takes it, and of the loss of its place
     * @param thread the herder's
     */
    Reconciler(
            ConfigStore configs,
            StatusStore statuses,
            Membership membership,
            TaskConfigWrites taskConfigs,
            RebalanceMeter meter,
            Consumer<GroupEvent> onPlace,
            Executor thread) {
        this.configs = configs;
        this.statuses = statuses;
        this.membership = membership;
        this.taskConfigs = taskConfigs;
        this.meter = meter;
        this.onPlace = onPlace;
        this.thread = thread;
    }

    /** Begins: the steps go there from now on, and the group is joined. */
    void start(Lifecycle owner) {
        lifecycle = owner;
        onConfig(configs.snapshot());
        membership.join(
                event -> thread.execute(() -> onGroup(event)),
                () -> configs.readToEnd().thenApply(read -> configs.snapshot()));
    }

    /** From here on nothing new is started: what still comes is another worker's business. */
    void stop() {
        stopping = true;
    }

    /** The membership answers by an event of its own if this changes what the worker is to run; what it runs already changes at once. */
    void onConfig(ClusterConfig newest) {
        config = newest;
        membership.onConfig(newest);
        if (ahead != null && ahead.configOffset() <= newest.offset()) {
            take(ahead);
        } else {
            reconcile();
        }
    }

    private void onGroup(GroupEvent event) {
        ahead = null;
        if (event instanceof GroupEvent.Assigned assigned) {
            if (config.offset() < assigned.configOffset()) {
                ahead = assigned; // The topic is being read all the time, so what is missing comes by itself.
            } else {
                take(assigned);
            }
        } else if (event instanceof GroupEvent.Revoked revoked) {
            meter.began();
            share = share.without(revoked.share());
            try {
                reconcile();
            } finally { // The group waits for it.
                tellWhenStopped(revoked.stopped());
            }
        } else if (event instanceof GroupEvent.Lost lost) {
            meter.began();
            generation = null;
            share = Share.NONE;
            try {
                onPlace.accept(lost);
                reconcile();
            } finally {
                tellWhenStopped(lost.stopped());
            }
        }
    }

    private void tellWhenStopped(CompletableFuture<Void> stopped) {
        Lifecycle owner = lifecycle;
        if (owner == null) {
            stopped.complete(null);
        } else {
            CompletionStage<Void> unused = owner.ended().thenRun(() -> stopped.complete(null));
        }
    }

    private void take(GroupEvent.Assigned assigned) {
        ahead = null;
        share = assigned.share();
        if (!Integer.valueOf(assigned.generation()).equals(generation)) {
            generation = assigned.generation();
            meter.joined(assigned.generation(), assigned.leader(), assigned.protocol());
            LOGGER.atInfo()
                    .addKeyValue("generation", assigned.generation())
                    .addKeyValue("leader", assigned.leader())
                    .log("group joined");
            if (assigned.leads()) { // Another may know less of the config than of what has come of it.
                forgetStatusesOfTheGone();
            }
        }
        onPlace.accept(assigned);
        reconcile();
    }

    @Override
    public CompletionStage<Void> onTaskConfigs(
            ConnectorName name, List<Map<String, @Nullable String>> made, BooleanSupplier current) {
        return taskConfigs.write(name, made, current);
    }

    private void reconcile() {
        Lifecycle owner = lifecycle;
        if (owner == null || stopping) {
            return;
        }
        if (generation != null) {
            owner.generation(generation);
        }
        Work before = owner.running();
        owner.carryOut(Planner.plan(before, Work.of(share, config)));
        forgetStatusesSince(before);
    }

    /** Statuses of what this worker ran until now and nobody will run any more. */
    private void forgetStatusesSince(Work before) {
        before.connectors().keySet().stream()
                .filter(name -> !config.connectors().containsKey(name))
                .forEach(statuses::remove);
        before.tasks().keySet().stream()
                .filter(id -> config.connector(id.connector())
                        .filter(entry -> entry.target() == TargetState.STOPPED
                                || config.task(id).isEmpty())
                        .isPresent())
                .forEach(statuses::remove);
    }

    /** Statuses of what was deleted or stopped while no worker was there to say so. */
    private void forgetStatusesOfTheGone() {
        statuses.connectors().stream()
                .filter(name -> !config.connectors().containsKey(name))
                .forEach(statuses::remove);
        config.connectors()
                .forEach((name, entry) -> statuses.removeTasks(
                        name,
                        entry.target() == TargetState.STOPPED
                                ? 0
                                : entry.tasks().size()));
    }
}
