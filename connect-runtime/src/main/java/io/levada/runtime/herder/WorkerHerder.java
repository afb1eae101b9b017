/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.LevelRequest;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.lifecycle.HerderThread;
import io.levada.runtime.membership.Leader;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.peers.InternalRequest;
import io.levada.runtime.peers.SessionKeys;
import io.levada.runtime.status.StatusStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Takes every request to the herder's thread and to the part that answers it. */
final class WorkerHerder implements Herder {
    private final HerderThread thread;
    private final Turns turns;
    private final Leadership leadership;
    private final Queries queries;
    private final Commands commands;
    private final Restarts restarts;
    private final OffsetCommands offsets;
    private final SignalCommands signals;
    private final Function<LevelRequest, CompletionStage<Void>> levels;
    private final Supplier<Optional<String>> topicTrouble;
    private final StatusStore statuses;
    private final BiFunction<ConnectorName, Map<String, @Nullable String>, CompletionStage<Void>> fencing;
    private final Group group;
    private final GroupPatience patience;
    private final Identity identity;

    /**
     * The group that this worker is in.
     *
     * @param caughtUp reads the config topic to its end
     */
    record Group(Membership membership, SessionKeys keys, Supplier<CompletionStage<Void>> caughtUp) {}

    /** Who this is. */
    record Identity(String clusterId, String workerId) {}

    /** The parts that answer. */
    record Parts(
            Queries queries,
            Commands commands,
            Restarts restarts,
            OffsetCommands offsets,
            SignalCommands signals,
            Function<LevelRequest, CompletionStage<Void>> levels,
            Supplier<Optional<String>> topicTrouble,
            BiFunction<ConnectorName, Map<String, @Nullable String>, CompletionStage<Void>> fencing) {}

    WorkerHerder(
            HerderThread thread,
            Parts parts,
            Leadership leadership,
            StatusStore statuses,
            Group group,
            Identity identity) {
        this.thread = thread;
        this.turns = new Turns(thread);
        this.patience = new GroupPatience(thread, thread::after, group.membership::leaderKnown);
        this.leadership = leadership;
        this.queries = parts.queries;
        this.commands = parts.commands;
        this.restarts = parts.restarts;
        this.offsets = parts.offsets;
        this.signals = parts.signals;
        this.levels = parts.levels;
        this.topicTrouble = parts.topicTrouble;
        this.statuses = statuses;
        this.fencing = parts.fencing;
        this.group = group;
        this.identity = identity;
    }

    @Override
    public CompletionStage<List<ConnectorName>> connectors() {
        return ask(queries::connectors);
    }

    @Override
    public CompletionStage<ConnectorInfo> info(ConnectorName name) {
        return ask(() -> queries.info(name));
    }

    @Override
    public CompletionStage<ConnectorStatus> status(ConnectorName name) {
        return ask(() -> queries.status(name));
    }

    @Override
    public CompletionStage<Diagnosis> diagnosis(ConnectorName name) {
        return ask(() -> restarts.diagnosis(name));
    }

    @Override
    public CompletionStage<ConnectorInfo> createConnector(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState initialState) {
        return command(name, () -> commands.create(name, config, initialState));
    }

    @Override
    public CompletionStage<PutResult> putConfig(ConnectorName name, Map<String, @Nullable String> config) {
        return command(name, () -> commands.put(name, config));
    }

    @Override
    public CompletionStage<ConnectorInfo> patchConfig(ConnectorName name, Map<String, @Nullable String> patch) {
        return command(name, () -> commands.patch(name, patch));
    }

    @Override
    public CompletionStage<Void> delete(ConnectorName name) {
        return command(name, () -> commands.delete(name));
    }

    @Override
    public CompletionStage<Map<String, @Nullable String>> config(ConnectorName name) {
        return ask(() -> queries.entry(name).config());
    }

    @Override
    public CompletionStage<Void> pause(ConnectorName name) {
        return command(name, () -> commands.target(name, TargetState.PAUSED));
    }

    @Override
    public CompletionStage<Void> resume(ConnectorName name) {
        return command(name, () -> commands.target(name, TargetState.STARTED));
    }

    @Override
    public CompletionStage<Void> stop(ConnectorName name) {
        return command(name, () -> commands.target(name, TargetState.STOPPED));
    }

    @Override
    public CompletionStage<Optional<ConnectorStatus>> restart(
            ConnectorName name, boolean includeTasks, boolean onlyFailed) {
        Supplier<CompletionStage<Optional<ConnectorStatus>>> restart =
                () -> restarts.restart(new RestartRequest(name, onlyFailed, includeTasks));
        return includeTasks || onlyFailed
                ? command(name, restart)
                : byOwner(
                        name,
                        () -> queries.exists(name),
                        () -> restarts.isHere(name),
                        () -> group.membership.owner(name),
                        restart);
    }

