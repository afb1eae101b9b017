/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.PluginVersion;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** Hands each record to the writer of its partition, and wakes the writers when the clock makes objects due. */
public final class S3SinkTask extends SinkTask {
    private final InstantSource clock;
    private final Map<TopicPartition, PartitionWriter> writers = new LinkedHashMap<>();
    private @Nullable Running running;

    private record Running(S3SinkConfig config, ObjectStore store, BadRecords badRecords) {}

    public S3SinkTask() {
        this(InstantSource.system());
    }

    S3SinkTask(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String version() {
        return PluginVersion.of(S3SinkTask.class);
    }

    /** Fails if the bucket cannot be reached. */
    @Override
    public void start(Map<String, String> properties) {
        S3SinkConfig config = S3SinkConfig.from(properties);
        boolean gzip = config.format().compression() == FormatOptions.Compression.GZIP;
        ObjectStore store = new ObjectStore(
                S3Clients.create(config.store()), config.store(), gzip ? "application/gzip" : "application/x-ndjson");
        running = new Running(config, store, new BadRecords(context.errantRecordReporter(), config.format()));
        store.checkBucket();
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        Running now = running();
        partitions.forEach(each -> writers.put(each, new PartitionWriter(each, now.config(), now.store())));
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        try {
            writers.values().forEach(PartitionWriter::settle);
            for (SinkRecord record : records) {
                write(record);
            }
            finishDue();
        } catch (AwaitedCommit e) {
            context.requestCommit();
            context.timeout(AwaitedCommit.LOOK_AGAIN_MS);
            throw e;
        } catch (RetriableException e) {
            context.timeout(running().config().store().taskBackoff().toMillis());
            throw e;
        }
        writers.values().forEach(PartitionWriter::endOfBatch);
        wakeWhenDue();
    }

    /** Offsets up to the first record that is in no finished object. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> positions) {
        Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>();
        positions.forEach((partition, position) -> {
            PartitionWriter writer = writers.get(partition);
            if (writer != null) {
                writer.commit(position.offset())
                        .ifPresent(offset -> safe.put(partition, new OffsetAndMetadata(offset)));
            }
        });
        return safe;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionWriter writer = writers.remove(partition);
            if (writer != null) {
                writer.abort();
            }
        }
    }

    @Override
    public void stop() {
        Running stopping = running;
        running = null;
        writers.clear();
        if (stopping != null) {
            stopping.store().close();
        }
    }

    private void write(SinkRecord record) {
        // What is open, and which offset comes next, is known by the place that the record was read from, whatever
        // transforms made of its topic.
        TopicPartition origin = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
        PartitionWriter writer = writers.get(origin);
        if (writer == null) {
            throw new IllegalStateException("record of " + origin + ", a partition that is not open");
        }
        if (writer.knows(record)) {
            return;
        }
        if (!running().badRecords().passes(record, good -> writer.append(good, clock.millis()))) {
            writer.skip(record);
        }
    }

    private void finishDue() {
        long nowMs = clock.millis();
        for (PartitionWriter writer : writers.values()) {
            writer.finishIfDue(nowMs);
            if (writer.awaitsCommit()) {
                context.requestCommit();
            }
        }
    }

    /** A worker waits for records as long as it likes; it is asked to come back when objects are due. */
    private void wakeWhenDue() {
        long dueMs = writers.values().stream()
                .mapToLong(PartitionWriter::dueMs)
                .min()
                .orElse(Rotation.NEVER_MS);
        if (dueMs != Rotation.NEVER_MS) {
            context.timeout(Math.max(1, dueMs - clock.millis()));
        }
    }

    private Running running() {
        if (running == null) {
            throw new ConnectException("The task is not started");
        }
        return running;
    }
}
