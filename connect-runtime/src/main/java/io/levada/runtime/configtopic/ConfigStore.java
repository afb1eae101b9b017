/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.topics.FencedLog;
import io.levada.runtime.topics.NotClaimedException;
import io.levada.runtime.topics.StateTopic;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the config topic. A write completes once it has come back by the topic itself and the listener has
 * heard of it, so that a writer sees what it wrote, and fails with a {@link ConnectException} that names what was refused and, where it is
 * known, what to do.
 *
 * <p>The fold and the offset belong to the reading thread; the last snapshot may be read by any.
 */
public final class ConfigStore implements TopicListener {
    private final StateTopic topic = new StateTopic("config");
    private final ConfigFold fold = new ConfigFold();
    private final ConfigListener listener;
    /** What the listener is to hear of once the batch is read. */
    private final List<Runnable> requests = new ArrayList<>();

    /** The end of the last change of each connector that is being written or waits for its turn. */
    private final Map<ConnectorName, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    /** Task configs of connectors that were removed in part. */
    private final Map<ConnectorName, Set<TaskId>> leftBehind = new ConcurrentHashMap<>();

    private long offset = -1;
    private volatile ClusterConfig snapshot = ClusterConfig.EMPTY;
    private volatile @Nullable SessionKey sessionKey;
    /** Requests from before this start are history. Set by the starting thread, read by the reading one. */
    private volatile boolean caughtUp;

    private volatile @Nullable FencedLog leading;
    private volatile BooleanSupplier mayWrite = () -> true;
    private volatile Runnable onFenced = () -> {};

    public ConfigStore(ConfigListener listener) {
        this.listener = listener;
    }

    /** Names the topic to write to; before the first write. */
    public void writeTo(TopicLog log) {
        topic.writeTo(log);
    }

    /** Names the log by which the leader writes, in place of the other one; levels of loggers go there all the same. */
    public void leadBy(FencedLog log) {
        leading = log;
    }

    /**
     * This worker leads its group from now on; what an earlier leader is about to write comes to nothing, where it can be fenced.
     *
     * @return completes when it does; fails if nobody could be fenced yet
     */
    public CompletionStage<Void> lead() {
        FencedLog log = leading;
        return log == null ? CompletableFuture.completedFuture(null) : log.claim(() -> mayWrite.getAsBoolean());
    }

    /** This worker leads its group no more. */
    public void follow() {
        FencedLog log = leading;
        if (log != null) {
            log.release();
        }
    }

    /**
     * Refuses to write when the first says no, but for levels of loggers, which any worker may ask for.
     *
     * @param fenced told when another worker has claimed the topic, or nobody has it any more; does not block
     */
    public void writeOnlyIf(BooleanSupplier leads, Runnable fenced) {
        mayWrite = leads;
        onFenced = fenced;
    }

    /** All that was in the topic at the start has been read: from now on requests count, for restarts and levels. */
    public void caughtUp() {
        caughtUp = true;
    }

    /** The newest snapshot. */
    public ClusterConfig snapshot() {
        return snapshot;
    }

    /**
     * Writes a connector's config and, unless null, what it should be; the wish goes first, so that it holds at once. A connector that is new begins without
     * one that the topic may hold still, of an earlier connector of the name. The wish is taken back if
     * the config is not in the topic: a connector of that name that comes later shall not begin with it. Where the brokers did not say whether they
     * took the config, the topic does, so that no wish is taken from a connector that is there.
     */
    public CompletionStage<Void> putConnector(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState target) {
        byte[] value = ConfigValues.properties(config);
        return inTurn(
                name, () -> removeLeft(name, target).thenCompose(gone -> putConnector(name, config, value, target)));
    }

