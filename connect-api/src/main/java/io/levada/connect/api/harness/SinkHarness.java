/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs a sink connector and one task, which gets every partition, on the test's thread.
 *
 * <pre>{@code
 * try (var sink = SinkHarness.start(new MySinkConnector(), config, new TopicPartition("orders", 0))) {
 *     sink.put(record0, record1);
 *     assertThat(sink.commit()).containsEntry(new TopicPartition("orders", 0), 2L);
 * }
 * }</pre>
 */
public final class SinkHarness implements AutoCloseable {
    private final SinkConnector connector;
    private final Map<String, String> config;
    private final Set<TopicPartition> assignment;
    private final ConnectorRequests connectorRequests = new ConnectorRequests.OfSink();
    private final Map<TopicPartition, OffsetAndMetadata> positions = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> committed = new LinkedHashMap<>();
    private final List<SinkRecord> uncommitted = new ArrayList<>();
    private final Supplier<SinkTask> newTask;
    private @Nullable Running running;

    private record Running(SinkTask task, SinkRequests requests) {}

    private SinkHarness(
            SinkConnector connector,
            Supplier<SinkTask> newTask,
            Map<String, String> config,
            Set<TopicPartition> assignment) {
        this.connector = connector;
        this.newTask = newTask;
        this.config = Map.copyOf(config);
        this.assignment = assignment;
    }

    /**
     * Validates the configuration, starts the connector and one task, and opens {@code partitions}.
     *
     * @throws org.apache.kafka.common.config.ConfigException if the connector finds a problem in {@code config}
     */
    public static SinkHarness start(SinkConnector connector, Map<String, String> config, TopicPartition... partitions) {
        return start(connector, () -> Plugins.newTask(connector, SinkTask.class), config, partitions);
    }

    /** The same with tasks of the test's making, which may carry a clock that the test moves. */
    public static SinkHarness start(
            SinkConnector connector,
            Supplier<SinkTask> newTask,
            Map<String, String> config,
            TopicPartition... partitions) {
        SinkHarness harness = new SinkHarness(connector, newTask, config, new LinkedHashSet<>(List.of(partitions)));
        harness.start();
        return harness;
    }

    /** Delivers a batch; without records, the call a worker makes when its consumer has nothing new. */
    public void put(SinkRecord... records) {
        put(List.of(records));
    }

    /** Delivers a batch. What the task throws comes through, and the batch counts as not delivered. */
    public void put(Collection<SinkRecord> records) {
        running().task().put(records);
        for (SinkRecord record : records) {
            TopicPartition partition = partitionOf(record);
            positions.put(partition, new OffsetAndMetadata(record.kafkaOffset() + 1));
            uncommitted.add(record);
        }
    }

    /**
     * Asks the task what may be committed and commits it.
     *
     * @return the offsets committed so far, by partition: the next offset to read after a crash
     */
    public Map<TopicPartition, Long> commit() {
        Running now = running();
        Map<TopicPartition, OffsetAndMetadata> safe = now.task().preCommit(Map.copyOf(positions));
        now.requests().committed();
        safe.forEach((partition, offset) -> committed.put(partition, offset.offset()));
        uncommitted.removeIf(record -> record.kafkaOffset() < committed.getOrDefault(partitionOf(record), 0L));
        return committed();
    }

    /** The offsets committed so far, by partition. */
    public Map<TopicPartition, Long> committed() {
        return Map.copyOf(committed);
    }

    /** Delivered records at or after the committed offset of their partition: what comes again after a crash. */
    public List<SinkRecord> uncommitted() {
        return List.copyOf(uncommitted);
    }

    /** What the running task asked of the worker. */
    public SinkRequests requests() {
        return running().requests();
    }

    public ConnectorRequests connectorRequests() {
        return connectorRequests;
    }

    /**
     * Drops the task with no further call, as a killed process does, and starts another, which knows only what was
     * committed.
     *
     * @return the records that Kafka would deliver again, in order; not yet delivered
     */
    public List<SinkRecord> crash() {
        List<SinkRecord> again = uncommitted();
        uncommitted.clear();
        positions.clear();
        start();
        return again;
    }

    /** Takes {@code partitions} away as a rebalance does: commit, then close. */
    public void revoke(TopicPartition... partitions) {
        commit();
        running().task().close(List.of(partitions));
        List.of(partitions).forEach(assignment::remove);
        List.of(partitions).forEach(positions::remove);
    }

    /** Gives {@code partitions} to the task, as a rebalance does. */
    public void assign(TopicPartition... partitions) {
        assignment.addAll(List.of(partitions));
        running().task().open(List.of(partitions));
    }

    /** Stops in a worker's order: commit, close every partition, stop the task, stop the connector. */
    @Override
    public void close() {
        commit();
        running().task().close(Set.copyOf(assignment));
        running().task().stop();
        running = null;
        connector.stop();
    }

    private void start() {
        List<Map<String, String>> configs = Plugins.start(connector, connectorRequests, config);
        SinkRequests requests = new SinkRequests(configs.get(0), assignment);
        SinkTask task = newTask.get();
        running = new Running(task, requests);
        task.initialize(requests);
        task.start(configs.get(0));
        task.open(Set.copyOf(assignment));
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("The harness is closed");
        }
        return running;
    }

    private static TopicPartition partitionOf(SinkRecord record) {
        return new TopicPartition(record.topic(), record.kafkaPartition());
    }
}
