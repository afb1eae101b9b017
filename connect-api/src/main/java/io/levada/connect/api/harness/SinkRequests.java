/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/** What a sink task asked of its worker: pauses, rewinds, commits, a timeout, and the records it reported as bad. */
public final class SinkRequests implements SinkTaskContext {
    private final Map<String, String> configs;
    private final Set<TopicPartition> assignment;
    private final SinkHarness.ErrorReporting reporting;
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private final Map<TopicPartition, Long> rewinds = new LinkedHashMap<>();
    private final List<Errant> errant = new CopyOnWriteArrayList<>();
    private final PluginMetrics metrics = new MemoryMetrics();
    private boolean commitRequested;
    private long timeoutMs = -1;

    /** A record that the task gave to the errant record reporter (KIP-610), with its reason. */
    public record Errant(SinkRecord record, Throwable error) {}

    SinkRequests(Map<String, String> configs, Set<TopicPartition> assignment, SinkHarness.ErrorReporting reporting) {
        this.configs = configs;
        this.assignment = assignment;
        this.reporting = reporting;
    }

    public synchronized Set<TopicPartition> paused() {
        return Set.copyOf(paused);
    }

    /** Where the task wants to read on, by partition. */
    public synchronized Map<TopicPartition, Long> rewinds() {
        return Map.copyOf(rewinds);
    }

    public List<Errant> errant() {
        return List.copyOf(errant);
    }

    /** Whether a commit was requested since the last one. */
    public synchronized boolean commitRequested() {
        return commitRequested;
    }

    /** How long the worker may wait before its next call, in milliseconds; -1 if the task did not say. */
    public synchronized long timeoutMs() {
        return timeoutMs;
    }

    synchronized void committed() {
        commitRequested = false;
    }

    @Override
    public Map<String, String> configs() {
        return configs;
    }

    @Override
    public synchronized void offset(Map<TopicPartition, Long> offsets) {
        rewinds.putAll(offsets);
    }

    @Override
    public synchronized void offset(TopicPartition partition, long offset) {
        rewinds.put(partition, offset);
    }

    @Override
    public synchronized void timeout(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    @Override
    public Set<TopicPartition> assignment() {
        return assignment;
    }

    @Override
    public synchronized void pause(TopicPartition... partitions) {
        paused.addAll(List.of(partitions));
    }

    @Override
    public synchronized void resume(TopicPartition... partitions) {
        List.of(partitions).forEach(paused::remove);
    }

    @Override
    public synchronized void requestCommit() {
        commitRequested = true;
    }

    @Override
    @SuppressWarnings("NullAway") // KIP-610: null where nobody would hear of a report.
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        return reporting == SinkHarness.ErrorReporting.ON ? this::report : null;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return metrics;
    }

    private Future<Void> report(SinkRecord record, Throwable error) {
        errant.add(new Errant(record, error));
        return CompletableFuture.allOf();
    }
}
