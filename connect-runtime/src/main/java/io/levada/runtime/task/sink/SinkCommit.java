/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.task.TaskLog;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what a sink task agrees to: asynchronously while it works, synchronously when partitions are handed on. Of
 * overlapping commits only the newest counts. No offset is committed over a record whose report is not safe yet, and none once the
 * consumer's lease is taken away.
 */
final class SinkCommit {
    private static final Logger LOGGER = LoggerFactory.getLogger(SinkCommit.class);

    private final TaskLog log;
    private final SinkTask task;
    private final ConsumerLease lease;
    private final Consumer<byte[], byte[]> consumer;
    private final Progress progress;
    private final PendingReports reports;
    private final Duration timeout;
    private final CommitWatch watch;
    private final Runnable onCommitted;

    /** @param onCommitted called after every commit of something new, on the task's thread */
    SinkCommit(
            TaskLog log,
            SinkTask task,
            ConsumerLease lease,
            Progress progress,
            PendingReports reports,
            Duration timeout,
            CommitWatch watch,
            Runnable onCommitted) {
        this.log = log;
        this.task = task;
        this.lease = lease;
        this.consumer = lease.consumer();
        this.progress = progress;
        this.reports = reports;
        this.timeout = timeout;
        this.watch = watch;
        this.onCommitted = onCommitted;
    }

    /** Commits all partitions without waiting. A task whose preCommit fails goes back to what is committed, or where it asked to go since. */
    void later() throws InterruptedException {
        long startNanos = watch.nanoTime();
        if (lease.taken() || !reports.await(timeout)) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offered;
        try {
            offered = agreed(progress.partitions());
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) { // also errors and checked exceptions, as in Kafka Connect
            watch.failed(startNanos);
            if (lease.taken()) {
                log.cause(LOGGER.atError(), e).log("preCommit failed");
                return;
            }
            Map<TopicPartition, Long> back = progress.goBack();
            log.cause(LOGGER.atError(), e)
                    .addKeyValue("offsets", back)
                    .log("preCommit failed, going back to where the task asked to go or agreed to last");
            back.forEach(consumer::seek);
            return;
        }
        if (offered.isEmpty()) {
            watch.succeeded(startNanos); // As Kafka Connect: nothing to do is done.
        }
        if (offered.isEmpty() || lease.taken()) {
            return;
        }
        long asked = progress.asked();
        int number = watch.sent();
        consumer.commitAsync(offered, (offsets, failure) -> {
            if (watch.answered(number, startNanos, failure == null)) {
                progress.committed(offsets, asked);
                onCommitted.run();
            }
            if (failure != null) {
                warn(failure);
            }
        });
    }

    /**
     * Hands partitions over in Kafka Connect's order: asks the task what may be committed, closes them, commits and waits for it. What a
     * task writes in close() is written before its offsets are, and if it fails there nothing is committed. After the lease is taken
     * away the task closes its partitions and that is all.
     */
    void handOver(Collection<TopicPartition> partitions) throws InterruptedException {
        long startNanos = watch.nanoTime();
        watch.blocking();
        Map<TopicPartition, OffsetAndMetadata> offered;
        try {
            offered = agreedAtLast(partitions, startNanos);
        } finally {
            if (!partitions.isEmpty()) {
                task.close(partitions);
            }
        }
        if (offered.isEmpty() || lease.taken()) {
            return;
        }
        try {
            commitSync(offered);
            progress.committed(offered, progress.asked());
            onCommitted.run();
            watch.succeeded(startNanos);
        } catch (KafkaException e) {
            watch.failed(startNanos);
            warn(e);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> agreedAtLast(Collection<TopicPartition> partitions, long startNanos)
            throws InterruptedException {
        if (lease.taken() || !reports.await(timeout)) {
            return Map.of();
        }
        try {
            return agreed(partitions);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            watch.failed(startNanos);
            log.cause(LOGGER.atWarn(), e)
                    .log("preCommit failed, nothing is committed; records since the last commit will be put again");
            return Map.of();
        }
    }

    /** Told meanwhile to pause or to stop: that comes after this commit. */
    private void commitSync(Map<TopicPartition, OffsetAndMetadata> offered) {
        while (true) {
            try {
                consumer.commitSync(offered, timeout);
                return;
            } catch (WakeupException e) {
                if (lease.taken()) {
                    throw e;
                }
            }
        }
    }

    /** Asks the task, which may be interrupted meanwhile, and takes of its answer what is new and not beyond what was put. */
    private Map<TopicPartition, OffsetAndMetadata> agreed(Collection<TopicPartition> partitions)
            throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> delivered = progress.delivered(partitions);
        if (delivered.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> offered = task.preCommit(new HashMap<>(delivered));
        Map<TopicPartition, Long> committed = progress.committed();
        Map<TopicPartition, OffsetAndMetadata> agreed = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> agreedAgain = new HashMap<>();
        if (offered != null) {
            offered.forEach((partition, offset) -> {
                OffsetAndMetadata put = delivered.get(partition);
                if (put == null || offset.offset() > put.offset()) {
                    log.about(LOGGER.atWarn())
                            .addKeyValue("partition", partition)
                            .addKeyValue("offset", offset.offset())
                            .log("preCommit offers what was never put, ignored");
                } else if (Long.valueOf(offset.offset()).equals(committed.get(partition))) {
                    agreedAgain.put(partition, offset);
                } else {
                    agreed.put(partition, offset);
                }
            });
        }
        // Where the task asked to go since is behind it now, though the group has heard of as much before.
        progress.committed(agreedAgain, progress.asked());
        return agreed;
    }

    private void warn(Exception failure) {
        log.error(LOGGER.atWarn(), failure).log("offsets could not be committed, they go with the next commit");
    }
}
