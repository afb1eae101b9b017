/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.IllegalWorkerStateException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sink task may ask the worker. It only notes what was asked, the loop does it between calls; guarded, because
 * plugins call from threads of their own.
 *
 * <p>Plugins that look into the context by reflection find what Apache's has, so these fields keep their names and types: {@code
 * consumer}, which belongs to the task's thread, {@code offsets}, {@code pausedPartitions}, {@code timeoutMs} and {@code
 * commitRequested}. A plugin that names Apache's class gets the context by way of {@link
 * io.levada.runtime.plugins.ConnectorPlugins#sinkContext}.
 */
final class SinkContext implements SinkTaskContext {
    private static final Logger LOGGER = LoggerFactory.getLogger(SinkContext.class);

    private final Supplier<Map<String, @Nullable String>> configs;
    private final @Nullable ErrantRecordReporter reporter;
    private final Consumer<byte[], byte[]> consumer;
    private final PluginMetrics pluginMetrics;
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    /** Asked for in start(), of partitions that have not come yet; none once records were put. */
    private final Map<TopicPartition, Long> early = new HashMap<>();

    private final Set<TopicPartition> assignment = new HashSet<>();
    private final Set<TopicPartition> pausedPartitions = new HashSet<>();
    private long timeoutMs = -1;
    private boolean commitRequested;
    private boolean everAssigned;

    /** @param configs the task's config with what the config providers say now */
    SinkContext(
            Supplier<Map<String, @Nullable String>> configs,
            @Nullable ErrantRecordReporter reporter,
            Consumer<byte[], byte[]> consumer,
            PluginMetrics pluginMetrics) {
        this.configs = configs;
        this.reporter = reporter;
        this.consumer = consumer;
        this.pluginMetrics = pluginMetrics;
    }

    @Override
    public Map<String, String> configs() {
        return configs.get();
    }

    @Override
    public synchronized void offset(Map<TopicPartition, Long> positions) {
        positions.forEach((partition, position) -> {
            if (position == null) {
                LOGGER.atWarn()
                        .addKeyValue("partition", partition)
                        .log("a task asks to go on from no offset, which is ignored");
            } else {
                offsets.put(partition, position);
            }
        });
    }

    @Override
    public synchronized void offset(TopicPartition partition, long position) {
        offsets.put(partition, position);
    }

    @Override
    public synchronized void timeout(long ms) {
        timeoutMs = ms;
    }

    @Override
    public synchronized Set<TopicPartition> assignment() {
        return Set.copyOf(assignment);
    }

    @Override
    public synchronized void pause(TopicPartition... partitions) {
        pausedPartitions.addAll(owned(partitions));
    }

    @Override
    public synchronized void resume(TopicPartition... partitions) {
        pausedPartitions.removeAll(owned(partitions));
    }

    @Override
    public void requestCommit() {
        synchronized (this) {
            commitRequested = true;
        }
        consumer.wakeup();
    }

    @Override
    @SuppressWarnings("NullAway") // KIP-610: null where nobody would hear of a report.
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        return reporter;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return pluginMetrics;
    }

    /** As in Kafka Connect a paused partition stays so if a rebalance takes it and gives it back at once. */
    synchronized void assigned(Collection<TopicPartition> partitions) {
        assignment.addAll(partitions);
        pausedPartitions.retainAll(assignment);
        if (!everAssigned && !partitions.isEmpty()) {
            everAssigned = true;
            early.putAll(offsets);
            offsets.clear();
        }
    }

    synchronized void removed(Collection<TopicPartition> partitions) {
        assignment.removeAll(partitions);
        offsets.keySet().removeAll(partitions);
        early.keySet().removeAll(partitions);
    }

    /**
     * The positions asked for since the last call. Those asked for in start() are kept for each partition until the task has it, or {@link #forgetEarly}: the
     * group may give partitions in several rounds.
     */
    synchronized Map<TopicPartition, Long> takeOffsets() {
        if (!everAssigned) {
            return Map.of();
        }
        Map<TopicPartition, Long> taken = new HashMap<>(early);
        taken.keySet().retainAll(assignment);
        early.keySet().removeAll(assignment);
        taken.putAll(offsets);
        offsets.clear();
        return taken;
    }

    /**
     * Drops what was asked for in start() of partitions that have not come: the task knew then where it was to go on, and others have read on since.
     *
     * @return those partitions
     */
    synchronized Set<TopicPartition> forgetEarly() {
        Set<TopicPartition> forgotten = new HashSet<>(early.keySet());
        forgotten.removeAll(assignment);
        early.keySet().removeAll(forgotten);
        return forgotten;
    }

    /** The wait asked for since the last call, in milliseconds; negative if none was. */
    synchronized long takeTimeoutMs() {
        long taken = timeoutMs;
        timeoutMs = -1;
        return taken;
    }

    /** The wait was cut short: it is asked for again, unless another is. */
    synchronized void keepTimeoutMs(long taken) {
        timeoutMs = timeoutMs < 0 ? taken : timeoutMs;
    }

    /** Whether a commit was asked for since the last call. */
    synchronized boolean takeCommitRequest() {
        boolean taken = commitRequested;
        commitRequested = false;
        return taken;
    }

    /** What the task has paused itself, perhaps also of partitions that it does not have now. */
    synchronized Set<TopicPartition> paused() {
        return Set.copyOf(pausedPartitions);
    }

    private Collection<TopicPartition> owned(TopicPartition... partitions) {
        Collection<TopicPartition> asked = new ArrayList<>(Arrays.asList(partitions));
        for (TopicPartition partition : asked) {
            if (!assignment.contains(partition)) {
                throw new IllegalWorkerStateException(
                        "The task does not own partition " + partition + ", so it cannot pause or resume it");
            }
        }
        return asked;
    }
}
