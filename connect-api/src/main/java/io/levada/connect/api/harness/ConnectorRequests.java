/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.sink.SinkConnectorContext;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** What a connector (not its tasks) asked of its worker; its own threads may ask too. */
public sealed class ConnectorRequests implements ConnectorContext {
    private final AtomicInteger reconfigurations = new AtomicInteger();
    private final List<Exception> errors = new CopyOnWriteArrayList<>();
    private final PluginMetrics metrics = new MemoryMetrics();

    private ConnectorRequests() {}

    /** How often the connector asked for new task configurations. */
    public int reconfigurations() {
        return reconfigurations.get();
    }

    /** The errors raised; a worker fails the connector at the first. */
    public List<Exception> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void requestTaskReconfiguration() {
        reconfigurations.incrementAndGet();
    }

    @Override
    public void raiseError(Exception error) {
        errors.add(error);
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return metrics;
    }

    static final class OfSink extends ConnectorRequests implements SinkConnectorContext {}

    static final class OfSource extends ConnectorRequests implements SourceConnectorContext {
        private final MemoryOffsets offsets;

        OfSource(MemoryOffsets offsets) {
            this.offsets = offsets;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return offsets;
        }
    }
}
