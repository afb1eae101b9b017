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
 * <p>A task that does not come back from {@link #put} or {@link #commit} can be stopped from outside, as a worker does it: {@link #close}
 * waits for the call that runs, {@link #abandon} does not.
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
    private final ErrorReporting reporting;
    private @Nullable Running running;
    private volatile boolean abandoned;
    /** The thread that is inside a call of the task. */
    private volatile @Nullable Thread inside;

    private record Running(SinkTask task, SinkRequests requests) {}

    /** Whether the worker would take records that the task gives back (KIP-610); it does if the connector tolerates errors or has a dead letter topic. */
    public enum ErrorReporting {
        ON,
        /** {@code context.errantRecordReporter()} is null. */
        OFF
    }

    private SinkHarness(
            SinkConnector connector,
            Supplier<SinkTask> newTask,
            Map<String, String> config,
            ErrorReporting reporting,
            Set<TopicPartition> assignment) {
        this.connector = connector;
        this.newTask = newTask;
        this.config = Map.copyOf(config);
        this.reporting = reporting;
        this.assignment = assignment;
    }

    /**
     * Validates the configuration, starts the connector and one task, and opens {@code partitions}.
     *
     * @throws org.apache.kafka.common.config.ConfigException if the connector finds a problem in {@code config}
     */
    public static SinkHarness start(SinkConnector connector, Map<String, String> config, TopicPartition... partitions) {
        return start(connector, config, ErrorReporting.ON, partitions);
    }

    /** The same with or without somebody who takes bad records. */
    public static SinkHarness start(
            SinkConnector connector,
            Map<String, String> config,
            ErrorReporting reporting,
            TopicPartition... partitions) {
        return start(connector, () -> Plugins.newTask(connector, SinkTask.class), config, reporting, partitions);
    }

    /** The same with tasks of the test's making, which may carry a clock that the test moves. */
    public static SinkHarness start(
            SinkConnector connector,
            Supplier<SinkTask> newTask,
            Map<String, String> config,
            TopicPartition... partitions) {
        return start(connector, newTask, config, ErrorReporting.ON, partitions);
    }

    private static SinkHarness start(
            SinkConnector connector,
            Supplier<SinkTask> newTask,
            Map<String, String> config,
            ErrorReporting reporting,
            TopicPartition... partitions) {
        SinkHarness harness =
                new SinkHarness(connector, newTask, config, reporting, new LinkedHashSet<>(List.of(partitions)));
        harness.start();
        return harness;
    }

    /** Delivers a batch; without records, the call a worker makes when its consumer has nothing new. */
    public void put(SinkRecord... records) {
        put(List.of(records));
    }

    /**
     * Delivers a batch. What the task throws comes through, and the batch counts as not delivered.
     *
     * @throws IllegalStateException if the task was abandoned
     */
    public synchronized void put(Collection<SinkRecord> records) {
        Running now = running();
        if (abandoned) {
            throw new IllegalStateException("The task was abandoned: it gets no more records, only close()");
        }
        inside(() -> now.task().put(records));
        for (SinkRecord record : records) {
            TopicPartition partition = partitionOf(record);
            positions.put(partition, new OffsetAndMetadata(record.originalKafkaOffset() + 1));
            uncommitted.add(record);
        }
    }

    /**
     * Asks the task what may be committed and commits it; nothing, if it was abandoned.
     *
     * @return the offsets committed so far, by partition: the next offset to read after a crash
     */
    public synchronized Map<TopicPartition, Long> commit() {
        committed(safe());
        return committed();
    }

    /** What the task agrees to; nothing once it is abandoned, whatever it answers. */
    private Map<TopicPartition, OffsetAndMetadata> safe() {
        Running now = running();
        if (abandoned) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> safe = new LinkedHashMap<>();
        inside(() -> safe.putAll(now.task().preCommit(Map.copyOf(positions))));
        return abandoned ? Map.of() : safe;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> safe) {
        running().requests().committed();
        safe.forEach((partition, offset) -> committed.put(partition, offset.offset()));
        uncommitted.removeIf(record -> record.originalKafkaOffset() < committed.getOrDefault(partitionOf(record), 0L));
    }

    /** The offsets committed so far, by partition. */
    public synchronized Map<TopicPartition, Long> committed() {
        return Map.copyOf(committed);
    }

    /** Delivered records at or after the committed offset of their partition: what comes again after a crash. */
    public synchronized List<SinkRecord> uncommitted() {
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
    public synchronized List<SinkRecord> crash() {
        List<SinkRecord> again = uncommitted();
        uncommitted.clear();
        positions.clear();
        abandoned = false;
        start();
        return again;
    }

    /** Takes {@code partitions} away as a rebalance does: the task is asked what may be committed, closes them, and that is committed. */
    public synchronized void revoke(TopicPartition... partitions) {
        List<TopicPartition> going = List.of(partitions);
        handOver(going);
        going.forEach(assignment::remove);
        going.forEach(positions::remove);
    }

    /** Where close() fails nothing is committed. */
    private void handOver(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> safe = safe();
        inside(() -> running().task().close(partitions));
        committed(safe);
    }

    /**
     * Gives up a task that does not come back, from another thread, as a worker does after {@code task.shutdown.graceful.timeout.ms}: its
     * thread is interrupted, and nothing is committed any more, whatever it still does. {@link #close} then closes its
     * partitions and stops it, as soon as the call is over.
     */
    public void abandon() {
        abandoned = true;
        Thread hanging = inside;
        if (hanging != null) {
            hanging.interrupt();
        }
    }

    private void inside(Runnable call) {
        inside = Thread.currentThread();
        try {
            call.run();
        } finally {
            inside = null;
        }
    }

    /** Gives {@code partitions} to the task, as a rebalance does. */
    public synchronized void assign(TopicPartition... partitions) {
        assignment.addAll(List.of(partitions));
        running().task().open(List.of(partitions));
    }

    /**
     * Stops in a worker's order: ask what may be committed, close every partition, commit, stop the task, stop the connector. Waits for
     * the call that another thread is in.
     */
    @Override
    public synchronized void close() {
        try {
            handOver(Set.copyOf(assignment));
        } finally {
            running().task().stop();
            running = null;
            connector.stop();
        }
    }

    private void start() {
        List<Map<String, String>> configs = Plugins.start(connector, connectorRequests, config);
        SinkRequests requests = new SinkRequests(configs.get(0), assignment, reporting);
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

    /** The partition it was read from, whatever transforms made of it. */
    private static TopicPartition partitionOf(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }
}
