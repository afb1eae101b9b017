/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.SinkMeter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens partitions that come and closes those that go, inside the consumer's poll. A partition is closed and its offsets
 * committed before it is handed on; of a lost one nothing is committed, because it is somebody else's already. When the lease has
 * been taken the consumer is closed by another thread, and the plugin is not called on that.
 */
final class SinkRebalance implements ConsumerRebalanceListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(SinkRebalance.class);

    private final TaskId id;
    private final ConsumerLease lease;
    private final SinkTask task;
    private final Consumer<byte[], byte[]> consumer;
    private final Progress progress;
    private final SinkContext context;
    private final SinkCommit commit;
    private final SinkBatch batch;
    private final SinkMeter meter;
    private final Runnable onOpened;

    /** @param onOpened called when the task has opened partitions, before anything of them is read */
    SinkRebalance(
            TaskId id,
            ConsumerLease lease,
            SinkTask task,
            Progress progress,
            SinkContext context,
            SinkCommit commit,
            SinkBatch batch,
            SinkMeter meter,
            Runnable onOpened) {
        this.id = id;
        this.lease = lease;
        this.task = task;
        this.consumer = lease.consumer();
        this.progress = progress;
        this.context = context;
        this.commit = commit;
        this.batch = batch;
        this.meter = meter;
        this.onOpened = onOpened;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (lease.taken()) {
            return;
        }
        Set<TopicPartition> opening = unopened(partitions);
        Map<TopicPartition, Long> positions = new HashMap<>();
        opening.forEach(partition -> positions.put(partition, consumer.position(partition)));
        context.assigned(opening); // From here on nothing waits for the consumer, so that none of them stays half open.
        if (opening.isEmpty()) {
            return;
        }
        positions.forEach((partition, position) -> {
            progress.assigned(partition, position);
            meter.assigned(partition, position);
        });
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .addKeyValue("partitions", opening)
                .log("partitions opened");
        task.open(new ArrayList<>(opening));
        onOpened.run();
    }

    /**
     * Also those of an earlier call: a task that is told to pause or to commit is woken up while it waits for a position. The consumer then calls again,
     * but has them as its own by now and names only what came since.
     */
    private Set<TopicPartition> unopened(Collection<TopicPartition> partitions) {
        Set<TopicPartition> unopened = new LinkedHashSet<>(partitions);
        unopened.addAll(consumer.assignment());
        unopened.removeAll(progress.partitions());
        return unopened;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Set<TopicPartition> going = known(partitions);
        if (going.isEmpty()) {
            return;
        }
        batch.removed(going);
        try {
            commit.handOver(going);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted before partitions " + going + " could be handed on", e);
        } finally {
            gone(going);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        Set<TopicPartition> lost = known(partitions);
        if (lost.isEmpty()) {
            return;
        }
        batch.removed(lost);
        try {
            task.close(lost);
        } finally {
            gone(lost);
        }
    }

    /** Nothing once the lease is taken: the state belongs to the task's thread, which closes what it has itself. */
    private Set<TopicPartition> known(Collection<TopicPartition> partitions) {
        if (lease.taken()) {
            return Set.of();
        }
        Set<TopicPartition> known = new HashSet<>(partitions);
        known.retainAll(progress.partitions());
        return known;
    }

    private void gone(Set<TopicPartition> partitions) {
        progress.removed(partitions);
        meter.removed(partitions);
        context.removed(partitions);
        LOGGER.atInfo()
                .addKeyValue("connector", id.connector())
                .addKeyValue("task", id.task())
                .addKeyValue("partitions", partitions)
                .log("partitions closed");
    }
}
