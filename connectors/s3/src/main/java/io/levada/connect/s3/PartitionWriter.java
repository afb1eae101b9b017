/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one Kafka partition. All its open objects, one for each folder, are finished together; so the offset of the first
 * record in them is safe, and a writer that starts there makes the same objects again.
 *
 * <p>Calls may fail with a {@code RetriableException} and be made again with the same records: what was taken before is
 * known by its offset and not taken twice, and what was left undone is done first.
 */
final class PartitionWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionWriter.class);
    private static final long NONE = -1;

    private final TopicPartition partition;
    private final S3SinkConfig config;
    private final ObjectStore store;
    private final ObjectNames names;
    private final Partitioner partitioner;
    private final JsonLines format;
    private final Rotation rotation;
    private final Map<String, OpenObject> open = new LinkedHashMap<>();
    private long firstOffset = NONE;
    private long nextOffset = NONE;
    private boolean finishing;
    private boolean uncommitted;

    PartitionWriter(TopicPartition partition, S3SinkConfig config, ObjectStore store) {
        this.partition = partition;
        this.config = config;
        this.store = store;
        this.names = new ObjectNames(config.names(), config.format().extension());
        PartitionOptions folders = config.partitions();
        this.partitioner = folders.partitioning()
                .create(folders, config.rotation(), config.names().directoryDelim());
        this.format = new JsonLines(config.format());
        this.rotation = new Rotation(
                config.rotation(), folders.recordTime(), folders.partitioning().byTime());
    }

    /** Whether the record was taken, or passed over, before: it is delivered again. */
    boolean knows(SinkRecord record) {
        return record.kafkaOffset() < nextOffset;
    }

    /**
     * Takes a record that it does not know, and sends what is due.
     *
     * @throws org.apache.kafka.connect.errors.DataException if this record cannot be written; the writer is as before
     */
    void append(SinkRecord record, long nowMs) {
        long timeMs =
                config.partitions().recordTime().of(record, config.partitions().timestampField(), nowMs);
        String folders = partitioner.folders(record, timeMs);
        byte[] line = format.line(record);
        if (rotation.dueBefore(timeMs, folders)) {
            finish();
        }
        take(record.kafkaOffset(), folders, line);
        rotation.count(timeMs, folders, nowMs);
        if (rotation.full()) {
            finish();
        } else {
            settle();
        }
    }

    /** Passes over a record that is not to be written. */
    void skip(SinkRecord record) {
        nextOffset = Math.max(nextOffset, record.kafkaOffset() + 1);
    }

    /** Finishes the open objects if the wall clock says so, and tells whether it did. */
    boolean finishIfDue(long nowMs) {
        if (dueMs() > nowMs) {
            return false;
        }
        // The end of these objects depends on the clock. Until their offset is told, no others are ended by it: after a
        // crash they are written anew under their old names, and nothing beside them repeats their records.
        uncommitted = true;
        finish();
        return true;
    }

    /** When {@link #finishIfDue} has something to do, in milliseconds since 1970. */
    long dueMs() {
        return uncommitted ? Rotation.NEVER_MS : rotation.dueMs();
    }

    /**
     * The offset from which records must be read after a crash.
     *
     * @param position the offset up to which records were delivered
     */
    long commit(long position) {
        uncommitted = false;
        return open.isEmpty() ? position : firstOffset;
    }

    /** Drops the open objects; their records are read again by whoever has the partition next. */
    void abort() {
        for (OpenObject object : open.values()) {
            try {
                object.abort();
            } catch (ConnectException e) {
                LOGGER.atWarn()
                        .addKeyValue("object", object.name())
                        .addKeyValue("error", e.getMessage())
                        .log("unfinished upload stays until the next task of this partition removes it");
            }
        }
        open.clear();
    }

    private void take(long offset, String folders, byte[] line) {
        if (open.isEmpty()) {
            firstOffset = offset;
        }
        open.computeIfAbsent(folders, same -> newObject(same, offset)).append(line);
        nextOffset = offset + 1;
    }

    private OpenObject newObject(String folders, long offset) {
        String name = names.name(partition, folders, offset);
        return new OpenObject(store, name, config.store().partSizeBytes(), config.format());
    }

    /** Does what an earlier call may have left undone, and sends full parts. */
    void settle() {
        if (finishing) {
            finish();
        } else {
            open.values().forEach(OpenObject::send);
        }
    }

    private void finish() {
        finishing = true;
        for (Iterator<OpenObject> objects = open.values().iterator(); objects.hasNext(); ) {
            OpenObject object = objects.next();
            object.finish();
            objects.remove();
            LOGGER.atDebug()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("object", object.name())
                    .log("object finished");
        }
        finishing = false;
        rotation.restart();
    }
}
