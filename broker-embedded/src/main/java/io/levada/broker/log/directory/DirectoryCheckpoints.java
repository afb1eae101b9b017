/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.Checkpoints;
import io.levada.broker.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the partitions of a directory are safe, and where they begin, on disk. A partition that is offline keeps what was known of it. Safe from any
 * thread: who comes while a file is being written waits for the next writing, which is one for all that wait.
 */
final class DirectoryCheckpoints implements Checkpoints {
    private static final Logger LOGGER = LoggerFactory.getLogger(DirectoryCheckpoints.class);

    private final Path directory;
    private final Turn recoveryPoints;
    private final Turn logStarts;

    /**
     * Nothing is read or written yet.
     *
     * @param logs the partitions that are there when it is asked
     * @param offline those that could not be opened
     */
    DirectoryCheckpoints(
            Path directory, Supplier<Collection<PartitionLog>> logs, Supplier<Collection<OfflinePartition>> offline) {
        this.directory = directory;
        this.recoveryPoints = new Turn(
                new OffsetCheckpoint(directory, OffsetCheckpoint.RECOVERY_POINT),
                () -> offsets(
                        logs.get(), PartitionLog::recoveryPoint, offline.get(), OfflinePartition.Known::recoveryPoint));
        this.logStarts = new Turn(
                new OffsetCheckpoint(directory, OffsetCheckpoint.LOG_START),
                () -> offsets(
                        logs.get(),
                        PartitionLog::logStartOffset,
                        offline.get(),
                        OfflinePartition.Known::logStartOffset));
    }

    private static Map<TopicPartition, Long> offsets(
            Collection<PartitionLog> logs,
            ToLongFunction<PartitionLog> offset,
            Collection<OfflinePartition> offline,
            ToLongFunction<OfflinePartition.Known> known) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        offline.forEach(each -> offsets.put(each.partition(), known.applyAsLong(each.known())));
        logs.forEach(log -> offsets.put(log.partition(), offset.applyAsLong(log)));
        return offsets;
    }

    /** Both files, unless nothing has moved since they were written. */
    void write() {
        recoveryPoints.take();
        logStarts.take();
    }

    @Override
    public void writeLogStarts() {
        logStarts.take();
    }

    @Override
    public void sealed() {
        guarded(recoveryPoints::take);
    }

    /** {@link #write} where a disk that is full must not be in the way. */
    void tryToWrite() {
        guarded(this::write);
    }

    private void guarded(Runnable writing) {
        try {
            writing.run();
        } catch (KafkaStorageException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", directory)
                    .addKeyValue("error", e.toString())
                    .log("checkpoints not written, a start after a crash would read more than it need");
        }
    }

    /** One file. A writing answers everyone who asked before its content was collected. */
    private final class Turn {
        private final OffsetCheckpoint file;
        private final Supplier<Map<TopicPartition, Long>> content;
        private final AtomicLong asked = new AtomicLong();
        private long answered;
        private Map<TopicPartition, Long> written = Map.of();
        private boolean known;

        private Turn(OffsetCheckpoint file, Supplier<Map<TopicPartition, Long>> content) {
            this.file = file;
            this.content = content;
        }

        private void take() {
            long ticket = asked.incrementAndGet();
            synchronized (this) {
                if (answered >= ticket) {
                    return;
                }
                long covered = asked.get();
                Map<TopicPartition, Long> now = content.get();
                if (!known || !now.equals(written)) {
                    write(now);
                }
                answered = covered;
            }
        }

        private void write(Map<TopicPartition, Long> now) {
            known = false;
            try {
                file.write(now);
            } catch (IOException e) {
                throw new KafkaStorageException("cannot write a checkpoint in " + directory + ": " + e.getMessage(), e);
            }
            written = now;
            known = true;
        }
    }
}
