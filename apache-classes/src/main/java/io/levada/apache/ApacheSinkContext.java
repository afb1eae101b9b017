/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.apache;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.runtime.WorkerSinkTaskContext;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * The worker's context of a sink task, as an instance of Apache's class: the Iceberg sink reads the field {@code consumer} of that class by
 * reflection, to put its offsets into transactions of its own. Every call is passed on.
 */
public final class ApacheSinkContext extends WorkerSinkTaskContext {
    private final SinkTaskContext worker;
    /** As in Apache's class, for plugins that look into the class of the object they are given. */
    private final Consumer<byte[], byte[]> consumer;

    /**
     * @param worker answers every call
     * @param consumer the task's own; belongs to its thread
     */
    @SuppressWarnings(
            "NullAway") // Apache's task and cluster state exist in Apache's worker alone; only the calls passed on use
    // them.
    public ApacheSinkContext(SinkTaskContext worker, Consumer<byte[], byte[]> consumer) {
        super(consumer, null, null);
        this.worker = worker;
        this.consumer = consumer;
    }

    @Override
    public Map<String, String> configs() {
        return worker.configs();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        worker.offset(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
        worker.offset(partition, offset);
    }

    @Override
    public void timeout(long timeoutMs) {
        worker.timeout(timeoutMs);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return worker.assignment();
    }

    @Override
    public void pause(TopicPartition... partitions) {
        worker.pause(partitions);
    }

    @Override
    public void resume(TopicPartition... partitions) {
        worker.resume(partitions);
    }

    @Override
    public void requestCommit() {
        worker.requestCommit();
    }

    @Override
    public ErrantRecordReporter errantRecordReporter() {
        return worker.errantRecordReporter();
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return worker.pluginMetrics();
    }

    @Override
    public String toString() {
        return worker + " on " + consumer;
    }
}