    /** Of what an earlier process has left behind, or what could not be taken back, nobody knows: its wish would outlive a compaction, and hold. */
    private CompletionStage<Void> removeLeft(ConnectorName name, @Nullable TargetState target) {
        Set<TaskId> left = leftBehind.get(name);
        if (left != null) {
            return removeRest(name, left);
        }
        return target == null && snapshot.connector(name).isEmpty()
                ? removeTarget(name)
                : CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> putConnector(
            ConnectorName name, Map<String, @Nullable String> config, byte[] value, @Nullable TargetState target) {
        if (target == null) {
            return sendConfig(name, value);
        }
        Optional<ClusterConfig.Entry> before = snapshot.connector(name);
        return sendTarget(name, target)
                .exceptionallyCompose(
                        why -> isRefused(why) ? CompletableFuture.failedFuture(why) : takeBackTarget(name, before, why))
                .thenCompose(held -> sendConfig(name, value)
                        .exceptionallyCompose(why -> isRefused(why)
                                ? takeBackTarget(name, before, why)
                                : topic.readToEnd()
                                        .thenCompose(read -> isConfig(name, config)
                                                ? CompletableFuture.completedFuture(null)
                                                : takeBackTarget(name, before, why))));
    }

    /** Writes what a connector should be. */
    public CompletionStage<Void> putTarget(ConnectorName name, TargetState target) {
        return inTurn(name, () -> sendTarget(name, target));
    }

    /**
     * Writes all task configs of a connector, then the record that makes them count. Where one is refused that record is not written, and
     * the tasks stay as they were; so they do where there are more than {@value ConfigValues#TASKS_MAX}, which no reader would take.
     */
    public CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks) {
        if (tasks.size() > ConfigValues.TASKS_MAX) {
            return CompletableFuture.failedFuture(
                    new ConnectException("Connector " + name + " wants " + tasks.size() + " tasks, and can have "
                            + ConfigValues.TASKS_MAX + " at most. Set tasks.max to a smaller number."));
        }
        List<byte[]> values = tasks.stream().map(ConfigValues::properties).toList();
        return inTurn(name, () -> {
            List<CompletionStage<Void>> writes = new ArrayList<>();
            for (int task = 0; task < values.size(); task++) {
                TaskId id = name.task(task);
                writes.add(send("the config of task " + id, ConfigKeys.task(id), values.get(task)));
            }
            return StateTopic.written(writes)
                    .thenCompose(held -> send(
                            "the record that makes the task configs of connector " + name + " count",
                            ConfigKeys.commit(name),
                            ConfigValues.commit(values.size())));
        });
    }

    /**
     * Removes a connector with its tasks and all about them. Kafka Connect leaves task configs behind, which then come
     * back to life under a new connector of the same name. The connector goes first: where that is refused, all of it stays. Where the rest is
     * refused, another call removes that, and a new connector of the name is not made before.
     */
    public CompletionStage<Void> remove(ConnectorName name) {
        return inTurn(name, () -> {
            Set<TaskId> tasks = new TreeSet<>(leftBehind.getOrDefault(name, Set.of()));
            tasks.addAll(snapshot.tasks(name)); // before they are gone
            return send("the removal of connector " + name, ConfigKeys.connector(name), null)
                    .exceptionallyCompose(why -> isRefused(why)
                            ? CompletableFuture.failedFuture(why)
                            : topic.readToEnd()
                                    .thenCompose(
                                            read -> snapshot.connector(name).isPresent()
                                                    ? CompletableFuture.failedFuture(why)
                                                    : CompletableFuture.completedFuture(null)))
                    .thenCompose(gone -> removeRest(name, tasks));
        });
    }

    private CompletionStage<Void> removeRest(ConnectorName name, Set<TaskId> tasks) {
        leftBehind.put(name, tasks);
        String what = "the removal of what belonged to connector " + name;
        List<CompletionStage<Void>> writes = new ArrayList<>();
        writes.add(removeTarget(name));
        tasks.forEach(id -> writes.add(send(what, ConfigKeys.task(id), null)));
        writes.add(send(what, ConfigKeys.commit(name), null));
        return StateTopic.written(writes).thenRun(() -> leftBehind.remove(name));
    }

    /** Leaves a name without tasks, whether or not there is a connector of that name. */
    public CompletionStage<Void> removeTasks(ConnectorName name) {
        return inTurn(name, () -> send("the removal of the tasks of " + name, ConfigKeys.commit(name), null));
    }

    /** Notes that earlier tasks of a connector are fenced, and how many it has now (KIP-618). */
    public CompletionStage<Void> putTaskCount(ConnectorName name, int tasks) {
        return send("the number of tasks of connector " + name, ConfigKeys.fencing(name), ConfigValues.taskCount(tasks))
                .thenCompose(held -> topic.readToEnd());
    }

    /** Asks all workers to restart what they have of a connector. */
    public CompletionStage<Void> putRestart(RestartRequest request) {
        return send(
                        "the request to restart connector " + request.connector(),
                        ConfigKeys.restart(request.connector()),
                        ConfigValues.restart(request))
                .thenCompose(held -> topic.readToEnd());
    }

    /** Asks all workers for a level of a logger. */
    public CompletionStage<Void> putLevel(LevelRequest request) {
        return send(
                        "the level of logger " + request.logger(),
                        ConfigKeys.level(request.logger()),
                        ConfigValues.level(request.level()))
                .thenCompose(held -> topic.readToEnd());
    }

    /** Gives the group another key that signs calls between workers; completes once it has come back. */
    public CompletionStage<Void> putSessionKey(SessionKey key) {
        return send("the key that signs calls between workers", ConfigKeys.SESSION_KEY, ConfigValues.sessionKey(key))
                .thenCompose(held -> topic.readToEnd());
    }

    /** The newest of them; empty if there is none. */
    public Optional<SessionKey> sessionKey() {
        return Optional.ofNullable(sessionKey);
    }

    /** Completes once all that is in the topic now has been heard of. */
    public CompletionStage<Void> readToEnd() {
        return topic.readToEnd();
    }

