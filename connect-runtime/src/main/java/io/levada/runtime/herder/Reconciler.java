/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.assign.Assignor;
import io.levada.runtime.assign.Share;
import io.levada.runtime.configs.ClusterConfig;
import io.levada.runtime.configs.ConfigStore;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.lifecycle.Lifecycle;
import io.levada.runtime.lifecycle.LifecycleEvents;
import io.levada.runtime.membership.GroupEvent;
import io.levada.runtime.metrics.RebalanceMeter;
import io.levada.runtime.plan.Planner;
import io.levada.runtime.plan.Work;
import io.levada.runtime.status.StatusStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what runs in line with the config topic and the group: take an event, ask assign and plan, hand over the steps.
 * The only mutable view; owned by the herder's thread.
 */
final class Reconciler implements LifecycleEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reconciler.class);

    private final ConfigStore configs;
    private final StatusStore statuses;
    private final RebalanceMeter meter;
    private @Nullable Lifecycle lifecycle;
    private ClusterConfig config = ClusterConfig.EMPTY;
    private GroupEvent.@Nullable Joined group;
    private Map<String, Share> assignment = new TreeMap<>();

    Reconciler(ConfigStore configs, StatusStore statuses, RebalanceMeter meter) {
        this.configs = configs;
        this.statuses = statuses;
        this.meter = meter;
    }

    /** The steps go here; set once, before the first event. */
    void carriedOutBy(Lifecycle owner) {
        this.lifecycle = owner;
    }

    void onConfig(ClusterConfig newest) {
        config = newest;
        reconcile();
    }

    void onGroup(GroupEvent event) {
        if (event instanceof GroupEvent.Joined joined) {
            group = joined;
            config = configs.snapshot();
            meter.joined(joined.generation(), joined.leader(), "NONE");
            LOGGER.atInfo()
                    .addKeyValue("generation", joined.generation())
                    .addKeyValue("members", joined.members())
                    .log("group joined");
            forgetStatusesOfTheGone();
        } else if (event instanceof GroupEvent.Revoked) {
            meter.began();
        } else if (event instanceof GroupEvent.Lost) {
            meter.began();
            group = null;
            assignment = new TreeMap<>();
        }
        reconcile();
    }

    /** Only what has changed is written: tasks are not restarted for nothing. */
    @Override
    public void onTaskConfigs(ConnectorName name, List<Map<String, @Nullable String>> made) {
        ClusterConfig.Entry entry = configs.snapshot().connectors().get(name);
        if (entry == null || entry.target() != TargetState.STARTED) {
            return;
        }
        if (entry.tasks().equals(made) && entry.config().equals(entry.appliedConfig())) {
            return;
        }
        LOGGER.atInfo()
                .addKeyValue("connector", name)
                .addKeyValue("tasks", made.size())
                .log("task configs changed");
        configs.putTasks(name, made).whenComplete((written, failure) -> {
            if (failure != null) {
                LOGGER.atError()
                        .addKeyValue("connector", name)
                        .addKeyValue("error", failure.toString())
                        .log("task configs could not be written; restart the connector to try again");
            }
        });
    }

    private void reconcile() {
        Lifecycle owner = lifecycle;
        if (owner == null) {
            return;
        }
        GroupEvent.Joined joined = group;
        Share share = Share.NONE;
        if (joined != null) {
            owner.generation(joined.generation());
            assignment = Assignor.assign(joined.members(), config, assignment);
            share = assignment.getOrDefault(joined.self(), Share.NONE);
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

    /** Statuses of what was deleted while no worker was there to say so. */
    private void forgetStatusesOfTheGone() {
        statuses.connectors().stream()
                .filter(name -> !config.connectors().containsKey(name))
                .forEach(statuses::remove);
        config.connectors()
                .forEach((name, entry) ->
                        statuses.removeTasks(name, entry.tasks().size()));
    }
}
