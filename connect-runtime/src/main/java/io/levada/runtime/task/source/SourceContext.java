/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What a source task may ask the worker. Plugins that look into the context by reflection find what Apache's has: the field {@code reader}
 * keeps its name and type.
 *
 * @param configs its config, resolved
 * @param reader its connector's offsets
 * @param pluginMetrics what it measures of itself (KIP-877)
 */
record SourceContext(Map<String, String> configs, OffsetStorageReader reader, PluginMetrics pluginMetrics)
        implements SourceTaskContext {
    @Override
    public OffsetStorageReader offsetStorageReader() {
        return reader;
    }

    @Override
    @SuppressWarnings("NullAway") // The API answers null for a task outside a transaction.
    public @Nullable TransactionContext transactionContext() {
        return null;
    }
}
