/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.topics.StateTopic;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the status topic. What is asked for is what the topic says, never what was merely sent: all workers
 * see the same. A status that cannot be written is logged and not retried, the next one will say more.
 */
public final class StatusStore implements TopicListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(StatusStore.class);
    private static final String CONNECTOR = "status-connector-";
    private static final String TASK = "status-task-";

    private final StateTopic topic = new StateTopic("status");
    private final Map<ConnectorName, Status> connectors = new ConcurrentHashMap<>();
    private final Map<TaskId, Status> tasks = new ConcurrentHashMap<>();
    private final Set<TopicUse> topics = ConcurrentHashMap.newKeySet();
    /** Sent, and perhaps not read back yet: many records of one topic come before its first one is. */
    private final Set<TopicUse> announced = ConcurrentHashMap.newKeySet();

    /** Tasks of which something was sent or read: what is sent last must also be removed. */
    private final Set<TaskId> mentioned = ConcurrentHashMap.newKeySet();

    private final InstantSource clock;

    public StatusStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Names the topic to write to; before the first write. */
    public void writeTo(TopicLog log) {
        topic.writeTo(log);
    }

    /** What a connector was last said to be. */
    public Optional<Status> connector(ConnectorName name) {
        return Optional.ofNullable(connectors.get(name));
    }

    /** All connectors of which something was said, in order. */
    public Set<ConnectorName> connectors() {
        return Collections.unmodifiableSet(new TreeSet<>(connectors.keySet()));
    }

    /** What a task was last said to be. */
    public Optional<Status> task(TaskId id) {
        return Optional.ofNullable(tasks.get(id));
    }

    /** All tasks of a connector of which something was said, in order. */
    public SortedMap<TaskId, Status> tasks(ConnectorName name) {
        SortedMap<TaskId, Status> found = new TreeMap<>();
        tasks.forEach((id, status) -> {
            if (id.connector().equals(name)) {
                found.put(id, status);
            }
        });
        return Collections.unmodifiableSortedMap(found);
    }

    /** Topics that a connector uses, sorted. */
    public Set<String> topics(ConnectorName name) {
        Set<String> found = new TreeSet<>();
        topics.stream().filter(use -> use.connector().equals(name)).forEach(use -> found.add(use.topic()));
        return Collections.unmodifiableSet(found);
    }

    /** Says what a connector is. */
    public void put(ConnectorName name, Status status) {
        send(CONNECTOR + name, status.bytes());
    }

    /** Says what a task is. */
    public void put(TaskId id, Status status) {
        mentioned.add(id);
        send(TASK + id, status.bytes());
    }

    /** Says it only if no other worker has said anything since: for last words, which may come late. */
    public void putUnlessOthers(TaskId id, Status status) {
        Status known = tasks.get(id);
        if (known == null || known.workerId().equals(status.workerId()) || known.generation() <= status.generation()) {
            put(id, status);
        }
    }

    /** Notes that a connector uses a topic, the first time. */
    public void putTopic(String topic, TaskId foundBy) {
        TopicUse use = new TopicUse(topic, foundBy.connector());
        if (!topics.contains(use) && announced.add(use)) {
            send(use.key(), use.value(foundBy, clock.millis()));
        }
    }

    /** Forgets one task. */
    public void remove(TaskId id) {
        mentioned.remove(id);
        send(TASK + id, null);
    }

    /** Forgets the tasks of a connector from number {@code first} on. */
    public void removeTasks(ConnectorName name, int first) {
        tasksFrom(name, first).forEach(this::remove);
    }

    /** Forgets a connector, its tasks and its topics. */
    public void remove(ConnectorName name) {
        var unusedForgotten = forget(name);
        var unusedRemoved = removeTopics(name);
    }

    /** Forgets a connector and its tasks; completes once the topic says so, and what was said before is not found any more. */
    public CompletionStage<Void> forget(ConnectorName name) {
        Set<TaskId> known = tasksFrom(name, 0);
        mentioned.removeAll(known);
        List<CompletionStage<Void>> writes = new ArrayList<>();
        writes.add(send(CONNECTOR + name, null));
        known.forEach(id -> writes.add(send(TASK + id, null)));
        return topic.readBack(writes);
    }

    /** Those of which something was said, or is on its way. */
    private Set<TaskId> tasksFrom(ConnectorName name, int first) {
        Set<TaskId> known = new TreeSet<>(tasks.keySet());
        known.addAll(mentioned);
        known.removeIf(id -> !id.connector().equals(name) || id.task() < first);
        return known;
    }

    /** Forgets which topics a connector uses; completes once the topic says so. */
    public CompletionStage<Void> removeTopics(ConnectorName name) {
        Set<TopicUse> used = new HashSet<>(topics);
        used.addAll(announced);
        used.removeIf(use -> !use.connector().equals(name));
        announced.removeAll(used);
        return topic.readBack(used.stream().map(use -> send(use.key(), null)).toList());
    }

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record) {
        topic.read(record, (key, value) -> apply(new String(key, UTF_8), value));
    }

    private void apply(String key, byte @Nullable [] value) {
        if (key.startsWith(TopicUse.PREFIX)) {
            TopicUse.parse(key).ifPresent(use -> {
                if (value == null) {
                    topics.remove(use);
                    announced.remove(use); // Whoever took it away: the next use is news.
                } else {
                    topics.add(use);
                }
            });
        } else if (key.startsWith(CONNECTOR)) {
            set(connectors, new ConnectorName(key.substring(CONNECTOR.length())), value);
        } else if (key.startsWith(TASK)) {
            taskOf(key).ifPresent(id -> set(tasks, id, value));
        }
    }

    private static <K> void set(Map<K, Status> statuses, K key, byte @Nullable [] value) {
        if (value == null) {
            statuses.remove(key);
        } else {
            statuses.put(key, Status.parse(value));
        }
    }

    private static Optional<TaskId> taskOf(String key) {
        int dash = key.lastIndexOf('-');
        try {
            return Optional.of(new ConnectorName(key.substring(TASK.length(), dash))
                    .task(Integer.parseInt(key.substring(dash + 1))));
        } catch (NumberFormatException | StringIndexOutOfBoundsException ignored) {
            return Optional.empty(); // Not written by a worker.
        }
    }

    private CompletionStage<Void> send(String key, byte @Nullable [] value) {
        return topic.send(key, value).whenComplete((written, failure) -> {
            if (failure != null) {
                LOGGER.atWarn()
                        .addKeyValue("key", key)
                        .addKeyValue("error", String.valueOf(failure.getMessage()))
                        .log("status could not be written");
            }
        });
    }
}
