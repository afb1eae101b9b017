/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Runs a source connector and its tasks on the test's thread.
 *
 * <pre>{@code
 * try (var source = SourceHarness.start(new MySourceConnector(), Map.of("topic", "orders"), new MemoryOffsets())) {
 *     assertThat(source.poll()).hasSize(3);
 *     source.commit();      // what was polled is now safe: restart() goes on after it
 * }
 * }</pre>
 */
public final class SourceHarness implements AutoCloseable {
    private final SourceConnector connector;
    private final Map<String, String> config;
    private final MemoryOffsets offsets;
    private final ConnectorRequests requests;
    private final RecordedTransactions transactions = new RecordedTransactions();
    private final List<SourceTask> tasks = new ArrayList<>();
    private final List<Polled> uncommitted = new ArrayList<>();
    private long nextOffset;

    private record Polled(SourceTask task, SourceRecord record) {}

    private SourceHarness(SourceConnector connector, Map<String, String> config, MemoryOffsets offsets) {
        this.connector = connector;
        this.config = Map.copyOf(config);
        this.offsets = offsets;
        this.requests = new ConnectorRequests.OfSource(offsets);
    }

    /**
     * Validates the configuration, starts the connector and as many tasks as it plans.
     *
     * @param offsets where the tasks go on; shared between harnesses, it carries offsets from one run to the next
     * @throws org.apache.kafka.common.config.ConfigException if the connector finds a problem in {@code config}
     */
    public static SourceHarness start(SourceConnector connector, Map<String, String> config, MemoryOffsets offsets) {
        SourceHarness harness = new SourceHarness(connector, config, offsets);
        harness.start();
        return harness;
    }

    /** Polls every task once, in order; empty when none had a record. Blocks as long as the tasks do. */
    public List<SourceRecord> poll() throws InterruptedException {
        List<SourceRecord> polled = new ArrayList<>();
        for (SourceTask task : tasks) {
            List<SourceRecord> records = task.poll();
            if (records != null) {
                records.forEach(each -> uncommitted.add(new Polled(task, each)));
                polled.addAll(records);
            }
        }
        return polled;
    }

    /** Polls until at least {@code count} records came; throws {@link TimeoutException} with what came by then. */
    public List<SourceRecord> poll(int count, Duration timeout) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        List<SourceRecord> polled = new ArrayList<>();
        while (polled.size() < count) {
            if (System.nanoTime() - start > timeout.toNanos()) {
                throw new TimeoutException(
                        "%d records wanted, %d came within %s: %s".formatted(count, polled.size(), timeout, polled));
            }
            polled.addAll(poll());
        }
        return polled;
    }

    /**
     * Tells the tasks that all records polled so far are acknowledged, and stores their offsets: what a worker does
     * at each commit, in its order.
     */
    public void commit() throws InterruptedException {
        for (Polled each : uncommitted) {
            SourceRecord record = each.record();
            each.task().commitRecord(record, acknowledged(record));
            offsets.put(record.sourcePartition(), record.sourceOffset());
        }
        uncommitted.clear();
        for (SourceTask task : tasks) {
            task.commit();
        }
    }

    /** Stops everything and starts it at the last {@link #commit()}: what was polled since comes again. */
    public void restart() {
        close();
        start();
    }

    public MemoryOffsets offsets() {
        return offsets;
    }

    public ConnectorRequests requests() {
        return requests;
    }

    public RecordedTransactions transactions() {
        return transactions;
    }

    @Override
    public void close() {
        tasks.forEach(SourceTask::stop);
        tasks.clear();
        uncommitted.clear();
        connector.stop();
    }

    private void start() {
        List<Map<String, String>> configs = Plugins.start(connector, requests, config);
        for (Map<String, String> each : configs) {
            SourceTask task = Plugins.newTask(connector, SourceTask.class);
            tasks.add(task);
            task.initialize(new Context(each, offsets, transactions, new MemoryMetrics()));
            task.start(each);
        }
    }

    private RecordMetadata acknowledged(SourceRecord record) {
        int partition = record.kafkaPartition() == null ? 0 : record.kafkaPartition();
        long timestamp = record.timestamp() == null ? -1 : record.timestamp();
        return new RecordMetadata(new TopicPartition(record.topic(), partition), nextOffset++, 0, timestamp, -1, -1);
    }

    private record Context(
            Map<String, String> configs,
            OffsetStorageReader offsetStorageReader,
            TransactionContext transactionContext,
            PluginMetrics pluginMetrics)
            implements SourceTaskContext {}
}
