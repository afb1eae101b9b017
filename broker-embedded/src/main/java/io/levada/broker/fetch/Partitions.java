/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the log that a client means, as Kafka's leader would: it must exist, and the client must know the present leader (KIP-320). Says how a partition
 * that fails is answered: whatever it is, it is that partition's alone, and the others of a request are answered all the same.
 */
final class Partitions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Partitions.class);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LAST_PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Topics topics;
    private final LongSupplier nanoTime;
    /** The partitions that could not be read for a reason that is no answer in itself. */
    private final Map<TopicPartition, Failing> failing = new ConcurrentHashMap<>();

    /**
     * What was told of a partition.
     *
     * @param toldNanos when that was
     * @param pauseNanos for how long nothing more is told
     * @param untold how often it has failed since
     */
    private record Failing(long toldNanos, long pauseNanos, int untold) {
        private Failing toldAgain(long nowNanos) {
            return new Failing(nowNanos, Math.min(2 * pauseNanos, LAST_PAUSE_NANOS), 0);
        }

        private Failing onceMore() {
            return new Failing(toldNanos, pauseNanos, untold + 1);
        }

        private Failing wasRead() {
            return new Failing(toldNanos, FIRST_PAUSE_NANOS, 0);
        }
    }

    Partitions(Topics topics) {
        this(topics, System::nanoTime);
    }

    /** The same with another clock. */
    Partitions(Topics topics, LongSupplier nanoTime) {
        this.topics = topics;
        this.nanoTime = nanoTime;
    }

    /** The log of {@code partition}, if it is there and in order. */
    Optional<PartitionLog> present(TopicPartition partition) {
        return topics.log(partition);
    }

    /** The log of {@code partition}; {@code leaderEpoch} is what the client believes, or -1. */
    PartitionLog find(TopicPartition partition, int leaderEpoch) {
        PartitionLog log = topics.require(partition);
        if (leaderEpoch == RecordBatch.NO_PARTITION_LEADER_EPOCH || leaderEpoch == log.leaderEpoch()) {
            return log;
        }
        if (leaderEpoch < log.leaderEpoch()) {
            throw new FencedLeaderEpochException("leader epoch " + leaderEpoch + " of " + partition + " is over");
        }
        throw new UnknownLeaderEpochException("leader epoch " + leaderEpoch + " of " + partition + " has not begun");
    }

    /**
     * The answer for a partition that failed. What its disk or a mistake of ours has to do with is told in the broker's log as well: of each partition one
     * line in ten seconds at most, and while nothing of it can be read at growing intervals.
     *
     * @param asked what was to be found out, for that log
     */
    ApiError failed(TopicPartition partition, String asked, RuntimeException failure) {
        if (!isAnswer(failure)) {
            failing.compute(partition, (key, known) -> told(key, known, asked, failure));
        }
        return ErrorCodes.describe(failure);
    }

    private Failing told(TopicPartition partition, @Nullable Failing known, String asked, RuntimeException failure) {
        long nowNanos = nanoTime.getAsLong();
        if (known != null && nowNanos - known.toldNanos < known.pauseNanos) {
            return known.onceMore();
        }
        LOGGER.atError()
                .setCause(failure)
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("asked", asked)
                .addKeyValue("times", known == null ? 1 : known.untold + 1)
                .log("partition cannot be read");
        return known == null ? new Failing(nowNanos, FIRST_PAUSE_NANOS, 0) : known.toldAgain(nowNanos);
    }

    /** A partition was read: if it fails again, that is news. */
    void read(TopicPartition partition) {
        if (!failing.isEmpty()) {
            failing.computeIfPresent(partition, (key, known) -> known.wasRead());
        }
    }

    /** A partition that is offline has been told of by the start; a disk that refuses has not. */
    private static boolean isAnswer(RuntimeException failure) {
        return failure instanceof ApiException
                && !(failure instanceof KafkaStorageException && failure.getCause() != null);
    }
}