    @Override
    public CompletionStage<List<TaskInfo>> tasks(ConnectorName name) {
        return ask(() -> queries.tasks(name));
    }

    @Override
    public CompletionStage<TaskStatus> taskStatus(TaskId id) {
        return ask(() -> queries.taskStatus(id));
    }

    @Override
    public CompletionStage<Void> restartTask(TaskId id) {
        return byOwner(
                id.connector(),
                () -> queries.exists(id),
                () -> restarts.isHere(id),
                () -> group.membership.owner(id),
                () -> restarts.restart(id));
    }

    @Override
    public CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name) {
        return thread.call(() -> offsets.offsets(name));
    }

    @Override
    public CompletionStage<String> alterOffsets(ConnectorName name, List<ConnectorOffset> altered) {
        return command(name, () -> offsets.alter(name, altered));
    }

    @Override
    public CompletionStage<String> resetOffsets(ConnectorName name) {
        return command(name, () -> offsets.reset(name));
    }

    @Override
    public CompletionStage<Set<String>> activeTopics(ConnectorName name) {
        return ask(() -> statuses.topics(name));
    }

    @Override
    public CompletionStage<Void> resetActiveTopics(ConnectorName name) {
        return thread.call(() -> statuses.removeTopics(name));
    }

    @Override
    public CompletionStage<WrittenSignal> signal(ConnectorName name, String json) {
        return thread.call(() -> signals.write(name, json));
    }

    @Override
    public CompletionStage<Void> setLevel(LevelRequest request) {
        return thread.call(() -> levels.apply(request));
    }

    @Override
    public CompletionStage<Void> health() {
        return thread.call(() -> CompletableFuture.completedFuture(null))
                .thenAccept(alive -> topicTrouble.get().ifPresent(trouble -> {
                    throw new ConnectException(trouble);
                }));
    }

    @Override
    public String clusterId() {
        return identity.clusterId;
    }

    @Override
    public String workerId() {
        return identity.workerId;
    }

    private <T> CompletionStage<T> ask(Supplier<T> query) {
        return thread.call(() -> CompletableFuture.completedFuture(query.get()));
    }

    @Override
    public CompletionStage<Void> putTaskConfigs(
            ConnectorName name, List<Map<String, @Nullable String>> tasks, InternalRequest request) {
        return thread.call(() -> {
            group.keys.check(request);
            return leadership.command(() -> {
                if (queries.entry(name).target() == TargetState.STOPPED && !tasks.isEmpty()) {
                    throw new BadRequestException("Connector " + name + " is stopped and gets no tasks");
                }
                return leadership.putTasks(name, tasks);
            });
        });
    }

    @Override
    public CompletionStage<Void> fence(ConnectorName name, InternalRequest request) {
        return thread.call(() -> {
            group.keys.check(request);
            return leadership.command(
                    () -> fencing.apply(name, queries.entry(name).config()));
        });
    }

    @Override
    public void check(InternalRequest request) {
        group.keys.check(request);
    }

    @Override
    public boolean leads() {
        return group.membership.leader().map(Leader::here).orElse(false);
    }

    @Override
    public CompletionStage<Void> caughtUp() {
        return group.caughtUp.get();
    }

    /** What is not known here either may be known to the leader, which says so. */
    private <T> CompletionStage<T> byOwner(
            ConnectorName name,
            BooleanSupplier exists,
            BooleanSupplier isHere,
            Supplier<Optional<String>> owner,
            Supplier<CompletionStage<T>> restart) {
        return whenLed(() -> isHere.getAsBoolean()
                ? turns.take(name, restart)
                : leadership.command(() -> exists.getAsBoolean() && !isOwn(owner.get())
                        ? leadership.elsewhere(owner)
                        : turns.take(name, restart)));
    }

    private boolean isOwn(Optional<String> owner) {
        Optional<Leader> leader = group.membership.leader();
        return owner.isPresent() && leader.isPresent() && leader.get().url().equals(owner.get());
    }

    private <T> CompletionStage<T> command(ConnectorName name, Supplier<CompletionStage<T>> command) {
        return whenLed(() -> leadership.command(() -> turns.take(name, command)));
    }

    private <T> CompletionStage<T> whenLed(Supplier<CompletionStage<T>> command) {
        return thread.call(() -> patience.take(command));
    }
}
