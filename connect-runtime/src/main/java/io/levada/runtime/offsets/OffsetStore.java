/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.topics.StateJson;
import io.levada.runtime.topics.StateTopic;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the offset topic. The map is guarded, because tasks ask while the reading thread fills it; what is
 * asked for shows all writes that completed before {@link #readToEnd} was called.
 */
public final class OffsetStore implements TopicListener {
    private final StateTopic topic = new StateTopic("offset");
    private final Map<OffsetKey, Stored> stored = new LinkedHashMap<>();

    /** The key's own bytes are kept: a record under the same bytes lands in the same partition, after the one before. */
    private record Stored(Bytes key, Map<String, @Nullable Object> offset) {}

    /** Names the topic to write to; before the first write. */
    public void writeTo(TopicLog log) {
        topic.writeTo(log);
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
        return StateTopic.written(writes(connector, offsets).stream()
                .map(write -> topic.send(write.key.get(), write.value == null ? null : write.value.get()))
                .toList());
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
        return topic.readToEnd();
    }

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record) {
        topic.read(record, this::apply);
    }

    /** Source tasks have theirs open here for {@code offset.flush.interval.ms} on purpose, and those that were killed for a minute more. */
    @Override
    public Duration transactionMax() {
        return Duration.ofMinutes(2);
    }

    private void apply(byte[] keyBytes, byte @Nullable [] value) {
        OffsetKey key = OffsetKey.parse(keyBytes);
        Map<String, @Nullable Object> offset =
                value == null ? null : NullableValues.copyOf(StateJson.readObject(value));
        synchronized (stored) {
            if (offset == null) {
                stored.remove(key);
            } else {
                stored.put(key, new Stored(Bytes.wrap(keyBytes), offset));
            }
        }
    }

    private Bytes keyBytes(OffsetKey key) {
        synchronized (stored) {
            Stored found = stored.get(key);
            return found == null ? Bytes.wrap(key.bytes()) : found.key;
        }
    }
}
