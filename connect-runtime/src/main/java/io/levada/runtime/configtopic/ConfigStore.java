/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.topics.StateTopic;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the config topic. A write completes once it has come back by the topic itself and the listener has
 * heard of it, so that a writer sees what it wrote.
 *
 * <p>The fold and the offset belong to the reading thread; the last snapshot may be read by any.
 */
public final class ConfigStore implements TopicListener {
    private final StateTopic topic = new StateTopic("config");
    private final ConfigFold fold = new ConfigFold();
    private final ConfigListener listener;
    /** What the listener is to hear of once the batch is read. */
    private final List<Runnable> requests = new ArrayList<>();

    private long offset = -1;
    private volatile ClusterConfig snapshot = ClusterConfig.EMPTY;
    /** Requests from before this start are history. Set by the starting thread, read by the reading one. */
    private volatile boolean caughtUp;

    public ConfigStore(ConfigListener listener) {
        this.listener = listener;
    }

    /** Names the topic to write to; before the first write. */
    public void writeTo(TopicLog log) {
        topic.writeTo(log);
    }

    /** All that was in the topic at the start has been read: from now on requests count, for restarts and levels. */
    public void caughtUp() {
        caughtUp = true;
    }

    /** The newest snapshot. */
    public ClusterConfig snapshot() {
        return snapshot;
    }

    /** Writes a connector's config and, unless null, what it should be; the wish goes first, so that it holds at once. */
    public CompletionStage<Void> putConnector(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState target) {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        if (target != null) {
            writes.add(topic.send(ConfigKeys.targetState(name), ConfigValues.target(target)));
        }
        writes.add(topic.send(ConfigKeys.connector(name), ConfigValues.properties(config)));
        return topic.readBack(writes);
    }

    /** Writes what a connector should be. */
    public CompletionStage<Void> putTarget(ConnectorName name, TargetState target) {
        return topic.readBack(List.of(topic.send(ConfigKeys.targetState(name), ConfigValues.target(target))));
    }

    /** Writes all task configs of a connector, then the record that makes them count. */
    public CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks) {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int task = 0; task < tasks.size(); task++) {
            writes.add(topic.send(ConfigKeys.task(name.task(task)), ConfigValues.properties(tasks.get(task))));
        }
        writes.add(topic.send(ConfigKeys.commit(name), ConfigValues.commit(tasks.size())));
        return topic.readBack(writes);
    }

    /**
     * Removes a connector with its tasks and all about them. Kafka Connect leaves task configs behind, which then come
     * back to life under a new connector of the same name.
     */
    public CompletionStage<Void> remove(ConnectorName name) {
        List<TaskId> tasks = snapshot.tasks(name);
        List<CompletionStage<Void>> writes = new ArrayList<>();
        writes.add(topic.send(ConfigKeys.connector(name), null));
        writes.add(topic.send(ConfigKeys.targetState(name), null));
        tasks.forEach(id -> writes.add(topic.send(ConfigKeys.task(id), null)));
        writes.add(topic.send(ConfigKeys.commit(name), null));
        return topic.readBack(writes);
    }

    /** Leaves a name without tasks, whether or not there is a connector of that name. */
    public CompletionStage<Void> removeTasks(ConnectorName name) {
        return topic.readBack(List.of(topic.send(ConfigKeys.commit(name), null)));
    }

    /** Notes that earlier tasks of a connector are fenced, and how many it has now (KIP-618). */
    public CompletionStage<Void> putTaskCount(ConnectorName name, int tasks) {
        return topic.readBack(List.of(topic.send(ConfigKeys.fencing(name), ConfigValues.taskCount(tasks))));
    }

    /** Asks all workers to restart what they have of a connector. */
    public CompletionStage<Void> putRestart(RestartRequest request) {
        return topic.readBack(
                List.of(topic.send(ConfigKeys.restart(request.connector()), ConfigValues.restart(request))));
    }

    /** Asks all workers for a level of a logger. */
    public CompletionStage<Void> putLevel(LevelRequest request) {
        return topic.readBack(
                List.of(topic.send(ConfigKeys.level(request.logger()), ConfigValues.level(request.level()))));
    }

    /** Completes once all that is in the topic now has been heard of. */
    public CompletionStage<Void> readToEnd() {
        return topic.readToEnd();
    }

    /** Why the topic cannot be read just now; empty while it can. */
    public Optional<String> trouble() {
        return topic.trouble();
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
        snapshot = fold.snapshot(offset);
        listener.onConfig(snapshot);
        if (caughtUp) {
            requests.forEach(Runnable::run);
        }
        requests.clear();
    }
}
