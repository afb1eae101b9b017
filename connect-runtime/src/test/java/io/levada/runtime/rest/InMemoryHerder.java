/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.LevelRequest;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.herder.AlreadyExistsException;
import io.levada.runtime.herder.BadRequestException;
import io.levada.runtime.herder.ConnectorInfo;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.ConnectorOffset;
import io.levada.runtime.herder.ConnectorStatus;
import io.levada.runtime.herder.ConnectorValidator;
import io.levada.runtime.herder.Diagnosis;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.herder.PutResult;
import io.levada.runtime.herder.ReportedState;
import io.levada.runtime.herder.TaskInfo;
import io.levada.runtime.herder.TaskStatus;
import io.levada.runtime.herder.WrittenSignal;
import io.levada.runtime.lifecycle.FailureReport;
import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.peers.AnotherWorkerException;
import io.levada.runtime.peers.InternalRequest;
import io.levada.runtime.peers.SessionKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A herder that keeps connectors in a map and runs nothing: one task each, always as healthy as its target state. */
final class InMemoryHerder implements Herder {
    /** When set, answers never come. */
    volatile boolean hangs;

    /** When set, what {@code /health} must say. */
    volatile @Nullable String trouble;

    /** Failures of tasks, the same for every connector. */
    final Map<Integer, FailureReport> failures = new ConcurrentHashMap<>();

    /** That were sent. */
    final List<String> signals = new CopyOnWriteArrayList<>();

    /** What other workers asked for. */
    final List<String> internal = new CopyOnWriteArrayList<>();

    /** The config topic holds no key. */
    final SessionKeys keys = new SessionKeys(
            new ConfigStore(new ConfigListener() {
                @Override
                public void onConfig(ClusterConfig config) {}

                @Override
                public void onRestart(RestartRequest request) {}
            }),
            new SessionKeys.Settings(Duration.ZERO, "HmacSHA256", null, "HmacSHA256", List.of("HmacSHA256")),
            InstantSource.system());

    /** When set, the URL of the worker that leads in place of this one. */
    volatile @Nullable String leaderElsewhere;

    private final ConnectorValidator validator;
    private final Map<ConnectorName, Map<String, @Nullable String>> configs = new TreeMap<>();
    private final Map<ConnectorName, TargetState> states = new HashMap<>();
    private final Map<ConnectorName, List<ConnectorOffset>> offsets = new HashMap<>();

    InMemoryHerder(ConnectorValidator validator) {
        this.validator = validator;
    }

