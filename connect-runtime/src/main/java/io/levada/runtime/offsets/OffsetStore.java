/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.topics.StateJson;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the offset topic. The map is guarded, because tasks ask while the reading thread fills it; what is
 * asked for shows all writes that completed before {@link #readToEnd} was called.
 */
public final class OffsetStore implements TopicListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetStore.class);

    private final Map<OffsetKey, Stored> stored = new LinkedHashMap<>();
    private @Nullable TopicLog log;

    /** The key's own bytes are kept: a record under the same bytes lands in the same partition, after the one before. */
    private record Stored(Bytes key, Map<String, @Nullable Object> offset) {}

    /** Names the topic to write to; before the first write. */
    public void writeTo(TopicLog topic) {
        this.log = topic;
    }

    /** The offset of one partition; null if there is none. */
    public @Nullable Map<String, @Nullable Object> offset(ConnectorName connector, @Nullable Map<String, ?> partition) {
        OffsetKey key = OffsetKey.of(connector, partition);
        synchronized (stored) {
            Stored found = stored.get(key);
            return found == null ? null : found.offset;
        }
    }

    /** All partitions of a connector that have an offset, in the order they first appeared. */
    public Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> offsets(ConnectorName connector) {
        Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> found = new LinkedHashMap<>();
        synchronized (stored) {
            stored.forEach((key, value) -> {
                if (key.connector().equals(connector) && key.partition() != null) {
                    found.put(key.partition(), value.offset);
                }
            });
        }
        return found;
    }

    /**
     * Writes offsets; a null offset forgets its partition.
     *
     * @return completes once the brokers hold all of them
     * @throws DataException if one cannot be stored; nothing is written then
     */
    public CompletionStage<Void> write(
            ConnectorName connector,
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        List<Write> writes = writes(connector, offsets);
        TopicLog topic = topic();
        return CompletableFuture.allOf(writes.stream()
                .map(write -> topic.send(write.key.get(), write.value == null ? null : write.value.get())
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** What {@link #write} would write, as records for {@code topic}. */
    List<ProducerRecord<byte[], byte[]>> records(
            String topic,
            ConnectorName connector,
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        return writes(connector, offsets).stream()
                .map(write -> new ProducerRecord<byte[], byte[]>(
                        topic, write.key.get(), write.value == null ? null : write.value.get()))
                .toList();
    }

    private List<Write> writes(
            ConnectorName connector,
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        List<Write> writes = new ArrayList<>();
        offsets.forEach((partition, offset) -> {
            OffsetFormat.check("offset", connector, offset);
            Bytes key = keyBytes(OffsetKey.of(connector, partition));
            writes.add(new Write(key, offset == null ? null : Bytes.wrap(StateJson.write(offset))));
        });
        return writes;
    }

    private record Write(Bytes key, @Nullable Bytes value) {}

    /** Completes once all that is in the topic now can be asked for. */
    public CompletionStage<Void> readToEnd() {
        return topic().readToEnd();
    }

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            LOGGER.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("offset record without a key is skipped, no worker wrote it");
            return;
        }
        try {
            OffsetKey key = OffsetKey.parse(record.key());
            Map<String, @Nullable Object> offset =
                    record.value() == null ? null : NullableValues.copyOf(StateJson.readObject(record.value()));
            synchronized (stored) {
                if (offset == null) {
                    stored.remove(key);
                } else {
                    stored.put(key, new Stored(Bytes.wrap(record.key()), offset));
                }
            }
        } catch (RuntimeException e) { // anybody may have written it: no record may end the reading of all others
            LOGGER.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("key", StateJson.shown(record.key()))
                    .addKeyValue("error", e.getMessage())
                    .log("offset record makes no sense and is skipped");
        }
    }

    private Bytes keyBytes(OffsetKey key) {
        synchronized (stored) {
            Stored found = stored.get(key);
            return found == null ? Bytes.wrap(key.bytes()) : found.key;
        }
    }

    private TopicLog topic() {
        TopicLog open = log;
        if (open == null) {
            throw new IllegalStateException("the offset topic is not open yet");
        }
        return open;
    }
}
