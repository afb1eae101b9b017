/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topics;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Finds the log that a client means, as Kafka's leader would: it must exist, and the client must know the present leader (KIP-320). */
final class Partitions {
    private final Topics topics;

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
}
