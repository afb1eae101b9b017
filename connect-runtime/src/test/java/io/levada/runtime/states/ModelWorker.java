/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.fencing.ZombieFencing;
import io.levada.runtime.herder.AlreadyExistsException;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.ConnectorStatus;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.herder.Herding;
import io.levada.runtime.herder.PluginJobs;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.membership.SoleMember;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.peers.LeaderCalls;
import io.levada.runtime.peers.SessionKeys;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskServices;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;

/** A worker's herder with its stores and plugins over logs that outlive it, as its users see it. One thread. */
final class ModelWorker implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    /** What has failed stays so; nothing is given up for being slow. */
    private static final Map<String, String> PROPERTIES =
            Map.of("errors.restart.max", "0", "task.shutdown.graceful.timeout.ms", "600000");

    private final KeptRecords kept = new KeptRecords();
    private final Plugins plugins;
    private final World world;
    private final Supplier<Membership> membership;
    private Running running;

    /** One that has no group. */
    ModelWorker(Plugins plugins, World world) {
        this(plugins, world, () -> new SoleMember("worker"));
    }

    /** @param membership of each run of the worker */
    ModelWorker(Plugins plugins, World world, Supplier<Membership> membership) {
        this.plugins = plugins;
        this.world = world;
        this.membership = membership;
        this.running = Running.start(kept, plugins, world, membership.get());
    }

    World world() {
        return world;
    }

    /** One run of the worker: what is open, in the order in which it is closed. */
    private record Running(
            Herding herding,
            Herder herder,
            WorkerMeters meters,
            Secrets secrets,
            OverridePolicy overrides,
            FlushThreads flusher,
            KeptLogs logs) {
        static Running start(KeptRecords kept, Plugins plugins, World world, Membership membership) {
            WorkerConfig config = WorkerConfig.from(PROPERTIES);
            Herding herding = new Herding();
            OffsetStore offsets = new OffsetStore();
            StatusStore statuses = new StatusStore(InstantSource.system());
            KeptLogs logs = new KeptLogs(kept);
            herding.configs().writeTo(logs.add("configs", herding.configs()));
            offsets.writeTo(logs.add("offsets", offsets));
            statuses.writeTo(logs.add("statuses", statuses));
            get(logs.start());
            Secrets secrets = Secrets.open(PROPERTIES, plugins);
            OverridePolicy overrides = OverridePolicy.of(config, plugins);
            FlushThreads flusher = new FlushThreads();
            WorkerMeters meters = WorkerMeters.overJmx("states-test:0");
            ClientConfigs clients = new ClientConfigs(config, overrides, "cluster");
            TaskServices services = new TaskServices(
                    config,
                    clients,
                    plugins,
                    new OffsetStores(config.topics().offsets(), offsets, clients),
                    statuses,
                    secrets,
                    flusher,
                    new ZombieFencing(herding.configs(), clients),
                    meters);
            Herder herder = herding.start(
                    services,
                    (task, control, listener, meter) -> new ScriptedLoop(task, control, listener, world),
                    new Herding.Group(
                            membership,
                            new LeaderCalls(
                                    LeaderCalls.nobody(),
                                    new SessionKeys(
                                            herding.configs(),
                                            new SessionKeys.Settings(
                                                    Duration.ZERO, "HmacSHA256", null, "HmacSHA256", List.of()),
                                            InstantSource.system()))),
                    anyConfig -> CompletableFuture.completedFuture(List.of()),
                    new NoJobs(),
                    "cluster",
                    "worker");
            return new Running(herding, herder, meters, secrets, overrides, flusher, logs);
        }

        void stop() {
            herding.close();
            meters.close();
            secrets.close();
            overrides.close();
            flusher.close();
            logs.close();
        }
    }

    /** Nobody asks plugins about offsets here. */
    private static final class NoJobs implements PluginJobs {
        @Override
        public <T> CompletionStage<T> run(ConnectorName connector, Supplier<T> job) {
            throw new UnsupportedOperationException("no offsets are changed");
        }
    }

    /** Stops the worker and starts another over the same logs. */
    void restart(boolean compacted) {
        close();
        if (compacted) {
            kept.compact();
        }
        running = Running.start(kept, plugins, world, membership.get());
    }

    /** Writes to the config topic while no worker runs. */
    void restartAfter(String key, String value) {
        close();
        kept.add("configs", new KeptRecords.Kept(Bytes.wrap(key.getBytes(UTF_8)), Bytes.wrap(value.getBytes(UTF_8))));
        running = Running.start(kept, plugins, world, membership.get());
    }

    /** The last record of the config topic that the worker has read. */
    long configOffset() {
        return running.herding.configs().snapshot().offset();
    }

    /** What came of a command, in a word. */
    String answer(Function<Herder, CompletionStage<?>> command) {
        return answerOf(() -> {
            get(command.apply(running.herder));
            return Action.DONE;
        });
    }

    private static String answerOf(Supplier<String> command) {
        try {
            return command.get();
        } catch (ConnectorNotFoundException e) {
            return Action.NOT_FOUND;
        } catch (AlreadyExistsException e) {
            return Action.EXISTS;
        }
    }

    String restart(ConnectorName name, boolean includeTasks, boolean onlyFailed) {
        return answerOf(() -> get(running.herder.restart(name, includeTasks, onlyFailed))
                .map(status -> "restarting " + restarting(status))
                .orElse(Action.DONE));
    }

    private static List<String> restarting(ConnectorStatus status) {
        List<String> restarting = new ArrayList<>();
        if (status.connector().state().equals("RESTARTING")) {
            restarting.add("connector");
        }
        status.tasks().stream()
                .filter(task -> task.reported().state().equals("RESTARTING"))
                .forEach(task -> restarting.add(String.valueOf(task.id())));
        return restarting;
    }

    String mend(ConnectorName name) {
        return answerOf(() -> {
            world.mend(name, configVersion(name));
            return Action.DONE;
        });
    }

    private int configVersion(ConnectorName name) {
        return Integer.parseInt(String.valueOf(get(running.herder.config(name)).get(Wanted.VERSION)));
    }

    static CompletionStage<Void> retarget(Herder herder, ConnectorName name, TargetState target) {
        return switch (target) {
            case STARTED -> herder.resume(name);
            case PAUSED -> herder.pause(name);
            case STOPPED -> herder.stop(name);
        };
    }

    static CompletionStage<Void> all(List<CompletionStage<?>> answers) {
        return CompletableFuture.allOf(
                answers.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    /**
     * Waits until all that is under way inside the worker has taken effect: commands have reached the threads of their connectors, and
     * task configs that those have made are written, read back and acted upon.
     */
    void awaitQuiet() {
        get(running.herder.health());
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(this::haveHandedOverTasks);
        get(running.herder.health());
        get(running.herding.configs().readToEnd());
        get(running.herder.health());
        get(running.herder.health()); // What the membership makes of the config is a message of its own.
    }

    /**
     * That a connector has handed over its tasks shows in its being asked for them again: it is asked twice, since the first time may be
     * the one at its start. False if one was stopped meanwhile, so that another may have begun.
     */
    private boolean haveHandedOverTasks() {
        Map<ConnectorName, Lives.Begun<ScriptedSource>> asked =
                world.connectors().all();
        Map<ConnectorName, Integer> calls = new HashMap<>();
        asked.forEach((name, begun) -> calls.put(name, begun.life().calls() + 2));
        asked.values().forEach(begun -> {
            begun.life().requestTaskReconfiguration();
            begun.life().requestTaskReconfiguration();
        });
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> asked.entrySet().stream()
                        .allMatch(one -> one.getValue().life().calls() >= calls.getOrDefault(one.getKey(), 0)
                                || !world.connectors().all().containsValue(one.getValue())));
        return world.connectors().all().equals(asked);
    }

    /** A line for each connector, as {@link Beliefs#text} has them, and one for each life that no status tells of. */
    String text() {
        Map<Object, String> untold = new HashMap<>();
        world.connectors().all().forEach((name, begun) -> untold.put(name, begun.toString()));
        world.tasks().all().forEach((id, begun) -> untold.put(id, begun.toString()));
        StringBuilder text = new StringBuilder();
        for (ConnectorName name : get(running.herder.connectors())) {
            text.append(name).append(", config v").append(configVersion(name)).append(": ");
            text.append(answerOf(() -> text(get(running.herder.status(name)), untold)));
            int stored = get(running.herder.tasks(name)).size();
            text.append(stored == tasksTold(name) ? "\n" : " of " + stored + " stored tasks\n");
        }
        untold.forEach((key, begun) -> text.append(key).append(begun).append(" runs, of which no status tells\n"));
        return text.toString();
    }

    private int tasksTold(ConnectorName name) {
        String count = answerOf(
                () -> String.valueOf(get(running.herder.status(name)).tasks().size()));
        return count.equals(Action.NOT_FOUND) ? -1 : Integer.parseInt(count);
    }

    private static String text(ConnectorStatus status, Map<Object, String> lives) {
        List<String> tasks = new ArrayList<>();
        status.tasks().forEach(task -> {
            String life = lives.remove(status.name().task(task.id()));
            tasks.add(task.reported().state() + (life == null ? "" : life));
        });
        String life = lives.remove(status.name());
        return status.connector().state() + (life == null ? "" : life) + " " + tasks;
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Stops it; every life has ended then. */
    @Override
    public void close() {
        running.stop();
        world.connectors()
                .all()
                .forEach((name, begun) -> world.violated(name + begun.toString() + " has outlived its worker"));
        world.tasks().all().forEach((id, begun) -> world.violated(id + begun.toString() + " has outlived its worker"));
    }
}
