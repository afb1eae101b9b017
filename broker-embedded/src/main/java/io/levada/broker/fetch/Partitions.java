/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the log that a client means, as Kafka's leader would: it must exist, and the client must know the present leader (KIP-320). Says how a partition
 * that fails is answered: whatever it is, it is that partition's alone, and the others of a request are answered all the same.
 */
final class Partitions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Partitions.class);

    private final Topics topics;
    /** How often a partition could not be read for a reason that is no answer in itself. */
    private final Map<TopicPartition, Integer> failures = new ConcurrentHashMap<>();

    Partitions(Topics topics) {
        this.topics = topics;
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
     * The answer for a partition that failed. What its disk or a mistake of ours has to do with is told in the broker's log as well, where a client that
     * asks again and again is seen at growing intervals.
     *
     * @param asked what was to be found out, for that log
     */
    ApiError failed(TopicPartition partition, String asked, RuntimeException failure) {
        if (!isAnswer(failure)) {
            int times = failures.merge(partition, 1, Integer::sum);
            if (Integer.bitCount(times) == 1) {
                LOGGER.atError()
                        .setCause(failure)
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue("partition", partition.partition())
                        .addKeyValue("asked", asked)
                        .addKeyValue("times", times)
                        .log("partition cannot be read");
            }
        }
        return ErrorCodes.describe(failure);
    }

    /** A partition that is offline has been told of by the start; a disk that refuses has not. */
    private static boolean isAnswer(RuntimeException failure) {
        return failure instanceof ApiException
                && !(failure instanceof KafkaStorageException && failure.getCause() != null);
    }
}
