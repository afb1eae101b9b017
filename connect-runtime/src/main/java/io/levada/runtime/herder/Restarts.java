/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.lifecycle.FailureReport;
import io.levada.runtime.lifecycle.Lifecycle;
import io.levada.runtime.status.State;
import io.levada.runtime.status.Status;
import io.levada.runtime.status.StatusStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What has failed, and restarts by request, all over the group (KIP-745). Called on the herder's thread. */
final class Restarts {
    private final ConfigStore configs;
    private final StatusStore statuses;
    private final Queries queries;
    private final Lifecycle lifecycle;

    Restarts(ConfigStore configs, StatusStore statuses, Queries queries, Lifecycle lifecycle) {
        this.configs = configs;
        this.statuses = statuses;
        this.queries = queries;
        this.lifecycle = lifecycle;
    }

    Diagnosis diagnosis(ConnectorName name) {
        ConnectorStatus status = queries.status(name);
        Map<Integer, FailureReport> failed = new TreeMap<>();
        status.tasks()
                .forEach(task ->
                        lifecycle.failure(name.task(task.id())).ifPresent(failure -> failed.put(task.id(), failure)));
        return new Diagnosis(status, lifecycle.failure(name), failed);
    }

    /** Whether this worker runs a connector, so that it can be restarted by {@link #restart(RestartRequest)}. */
    boolean isHere(ConnectorName name) {
        return lifecycle.running().connectors().containsKey(name);
    }

    /** As above. */
    boolean isHere(TaskId id) {
        return lifecycle.running().tasks().containsKey(id);
    }

    CompletionStage<Optional<ConnectorStatus>> restart(RestartRequest request) {
        known(request.connector());
        if (!request.includeTasks() && !request.onlyFailed()) {
            lifecycle.restart(request.connector());
            return CompletableFuture.completedFuture(Optional.empty());
        }
        ConnectorStatus plan = planned(request);
        return configs.putRestart(request).thenApply(written -> Optional.of(plan));
    }

    CompletionStage<Void> restart(TaskId id) {
        known(id.connector());
        if (configs.snapshot().task(id).isEmpty()) {
            throw new ConnectorNotFoundException("Unknown task: " + id);
        }
        lifecycle.restart(id);
        return CompletableFuture.completedFuture(null);
    }

    /** The request has come by the config topic: every worker restarts what it has of the connector. */
    void carryOut(RestartRequest request) {
        ConnectorName name = request.connector();
        if (!queries.exists(name)) {
            return;
        }
        if (concerns(request, queries.status(name).connector().state())) {
            lifecycle.restart(name);
        }
        if (request.includeTasks()) {
            configs.snapshot().tasks(name).forEach(id -> {
                if (concerns(request, state(id))) {
                    lifecycle.restart(id);
                }
            });
        }
    }

    /** The status as it is, with what is going to restart shown so. */
    private ConnectorStatus planned(RestartRequest request) {
        ConnectorStatus now = queries.status(request.connector());
        List<TaskStatus> tasks = now.tasks().stream()
                .map(task -> request.includeTasks()
                                && concerns(request, task.reported().state())
                        ? new TaskStatus(task.id(), restarting(task.reported()))
                        : task)
                .toList();
        ReportedState reported =
                concerns(request, now.connector().state()) ? restarting(now.connector()) : now.connector();
        return new ConnectorStatus(now.name(), reported, tasks, now.type());
    }

    /** One that hangs in its first start has said nothing of itself, and may be restarted as any other. */
    private String state(TaskId id) {
        return statuses.task(id).map(Status::state).orElse(State.UNASSIGNED).name();
    }

    private static boolean concerns(RestartRequest request, String state) {
        return !request.onlyFailed() || State.FAILED.name().equals(state);
    }

    private static ReportedState restarting(ReportedState now) {
        return new ReportedState(State.RESTARTING.name(), now.workerId(), now.trace(), now.version());
    }

    private void known(ConnectorName name) {
        if (!queries.exists(name)) {
            throw new ConnectorNotFoundException("Unknown connector: " + name);
        }
    }
}
