/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.plan.ConnectorWork;
import io.levada.runtime.plan.Step;
import io.levada.runtime.plan.TaskWork;
import io.levada.runtime.plan.Work;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.status.State;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLoops;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.threads.TaskThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Carries out the herder's steps and restarts what fails. Every method is called on the herder's thread. */
public final class Lifecycle {
    private final TaskServices services;
    private final TaskLoops loops;
    private final HerderThread thread;
    private final StatusReports reports;
    private final LifecycleEvents events;
    private final TaskThreads taskThreads;
    private final Map<ConnectorName, Slot<ConnectorWork, ConnectorHost>> connectors = new HashMap<>();
    private final Map<TaskId, Slot<TaskWork, TaskHost>> tasks = new HashMap<>();
    private final Supervisor<ConnectorName> connectorFailures;
    private final Supervisor<TaskId> taskFailures;

    public Lifecycle(
            TaskServices services, TaskLoops loops, HerderThread thread, String workerId, LifecycleEvents events) {
        this(services, loops, thread, workerId, events, TaskThreads.REAL);
    }

    /** @param taskThreads those of tasks, and their time */
    public Lifecycle(
            TaskServices services,
            TaskLoops loops,
            HerderThread thread,
            String workerId,
            LifecycleEvents events,
            TaskThreads taskThreads) {
        this.services = services;
        this.loops = loops;
        this.thread = thread;
        this.reports = new StatusReports(services.statuses(), services.meters(), workerId);
        this.events = events;
        this.taskThreads = taskThreads;
        this.connectorFailures = supervisor(reports::say);
        this.taskFailures = supervisor(reports::say);
    }

    private <K> Supervisor<K> supervisor(Supervisor.StatusSaying<K> statuses) {
        RestartSchedule<K> restarts = new RestartSchedule<>(thread::after, taskThreads::nanoTime, thread.clock());
        return new Supervisor<>(thread, restarts, services.worker().restart(), statuses);
    }

    /** The generation under which statuses are said from now on. */
    public void generation(int generation) {
        reports.generation(generation);
    }

    /** What runs, or is about to. */
    public Work running() {
        SortedMap<ConnectorName, ConnectorWork> runningConnectors = new TreeMap<>();
        SortedMap<TaskId, TaskWork> runningTasks = new TreeMap<>();
        connectors.forEach((name, slot) -> putIfWanted(runningConnectors, name, slot.wanted()));
        tasks.forEach((id, slot) -> putIfWanted(runningTasks, id, slot.wanted()));
        return new Work(runningConnectors, runningTasks);
    }

    private static <K, W> void putIfWanted(Map<K, W> running, K key, @Nullable W wanted) {
        if (wanted != null) {
            running.put(key, wanted);
        }
    }

