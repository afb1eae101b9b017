/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one Kafka partition. All its open objects, one for each folder, are finished together; so the offset of the first
 * record in them is safe, and a writer that starts there makes the same objects again.
 *
 * <p>Partition and offsets are those that records were read from, whatever transforms made of their topic: two topics that are
 * routed into one still have objects of their own.
 *
 * <p>Calls may fail with a {@code RetriableException} and be made again with the same batch: what was taken of it before is
 * known by its offset and not taken twice, and what was left undone is done first. Smaller offsets in another batch are other
 * records: of a topic that was made anew, for example.
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
    /** The offset after the last record taken of a batch that is not yet taken whole. */
    private long takenOfBatch = NONE;

    private boolean finishing;

    /** The offset that must be committed before other objects may be finished; {@link #NONE} for none. */
    private long awaited = NONE;

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

    /** Whether the record was taken, or passed over, before: its batch is delivered again. */
    boolean knows(SinkRecord record) {
        return record.originalKafkaOffset() < takenOfBatch;
    }

    /** The batch was taken whole; records of the next one are new, whatever their offsets. */
    void endOfBatch() {
        takenOfBatch = NONE;
    }

    /**
     * Takes a record that it does not know, and sends what is due.
     *
     * @throws org.apache.kafka.connect.errors.DataException if this record cannot be written; the writer is as before
     * @throws AwaitedCommit if objects have to be finished first, and must not be yet; the record was not taken
     */
    void append(SinkRecord record, long nowMs) {
        long timeMs = config.partitions()
                .recordTime()
                .of(
                        record,
                        config.partitions().timestampField(),
                        config.rotation().timezone(),
                        nowMs);
        String folders = partitioner.folders(record, timeMs);
        String folder = names.topicFolder(record.topic()) + folders;
        long offset = record.originalKafkaOffset();
        if (!open.containsKey(folder)) {
            names.check(names.name(partition, folder, offset));
        }
        byte[] line = format.line(record);
        finishIfBack(offset);
        if (full() || rotation.dueBefore(timeMs, folders)) {
            finishByRecords();
        }
        take(offset, folder, line);
        rotation.count(timeMs, folders, nowMs);
        settle();
    }

    /** Passes over a record that is not to be written. */
    void skip(SinkRecord record) {
        finishIfBack(record.originalKafkaOffset());
        taken(record.originalKafkaOffset());
    }

    /** Finishes the open objects if the wall clock says so. */
    void finishIfDue(long nowMs) {
        if (dueMs() > nowMs) {
            return;
        }
        // The end of these objects depends on the clock. Until a commit of it was asked for, no others are finished:
        // after
        // a crash these are written anew under their old names, and nothing beside them repeats their records.
        awaited = nextOffset;
        finish();
    }

    /** When {@link #finishIfDue} has something to do, in milliseconds since 1970. */
    long dueMs() {
        return awaitsCommit() ? Rotation.NEVER_MS : rotation.dueMs();
    }

    /** Whether other objects can only be finished after a commit. */
    boolean awaitsCommit() {
        return awaited != NONE;
    }

    /**
     * The offset from which records must be read after a crash; nothing while that is within a batch of which only a part was
     * taken, as the worker commits no further than whole batches, and before it are records of objects that are finished.
     *
     * @param position the offset up to which batches were taken whole
     */
    OptionalLong commit(long position) {
        long safe = open.isEmpty() ? Math.max(position, takenOfBatch) : firstOffset;
        if (safe > position) {
            return OptionalLong.empty();
        }
        if (safe >= awaited) {
            awaited = NONE;
        }
        return OptionalLong.of(safe);
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

    private void take(long offset, String folder, byte[] line) {
        if (open.isEmpty()) {
            firstOffset = offset;
        }
        open.computeIfAbsent(folder, same -> newObject(same, offset)).append(line);
        taken(offset);
    }

    /** What is open was read before offsets went back, and can perhaps not be read again. */
    private void finishIfBack(long offset) {
        if (offset >= nextOffset) {
            return;
        }
        finishByRecords();
        LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("expectedOffset", nextOffset)
                .addKeyValue("offset", offset)
                .log(
                        "offsets went back: the topic was made anew, or its end was lost; its records are written, in place of"
                                + " objects of the old ones that have the same names");
    }

    private void taken(long offset) {
        nextOffset = offset + 1;
        takenOfBatch = offset + 1;
    }

    private OpenObject newObject(String folder, long offset) {
        String name = names.name(partition, folder, offset);
        return new OpenObject(store, name, config.store().partSizeBytes(), config.format());
    }

    /** By what records say alone, so that the same records make the same objects again. */
    private boolean full() {
        RotationOptions options = config.rotation();
        return rotation.full()
                || (options.openObjectsMax() > 0 && open.size() > options.openObjectsMax())
                || open.values().stream().mapToLong(OpenObject::heldBytes).sum() >= options.openBytesMax();
    }

    private void finishByRecords() {
        if (awaitsCommit() && !open.isEmpty()) {
            throw new AwaitedCommit(partition);
        }
        finish();
    }

    /** Does what an earlier call may have left undone, finishes objects that are full, and sends full parts. */
    void settle() {
        if (finishing || (full() && !awaitsCommit())) {
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
