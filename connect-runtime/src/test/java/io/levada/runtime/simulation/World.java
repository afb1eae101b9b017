/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.assign.Share;
import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.fencing.Fencings;
import io.levada.runtime.lifecycle.HerderThread;
import io.levada.runtime.lifecycle.Lifecycle;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plan.Planner;
import io.levada.runtime.plan.Work;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.simulation.Break.Sort;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connector on a worker that is killed and started again, reconfigured, paused, stopped, over brokers that are slow and refuse. Its config topic, its
 * tasks' lives, restarts, commits and fencing are the worker's own code; brokers, plugins, threads and time are simulated.
 */
final class World {
    static final String TOPIC = "data";
    static final int PARTITIONS = 3;
    static final long RECORDS = 30;
    private static final ConnectorName NAME = new ConnectorName("c");
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final WorkerMeters METERS = WorkerMeters.overJmx("simulation:0");
    private static final int TROUBLES = 14;
    private static final long TROUBLE_MS_MAX = 12_000;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final long SHUTDOWN_MS = 5_000;
    private static final long RESTART_MS_MIN = 1_000;

    private final Fibers fibers;
    private final Weather weather = new Weather();
    private final Sort sort;
    private final Break broken;
    private final Play play;
    private final KeptTopic configTopic;
    private final KeptTopic offsetTopic;
    private final KeptTopic statusTopic;
    private final List<Life> lives = new ArrayList<>();
    private final Map<TaskId, Failed> failedAt = new HashMap<>();
    private @Nullable Running worker;
    private boolean isPaused;
    private int generation;
    /** Whether the newest task configs are known to be written. */
    private boolean isConfigured;

    /** Nothing goes wrong any more, and nobody wants the connector to pause. */
    private boolean settled;

    private int lifeNumber;

    World(long seed, Sort sort, Break broken) {
        this.fibers = new Fibers(new SplittableRandom(seed));
        this.sort = sort;
        this.broken = broken;
        this.configTopic = new KeptTopic("configs", fibers.trace());
        this.offsetTopic = new KeptTopic("offsets", fibers.trace());
        this.statusTopic = new KeptTopic("statuses", fibers.trace());
        this.play =
                sort == Sort.SINK ? new SinkPlay(this) : new SourcePlay(this, sort == Sort.EXACTLY_ONCE, offsetTopic);
    }

    Fibers fibers() {
        return fibers;
    }

    Weather weather() {
        return weather;
    }

    Break broken() {
        return broken;
    }

    /** How many records each partition has by now. */
    long available() {
        return weather.isBad() ? Math.min(RECORDS, fibers.nanos() / TimeUnit.MILLISECONDS.toNanos(2_500)) : RECORDS;
    }

    void run() {
        start();
        trouble(TROUBLES);
        boolean unused = fibers.run(() -> !weather.isBad(), PATIENCE.toNanos());
        boolean complete = fibers.run(() -> play.missing().isEmpty(), PATIENCE.toNanos());
        Violation.unless(complete, () -> "nothing goes wrong any more, but missing are " + play.missing());
        kill();
    }

    private void trouble(int more) {
        if (more == 0) {
            fibers.after(fibers.someNanos(TROUBLE_MS_MAX), this::settle);
            return;
        }
        fibers.after(fibers.someNanos(TROUBLE_MS_MAX), () -> {
            Running open = worker;
            if (open != null) {
                cause(open);
            }
            trouble(more - 1);
        });
    }

    private void cause(Running open) {
        switch (isPaused ? 3 + fibers.choose(4) : fibers.choose(8)) {
            case 0, 1 -> {
                kill();
                fibers.after(fibers.someNanos(2_000), this::start);
            }
            case 2, 3 -> operate(open, "reconfigures", () -> reconfigure(open));
            case 4 -> operate(open, isPaused ? "resumes" : "pauses", () -> pause(open, !isPaused));
            case 5, 6 ->
                operate(
                        open,
                        "restarts a task",
                        () -> open.herder.execute(() -> {
                            failedAt.clear();
                            open.lifecycle.restart(NAME.task(fibers.choose(2)));
                        }));
            default ->
                operate(
                        open,
                        "stops the worker",
                        () -> open.herder.execute(() -> {
                            var unused = open.lifecycle
                                    .stopAll()
                                    .thenRun(() -> fibers.after(0, () -> {
                                        if (!open.process.isDead()) {
                                            kill();
                                            start();
                                        }
                                    }));
                        }));
        }
    }

    private void operate(Running open, String what, Runnable action) {
        fibers.trace().note("somebody " + what);
        var unused = fibers.start(open.process, "operator", action);
    }

