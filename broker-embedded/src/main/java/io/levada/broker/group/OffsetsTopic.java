/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.AppendOrigin;
import io.levada.broker.log.Appended;
import io.levada.broker.log.Fetched;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic {@code __consumer_offsets}: which partition keeps a group, appending to it, reading all of it back. Used by the coordinator thread. */
final class OffsetsTopic {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetsTopic.class);
    private static final String NAME = org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;
    // A group of thousands of members is one record, so it may be larger than what clients send.
    private static final int RECORD_BYTES_MAX = 16 * 1024 * 1024;
    private static final int BATCH_RECORDS_MAX = 1000;
    private static final int READ_BYTES = 1024 * 1024;
    private final Topics topics;
    private final GroupConfig config;

    OffsetsTopic(Topics topics, GroupConfig config) {
        this.topics = topics;
        this.config = config;
    }

    /** Makes the topic if there is none yet. */
    CompletableFuture<Topic> ensure() {
        return topics.findOrCreate(new NewTopic(
                NAME,
                config.offsetsPartitions(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(config.offsetsSegmentBytes()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(RECORD_BYTES_MAX))));
    }

    /**
     * Writes records of one group; completes once they are durable.
     *
     * @throws org.apache.kafka.common.errors.ApiException if nothing, or not all, could be written; of the kinds that a client of a group knows
     */
    CompletableFuture<Void> append(String group, List<SimpleRecord> records) {
        PartitionLog log = logOf(group);
        try {
            return write(log, records).exceptionallyCompose(e -> CompletableFuture.failedFuture(forGroups(e)));
        } catch (ApiException e) {
            throw forGroups(e);
        }
    }

    private static CompletableFuture<Void> write(PartitionLog log, List<SimpleRecord> records) {
        long next = log.logEndOffset();
        for (int from = 0; from < records.size(); from += BATCH_RECORDS_MAX) {
            List<SimpleRecord> part = records.subList(from, Math.min(records.size(), from + BATCH_RECORDS_MAX));
            Appended appended = log.append(
                    MemoryRecords.withRecords(Compression.NONE, part.toArray(SimpleRecord[]::new)),
                    AppendOrigin.BROKER);
            next = appended.nextOffset();
        }
        return log.durable(next);
    }

    /** Completes once everything written so far about {@code group} is durable. */
    CompletableFuture<Void> settled(String group) {
        PartitionLog log = logOf(group);
        return log.durable(log.logEndOffset()).exceptionallyCompose(e -> CompletableFuture.failedFuture(forGroups(e)));
    }

    /** A disk that fails is nothing a group's client can be told as it is: it would give up, where it should look for its coordinator again. */
    private static ApiException forGroups(Throwable failure) {
        ApiException known = ErrorCodes.asApiException(failure);
        return known instanceof KafkaStorageException
                ? new NotCoordinatorException("the group's records cannot be written: " + known.getMessage(), known)
                : known;
    }

    boolean exists() {
        return topics.catalog().find(NAME).isPresent();
    }

    /** Reads back all that was ever written, oldest first within a group. */
    void replay(GroupRecords.Replay replay) {
        topics.catalog().find(NAME).ifPresent(topic -> {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                topics.log(new TopicPartition(NAME, partition)).ifPresent(log -> replay(log, replay));
            }
        });
    }

    private static void replay(PartitionLog log, GroupRecords.Replay replay) {
        long offset = log.logStartOffset();
        while (offset < log.highWatermark()) {
            Fetched fetched = log.read(offset, READ_BYTES, true);
            if (fetched.isEmpty()) {
                return;
            }
            for (RecordBatch batch : fetched.records().batches()) {
                if (!batch.isControlBatch()) {
                    replay(log, batch, replay);
                }
                offset = batch.nextOffset();
            }
        }
    }

    /** A record that is none of ours, or was damaged before it was written, is passed over: it may not keep all groups from being served. */
    private static void replay(PartitionLog log, RecordBatch batch, GroupRecords.Replay replay) {
        for (Record record : batch) {
            try {
                GroupRecords.replay(record, replay);
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", NAME)
                        .addKeyValue("partition", log.partition().partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("error", e.toString())
                        .log("record passed over, it cannot be understood");
            }
        }
    }

    private PartitionLog logOf(String group) {
        Topic topic = topics.catalog()
                .find(NAME)
                .orElseThrow(() -> new CoordinatorNotAvailableException(NAME + " is not there yet"));
        TopicPartition partition = new TopicPartition(NAME, Utils.abs(group.hashCode()) % topic.partitions());
        return topics.log(partition)
                .orElseThrow(() -> new CoordinatorNotAvailableException(partition + " is not there"));
    }
}