    /** Does what a plan says; returns before it is done. A step that fails keeps none of the others from being taken, and is told of in the end. */
    public void carryOut(List<Step> steps) {
        List<Throwable> failures = new ArrayList<>();
        for (Step step : steps) {
            try {
                carryOut(step);
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            ConnectException failed = new ConnectException("Not all that is to run here could be started or stopped");
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private void carryOut(Step step) {
        if (step instanceof Step.StopTask stop) {
            taskFailures.forget(stop.id());
            stop(stop.id());
        } else if (step instanceof Step.StopConnector stop) {
            connectorFailures.forget(stop.name());
            stop(stop.name());
        } else if (step instanceof Step.StartConnector start) {
            connector(start.name()).replace(start.work());
        } else if (step instanceof Step.ReconfigureConnector change) {
            connectorFailures.forget(change.name());
            connector(change.name()).replace(change.work());
        } else if (step instanceof Step.RetargetConnector change) {
            retarget(change.name(), change.target());
        } else if (step instanceof Step.StartTask start) {
            task(start.id()).replace(start.work());
        } else if (step instanceof Step.ReconfigureTask change) {
            taskFailures.forget(change.id());
            task(change.id()).replace(change.work());
        } else if (step instanceof Step.PauseTask change) {
            pause(change.id(), change.paused());
        }
    }

    /** Stops a connector, if it runs here, and starts it again, because somebody asked for it. */
    public void restart(ConnectorName name) {
        connectorFailures.forget(name);
        Slot<ConnectorWork, ConnectorHost> slot = connectors.get(name);
        if (slot != null && slot.wanted() != null) {
            reports.sayMeanwhile(name, State.RESTARTING);
            beginAgain(slot);
        }
    }

    /** Stops a task, if it runs here, and starts it again, because somebody asked for it. */
    public void restart(TaskId id) {
        taskFailures.forget(id);
        Slot<TaskWork, TaskHost> slot = tasks.get(id);
        if (slot != null && slot.wanted() != null) {
            reports.sayMeanwhile(id, State.RESTARTING);
            beginAgain(slot);
        }
    }

    /** What is known of the failure of a connector that runs here; empty if it is healthy. */
    public Optional<FailureReport> failure(ConnectorName name) {
        return connectorFailures.failure(name);
    }

    /** As above. */
    public Optional<FailureReport> failure(TaskId id) {
        return taskFailures.failure(id);
    }

    /** The tasks of a connector that run here, or were given up and have not come to their end. */
    public SortedSet<TaskId> unfinishedTasks(ConnectorName name) {
        SortedSet<TaskId> unfinished = new TreeSet<>();
        tasks.forEach((id, slot) -> {
            if (id.connector().equals(name) && !slot.quiet()) {
                unfinished.add(id);
            }
        });
        return unfinished;
    }

    /** Completes, on the herder's thread, when all that is being ended now has ended or is given up. */
    public CompletionStage<Void> ended() {
        return CompletableFuture.allOf(Stream.concat(tasks.values().stream(), connectors.values().stream())
                .map(slot -> slot.ended().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Stops everything, all at once; completes when all has ended or is given up. */
    public CompletionStage<Void> stopAll() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        List.copyOf(tasks.keySet()).forEach(id -> {
            taskFailures.forget(id);
            Runnable last = isWanted(tasks.get(id)) ? () -> reports.sayUnassigned(id) : () -> {};
            ends.add(stop(id).thenRun(last).toCompletableFuture());
        });
        List.copyOf(connectors.keySet()).forEach(name -> {
            connectorFailures.forget(name);
            Runnable last =
                    isWanted(connectors.get(name)) ? () -> reports.say(name, State.UNASSIGNED, null, null) : () -> {};
            ends.add(stop(name).thenRun(last).toCompletableFuture());
        });
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    /** What is not wanted here any more, and hangs, is another worker's by now. */
    private static boolean isWanted(@Nullable Slot<?, ?> slot) {
        return slot != null && slot.wanted() != null;
    }

    private Slot<ConnectorWork, ConnectorHost> connector(ConnectorName name) {
        return connectors.computeIfAbsent(
                name,
                first -> new Slot<>(
                        (work, life) -> new ConnectorHost(
                                name,
                                work,
                                services,
                                connectorEvents(name, life),
                                configs -> thread.call(() -> events.onTaskConfigs(
                                        name, configs, () -> isCurrent(connectors.get(name), life)))),
                        thread,
                        services.worker().timeouts().shutdown()));
    }

    private Slot<TaskWork, TaskHost> task(TaskId id) {
        return tasks.computeIfAbsent(
                id,
                first -> new Slot<>(
                        (work, life) -> new TaskHost(
                                spec(id, work),
                                new TaskControl(work.paused(), taskThreads),
                                loops,
                                services,
                                taskEvents(id, life)),
                        thread,
                        services.worker().timeouts().shutdown()));
    }

    private TaskSpec spec(TaskId id, TaskWork work) {
        PluginChoice connector = PluginChoice.ofConnector(work.connectorConfig());
        ConnectorType type =
                connector == null ? ConnectorType.UNKNOWN : services.plugins().type(connector);
        return new TaskSpec(id, type, work.connectorConfig(), work.taskConfig());
    }

    private CompletionStage<Void> stop(TaskId id) {
        Slot<TaskWork, TaskHost> slot = tasks.get(id);
        return slot == null
                ? CompletableFuture.completedFuture(null)
                : removed(
                        slot,
                        () -> removeIfEmpty(
                                tasks, id, slot, () -> services.meters().remove(id)));
    }

    private CompletionStage<Void> stop(ConnectorName name) {
        Slot<ConnectorWork, ConnectorHost> slot = connectors.get(name);
        return slot == null
                ? CompletableFuture.completedFuture(null)
                : removed(
                        slot,
                        () -> removeIfEmpty(
                                connectors, name, slot, () -> services.meters().remove(name)));
    }

    /** The place is kept for as long as something goes on in it, though nobody waits for that any more. */
    private CompletionStage<Void> removed(Slot<?, ?> slot, Runnable removal) {
        CompletionStage<Void> ended = slot.empty();
        CompletionStage<Void> unused = slot.over().thenRun(() -> thread.execute(removal));
        return ended;
    }

    private static <K, W, H extends Host> void removeIfEmpty(
            Map<K, Slot<W, H>> slots, K key, Slot<W, H> slot, Runnable onRemoved) {
        if (slot.wanted() == null && slot.quiet() && slots.remove(key, slot)) {
            onRemoved.run();
        }
    }

    private void retarget(ConnectorName name, TargetState target) {
        Slot<ConnectorWork, ConnectorHost> slot = connector(name);
        ConnectorWork wanted = slot.wanted();
        ConnectorHost host = slot.host();
        if (wanted != null) {
            slot.adjust(new ConnectorWork(wanted.config(), target));
        }
        if (target == TargetState.STOPPED) {
            // One that has failed and is paused is started again all the same, and keeps still.
            connectorFailures.forget(name);
        }
        if (host != null) {
            host.target(target);
        }
    }

    private void pause(TaskId id, boolean paused) {
        Slot<TaskWork, TaskHost> slot = task(id);
        TaskWork wanted = slot.wanted();
        TaskHost host = slot.host();
        if (wanted != null) {
            slot.adjust(new TaskWork(wanted.connectorConfig(), wanted.taskConfig(), paused));
        }
        if (host != null) {
            host.pause(paused);
        }
    }

    private static <W, H extends Host> void beginAgain(@Nullable Slot<W, H> slot) {
        W work = slot == null ? null : slot.wanted();
        if (slot != null && work != null) {
            slot.replace(work);
        }
    }

    private HostEvents connectorEvents(ConnectorName name, int life) {
        return connectorFailures.ofLife(
                name,
                () -> isCurrent(connectors.get(name), life),
                () -> {
                    Slot<ConnectorWork, ConnectorHost> slot = connectors.get(name);
                    ConnectorWork work = slot == null ? null : slot.wanted();
                    return work == null ? Map.of() : work.config();
                },
                () -> beginAgain(connectors.get(name)));
    }

    private HostEvents taskEvents(TaskId id, int life) {
        return taskFailures.ofLife(
                id,
                () -> isCurrent(tasks.get(id), life),
                () -> {
                    Slot<TaskWork, TaskHost> slot = tasks.get(id);
                    TaskWork work = slot == null ? null : slot.wanted();
                    return work == null ? Map.of() : work.connectorConfig();
                },
                () -> beginAgain(tasks.get(id)));
    }

    private static boolean isCurrent(@Nullable Slot<?, ?> slot, int life) {
        return slot != null && slot.current(life);
    }
}
