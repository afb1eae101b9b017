/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.connect.api.WorkerKafka;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What a source task may ask the worker. Plugins that look into the context by reflection find what Apache's has: the field {@code reader}
 * keeps its name and type.
 *
 * @param config the task's, with what the config providers say now
 * @param reader its connector's offsets
 * @param pluginMetrics what it measures of itself (KIP-877)
 * @param lent settings of a consumer that goes where the worker goes, by those that the task gives it; fails if it may not give these
 * @param transactionContext by which it ends its transactions; null if it does not (KIP-618)
 */
record SourceContext(
        Supplier<Map<String, @Nullable String>> config,
        OffsetStorageReader reader,
        PluginMetrics pluginMetrics,
        UnaryOperator<Map<String, Object>> lent,
        @Nullable TransactionContext transactionContext)
        implements SourceTaskContext, WorkerKafka {
    @Override
    public Map<String, String> configs() {
        return config.get();
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return reader;
    }

    @Override
    public Supplier<Consumer<byte[], byte[]>> consumers(Map<String, Object> settings) {
        Map<String, Object> all = lent.apply(settings);
        return () -> new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