    private <T> CompletionStage<T> answer(Supplier<T> work) {
        if (hangs) {
            return new CompletableFuture<>();
        }
        try {
            synchronized (this) {
                String leader = leaderElsewhere;
                if (leader != null) {
                    throw new AnotherWorkerException(leader);
                }
                return CompletableFuture.completedFuture(work.get());
            }
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Map<String, @Nullable String> existing(ConnectorName name) {
        Map<String, @Nullable String> config = configs.get(name);
        if (config == null) {
            throw new ConnectorNotFoundException("Connector " + name + " not found");
        }
        return config;
    }

    private ConnectorInfo infoOf(ConnectorName name) {
        return new ConnectorInfo(name, existing(name), List.of(name.task(0)), ConnectorType.SOURCE);
    }

    private ConnectorStatus statusOf(ConnectorName name) {
        existing(name);
        String state = switch (states.getOrDefault(name, TargetState.STARTED)) {
            case STARTED -> "RUNNING";
            case PAUSED -> "PAUSED";
            case STOPPED -> "STOPPED";
        };
        ReportedState reported = new ReportedState(state, "worker:1", null, "1.0");
        return new ConnectorStatus(name, reported, List.of(new TaskStatus(0, reported)), ConnectorType.SOURCE);
    }

    @Override
    public CompletionStage<List<ConnectorName>> connectors() {
        return answer(() -> List.copyOf(configs.keySet()));
    }

    @Override
    public CompletionStage<ConnectorInfo> info(ConnectorName name) {
        return answer(() -> infoOf(name));
    }

    @Override
    public CompletionStage<ConnectorStatus> status(ConnectorName name) {
        return answer(() -> statusOf(name));
    }

    @Override
    public CompletionStage<Diagnosis> diagnosis(ConnectorName name) {
        return answer(() -> new Diagnosis(statusOf(name), Optional.empty(), failures));
    }

    @Override
    public CompletionStage<ConnectorInfo> createConnector(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState initialState) {
        return validator
                .check(config)
                .thenCompose(valid -> answer(() -> {
                    if (configs.containsKey(name)) {
                        throw new AlreadyExistsException("Connector " + name + " already exists");
                    }
                    configs.put(name, config);
                    states.put(name, initialState == null ? TargetState.STARTED : initialState);
                    return infoOf(name).with(valid);
                }));
    }

    @Override
    public CompletionStage<PutResult> putConfig(ConnectorName name, Map<String, @Nullable String> config) {
        return validator
                .check(config)
                .thenCompose(valid -> answer(() -> new PutResult(
                        configs.put(name, config) == null, infoOf(name).with(valid))));
    }

    @Override
    public CompletionStage<ConnectorInfo> patchConfig(ConnectorName name, Map<String, @Nullable String> patch) {
        return answer(() -> {
                    Map<String, @Nullable String> config = new TreeMap<>(existing(name));
                    patch.forEach((key, value) -> {
                        if (value == null) {
                            config.remove(key);
                        } else {
                            config.put(key, value);
                        }
                    });
                    return config;
                })
                .thenCompose(config -> putConfig(name, config))
                .thenApply(PutResult::info);
    }

    @Override
    public CompletionStage<Void> delete(ConnectorName name) {
        return command(() -> {
            existing(name);
            configs.remove(name);
        });
    }

    @Override
    public CompletionStage<Map<String, @Nullable String>> config(ConnectorName name) {
        return answer(() -> existing(name));
    }

    @Override
    public CompletionStage<Void> pause(ConnectorName name) {
        return target(name, TargetState.PAUSED);
    }

    @Override
    public CompletionStage<Void> resume(ConnectorName name) {
        return target(name, TargetState.STARTED);
    }

    @Override
    public CompletionStage<Void> stop(ConnectorName name) {
        return target(name, TargetState.STOPPED);
    }

    private CompletionStage<Void> target(ConnectorName name, TargetState state) {
        return command(() -> {
            existing(name);
            states.put(name, state);
        });
    }

    private CompletionStage<Void> command(Runnable work) {
        return answer(() -> {
                    work.run();
                    return "";
                })
                .thenAccept(done -> {});
    }

    @Override
    public CompletionStage<Optional<ConnectorStatus>> restart(
            ConnectorName name, boolean includeTasks, boolean onlyFailed) {
        return answer(() -> includeTasks || onlyFailed ? Optional.of(statusOf(name)) : Optional.empty());
    }

    @Override
    public CompletionStage<List<TaskInfo>> tasks(ConnectorName name) {
        return answer(() -> List.of(new TaskInfo(name.task(0), existing(name))));
    }

    @Override
    public CompletionStage<TaskStatus> taskStatus(TaskId id) {
        return answer(() -> statusOf(id.connector()).tasks().get(id.task()));
    }

    @Override
    public CompletionStage<Void> restartTask(TaskId id) {
        return answer(() -> {
            if (id.task() != 0) {
                throw new ConnectorNotFoundException("Unknown task: " + id);
            }
            return null;
        });
    }

    @Override
    public CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name) {
        return answer(() -> offsets.getOrDefault(name, List.of()));
    }

    @Override
    public CompletionStage<String> alterOffsets(ConnectorName name, List<ConnectorOffset> altered) {
        return answer(() -> {
            existing(name);
            if (states.get(name) != TargetState.STOPPED) {
                throw new BadRequestException(
                        "Connectors must be in the STOPPED state before their offsets can be modified.");
            }
            offsets.put(name, altered);
            return "The offsets for this connector have been altered successfully";
        });
    }

    @Override
    public CompletionStage<WrittenSignal> signal(ConnectorName name, String json) {
        return answer(() -> {
            existing(name);
            signals.add(json);
            return new WrittenSignal("signals-of-" + name, 0, signals.size() - 1);
        });
    }

    @Override
    public CompletionStage<String> resetOffsets(ConnectorName name) {
        return answer(() -> {
            offsets.remove(name);
            return "The offsets for this connector have been reset successfully";
        });
    }

    @Override
    public CompletionStage<Set<String>> activeTopics(ConnectorName name) {
        return answer(() -> Set.of("b", "a"));
    }

    @Override
    public CompletionStage<Void> resetActiveTopics(ConnectorName name) {
        return command(() -> {});
    }

    @Override
    public CompletionStage<Void> setLevel(LevelRequest request) {
        return command(() -> {
            List<String> unused = LogLevels.ofThisProcess().set(request.logger(), request.level());
        });
    }

    @Override
    public CompletionStage<Void> putTaskConfigs(
            ConnectorName name, List<Map<String, @Nullable String>> tasks, InternalRequest request) {
        return answer(() -> {
            check(request);
            internal.add("tasks of " + name + ": " + tasks);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> fence(ConnectorName name, InternalRequest request) {
        return answer(() -> {
            check(request);
            internal.add("fence " + name);
            return null;
        });
    }

    @Override
    public void check(InternalRequest request) {
        keys.check(request);
    }

    @Override
    public boolean leads() {
        return leaderElsewhere == null;
    }

    @Override
    public CompletionStage<Void> caughtUp() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> health() {
        return command(() -> {
            String told = trouble;
            if (told != null) {
                throw new IllegalStateException(told);
            }
        });
    }

    @Override
    public String clusterId() {
        return "cluster-1";
    }

    @Override
    public String workerId() {
        return "worker:1";
    }
}
