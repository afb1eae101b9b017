/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** An internal topic that its listener reads at once. */
public final class InMemoryLog implements TopicLog {
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final TopicListener listener;

    public InMemoryLog(TopicListener listener) {
        this.listener = listener;
    }

    @Override
    @SuppressWarnings("NullAway") // A tombstone's value is null.
    public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("internal", 0, records.size(), key, value);
        records.add(record);
        listener.onRecord(record);
        listener.onBatchEnd();
        return CompletableFuture.completedFuture(null);
    }

    /** A record as somebody else wrote it. */
    public void written(String key, @Nullable String value) {
        var unused = send(key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        return CompletableFuture.completedFuture(null);
    }

    /** All records as {@code key=value}, in the order they were written. */
    public List<String> lines() {
        return records.stream()
                .map(record -> new String(record.key(), UTF_8) + "="
                        + (record.value() == null ? "null" : new String(record.value(), UTF_8)))
                .toList();
    }

    /** The bytes of the last record's value. */
    public byte[] lastValue() {
        return records.get(records.size() - 1).value();
    }
}
