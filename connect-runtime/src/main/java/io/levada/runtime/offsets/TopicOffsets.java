/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A connector's offsets in one topic: the worker's, which all connectors share, or its own.
 *
 * @param store of the topic, closed by whoever opened it
 */
record TopicOffsets(ConnectorName connector, OffsetStore store, String topic) implements ConnectorOffsets {
    @Override
    public @Nullable Map<String, @Nullable Object> offset(@Nullable Map<String, ?> partition) {
        return store.offset(connector, partition);
    }

    @Override
    public Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> offsets() {
        return store.offsets(connector);
    }

    @Override
    public CompletionStage<Void> write(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        return store.write(connector, offsets);
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        return store.records(topic, connector, offsets);
    }

    @Override
    public void committed(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        // They are nowhere else.
    }

    @Override
    public void endWrites() {
        // A write is handed over as a whole before it returns.
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        return store.readToEnd();
    }

    @Override
    public void close() {
        // The worker's topic is everybody's, and OwnOffsets closes the clients of a connector's own.
    }
}