    private void settle() {
        fibers.trace().note("nothing goes wrong any more");
        weather.settle();
        settled = true;
        Running open = worker;
        if (open == null) {
            start();
        } else {
            operate(open, "resumes", () -> pause(open, false));
        }
    }

    private void reconfigure(Running open) {
        int tasks = 1 + fibers.choose(PARTITIONS);
        generation++;
        List<Map<String, @Nullable String>> configs = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            Map<String, @Nullable String> config = new TreeMap<>(play.taskConfig(task, tasks, generation));
            config.put("generation", String.valueOf(generation));
            configs.add(config);
        }
        isConfigured = false;
        int written = generation;
        CompletionStage<Void> unused =
                open.configs.putTasks(NAME, configs).thenRun(() -> isConfigured = written == generation);
    }

    private void pause(Running open, boolean paused) {
        isPaused = paused;
        CompletionStage<Void> unused = open.configs.putTarget(NAME, paused ? TargetState.PAUSED : TargetState.STARTED);
    }

    /** One process of the worker. */
    private record Running(
            WorkerProcess process,
            ConfigStore configs,
            HerderThread herder,
            Lifecycle lifecycle,
            List<SimulatedLog> logs) {}

    private void start() {
        if (worker != null) {
            return;
        }
        fibers.trace().note("a worker starts");
        failedAt.clear();
        WorkerProcess process = new WorkerProcess();
        var unused = fibers.start(process, "main", () -> boot(process));
    }

    private void boot(WorkerProcess process) {
        Map<String, String> properties = properties();
        WorkerConfig config = WorkerConfig.from(properties);
        HerderThread herder =
                new HerderThread(new SimulatedExecutor(fibers, process, "herder", true, this::delayed), fibers);
        Lifecycle[] carriedOutBy = new Lifecycle[1];
        ConfigStore configs = new ConfigStore(new ConfigListener() {
            @Override
            public void onConfig(ClusterConfig newest) {
                var unused = fibers.start(
                        process, "config-reader", () -> herder.execute(() -> apply(carriedOutBy[0], newest)));
            }

            @Override
            public void onRestart(RestartRequest request) {}
        });
        SimulatedThreads threads = new SimulatedThreads(fibers, process);
        OffsetStore offsets = new OffsetStore();
        StatusStore statuses = new StatusStore(fibers);
        List<SimulatedLog> logs = new ArrayList<>();
        ClientConfigs clients = new ClientConfigs(config, new OverridePolicy.All(), "cluster-1");
        TaskServices services = new TaskServices(
                config,
                clients,
                PLUGINS,
                new OffsetStores(config.topics().offsets(), offsets, clients),
                statuses,
                Secrets.open(properties, PLUGINS),
                new FlushThreads(
                        new SimulatedExecutor(fibers, process, "flush-clock", true, nanos -> nanos),
                        new SimulatedExecutor(fibers, process, "flush", false, nanos -> nanos)),
                Fencings.by(configs, clients, this::fence, threads),
                METERS);
        Lifecycle lifecycle = new Lifecycle(
                services,
                (spec, control, listener, meter) -> open(spec, control, listener, services, meter, process),
                herder,
                "worker",
                (name, made, current) -> CompletableFuture.completedFuture(null),
                threads);
        carriedOutBy[0] = lifecycle;
        worker = new Running(process, configs, herder, lifecycle, logs);
        SimulatedLog offsetLog = new SimulatedLog(fibers, process, offsetTopic, offsets, weather, play.offsetWatch());
        SimulatedLog statusLog =
                new SimulatedLog(fibers, process, statusTopic, statuses, weather, new SimulatedLog.Watch() {});
        SimulatedLog configLog =
                new SimulatedLog(fibers, process, configTopic, configs, weather, new SimulatedLog.Watch() {
                    @Override
                    public boolean mayBeRefused(byte[] key) {
                        return new String(key, UTF_8).startsWith("tasks-fencing-");
                    }

                    /** One worker at a time writes there. */
                    @Override
                    public boolean mayArriveLate() {
                        return false;
                    }
                });
        logs.addAll(List.of(offsetLog, statusLog, configLog));
        offsets.writeTo(offsetLog);
        statuses.writeTo(statusLog);
        configs.writeTo(configLog);
        if (configs.snapshot().connector(NAME).isEmpty()) {
            CompletionStage<Void> unused = configs.putConnector(NAME, play.connectorConfig(), TargetState.STARTED);
            isConfigured = false;
        }
        if (!isConfigured) {
            reconfigure(worker); // As a connector does that is started again.
        }
        if (settled) {
            pause(worker, false); // What somebody wanted of the worker before may be lost with it.
        }
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("bootstrap.servers", "localhost:1");
        properties.put("group.id", "group");
        properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        properties.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        properties.put("offset.flush.interval.ms", "4000");
        properties.put("offset.flush.timeout.ms", "2000");
        properties.put("task.shutdown.graceful.timeout.ms", String.valueOf(SHUTDOWN_MS));
        properties.put("errors.restart.max", "-1");
        properties.put("errors.restart.delay.ms", "2000");
        properties.put("errors.restart.delay.max.ms", "20000");
        properties.put("exactly.once.source.support", sort == Sort.EXACTLY_ONCE ? "enabled" : "disabled");
        return properties;
    }

    private long delayed(long nanos) {
        boolean isPatience = nanos == TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MS)
                || nanos == TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MS / 2);
        return broken == Break.RESTARTED_AT_ONCE && !isPatience ? 0 : nanos;
    }

    private void fence(List<String> ids) {
        fibers.turn();
        if (weather.isBad() && fibers.oneIn(10)) {
            throw new org.apache.kafka.connect.errors.ConnectException("simulated: no coordinator");
        }
        for (String id : ids) {
            fibers.parkThrough(1 + fibers.someNanos(200));
            if (broken != Break.NOT_FENCED) {
                play.fence(id);
            }
        }
    }

    /** As the herder does with what the config topic says. */
    private void apply(Lifecycle lifecycle, ClusterConfig newest) {
        failedAt.clear();
        Share share = new Share(new TreeSet<>(), new TreeSet<>(newest.tasks(NAME)));
        lifecycle.carryOut(Planner.plan(lifecycle.running(), Work.of(share, newest)));
    }

    private TaskLoop open(
            TaskSpec spec,
            TaskControl control,
            TaskListener listener,
            TaskServices services,
            TaskMeter meter,
            WorkerProcess process) {
        fibers.turn();
        Life life = new Life(++lifeNumber, spec.id());
        fibers.trace().note(life + " begins with " + spec.taskConfig());
        lives.stream()
                .filter(other -> other.id().equals(spec.id()) && other.counts())
                .findFirst()
                .ifPresent(other -> {
                    throw new Violation(life + " begins while there is " + other);
                });
        Failed failed = failedAt.remove(spec.id());
        Violation.unless(
                failed == null
                        || !failed.config.equals(spec.taskConfig()) // One that is new may be tried at once.
                        || fibers.nanos() - failed.nanos >= TimeUnit.MILLISECONDS.toNanos(RESTART_MS_MIN),
                () -> life + " begins too soon after the failure before");
        lives.add(life);
        TaskLoop loop = play.loop(life, spec, control, listener, services, meter, process);
        return new Observed(life, spec.taskConfig(), loop, control);
    }

    /** When a life failed that was not told to stop, and with which config of its task. */
    private record Failed(long nanos, Map<String, @Nullable String> config) {}

    /** A loop whose end is noted, before the worker hears of it. */
    private final class Observed implements TaskLoop {
        private final Life life;
        private final Map<String, @Nullable String> config;
        private final TaskLoop loop;
        private final TaskControl control;

        private Observed(Life life, Map<String, @Nullable String> config, TaskLoop loop, TaskControl control) {
            this.life = life;
            this.config = config;
            this.loop = loop;
            this.control = control;
        }

        @Override
        public @Nullable String version() {
            return loop.version();
        }

        @Override
        public void run() throws Exception {
            try {
                loop.run();
                fibers.trace().note(life + " ends");
            } catch (Exception e) {
                fibers.trace().note(life + " fails: " + e);
                if (!control.stopping()) {
                    failedAt.put(life.id(), new Failed(fibers.nanos(), config));
                }
                throw e;
            } finally {
                life.end();
            }
        }

        @Override
        public void signalStop() {
            loop.signalStop();
        }

        @Override
        public void fence() {
            fibers.trace().note(life + " is given up");
            if (broken != Break.GIVEN_UP_WITHOUT_A_WORD && broken != Break.LEASE_NOT_TAKEN) {
                loop.fence();
            }
            life.giveUp();
        }

        @Override
        public void abandon() {
            if (broken != Break.GIVEN_UP_WITHOUT_A_WORD && broken != Break.LEASE_NOT_TAKEN) {
                loop.abandon();
            }
        }
    }

    private void kill() {
        Running open = worker;
        worker = null;
        if (open != null) {
            fibers.trace().note("the worker is killed");
            fibers.kill(open.process);
            open.logs.forEach(SimulatedLog::died);
            play.died(open.process);
            lives.forEach(Life::end);
        }
    }
}