    /** Why the topic cannot be read just now; empty while it can. */
    public Optional<String> trouble() {
        return topic.trouble();
    }

    /**
     * Changes of one connector are written one after the other: some take several records, which another's must not come between. Completes
     * once the change has come back, and only then, or once all that may have come of a failed one is read, the next one begins, which sees it.
     */
    private CompletionStage<Void> inTurn(ConnectorName name, Supplier<CompletionStage<Void>> change) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Void> before = underWay.put(name, over);
        CompletionStage<Void> written = (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
                .thenCompose(free -> change.get());
        CompletionStage<Void> read = written.exceptionally(failed -> null).thenCompose(done -> topic.readToEnd());
        CompletionStage<Void> unused = read.whenComplete((held, failed) -> {
            underWay.remove(name, over);
            over.complete(null);
        });
        return written.thenCompose(held -> read);
    }

    private CompletionStage<Void> sendConfig(ConnectorName name, byte[] value) {
        return send("the config of connector " + name, ConfigKeys.connector(name), value);
    }

    private CompletionStage<Void> sendTarget(ConnectorName name, TargetState target) {
        return send(
                "the state that connector " + name + " should be in",
                ConfigKeys.targetState(name),
                ConfigValues.target(target));
    }

    private CompletionStage<Void> removeTarget(ConnectorName name) {
        return send(
                "the removal of the state that connector " + name + " should be in",
                ConfigKeys.targetState(name),
                null);
    }

    /** Whether the brokers have certainly not taken a record; of a time-out, say, nobody knows. */
    private static boolean isRefused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotLeadingException
                    || cause instanceof RecordTooLargeException
                    || cause instanceof AuthorizationException
                    || cause instanceof InvalidTopicException) {
                return true;
            }
        }
        return false;
    }

    private boolean isConfig(ConnectorName name, Map<String, @Nullable String> config) {
        return snapshot.connector(name)
                .filter(entry -> entry.config().equals(config))
                .isPresent();
    }

    private CompletionStage<Void> takeBackTarget(
            ConnectorName name, Optional<ClusterConfig.Entry> before, Throwable why) {
        byte @Nullable [] target =
                before.map(entry -> ConfigValues.target(entry.target())).orElse(null);
        return send("what connector " + name + " was to be before", ConfigKeys.targetState(name), target)
                .exceptionally(refused -> {
                    why.addSuppressed(refused);
                    return null;
                })
                .thenCompose(held -> CompletableFuture.failedFuture(why));
    }

    /** @param what for those who read that it was refused */
    private CompletionStage<Void> send(String what, String key, byte @Nullable [] value) {
        if (!mayWrite.getAsBoolean() && !key.startsWith(ConfigKeys.LOGGER_LEVEL)) {
            return CompletableFuture.failedFuture(new NotLeadingException(what, null));
        }
        return write(key, value).exceptionallyCompose(failure -> {
            ConnectException refused = refused(what, value, failure);
            if (refused instanceof NotLeadingException) {
                onFenced.run();
            }
            return CompletableFuture.failedFuture(refused);
        });
    }

    private CompletionStage<Void> write(String key, byte @Nullable [] value) {
        FencedLog log = leading;
        return log == null || key.startsWith(ConfigKeys.LOGGER_LEVEL)
                ? topic.send(key, value)
                : log.send(key.getBytes(UTF_8), value);
    }

    private static ConnectException refused(String what, byte @Nullable [] value, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NotClaimedException) {
            return new NotLeadingException(what, cause);
        }
        String size = value == null ? "" : " (" + value.length + " bytes)";
        return new ConnectException(
                "Cannot write " + what + size + " to the config topic: " + cause + remedy(cause), cause);
    }

    private static String remedy(Throwable cause) {
        if (cause instanceof RecordTooLargeException) {
            return " Make it smaller, or raise max.request.size of the worker and max.message.bytes of the topic.";
        }
        return cause instanceof AuthorizationException ? " Grant Write on the topic to the worker." : "";
    }

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record) {
        offset = record.offset();
        topic.read(record, (key, value) -> apply(new String(key, UTF_8), value));
    }

    private void apply(String key, byte @Nullable [] value) {
        if (key.startsWith(ConfigKeys.LOGGER_LEVEL)) {
            LevelRequest request =
                    new LevelRequest(key.substring(ConfigKeys.LOGGER_LEVEL.length()), ConfigValues.levelOf(value));
            requests.add(() -> listener.onLevel(request));
        } else {
            fold.apply(key, value).ifPresent(request -> requests.add(() -> listener.onRestart(request)));
        }
    }

    @Override
    public void onBatchEnd() {
        sessionKey = fold.sessionKey();
        snapshot = fold.snapshot(offset);
        listener.onConfig(snapshot);
        if (caughtUp) {
            requests.forEach(Runnable::run);
        }
        requests.clear();
    }
}
