/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.task.source.StoredOffsets;
import io.levada.runtime.threads.TaskThreads;
import java.util.function.Consumer;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.sink.SinkConnectorContext;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** What a connector may ask the worker; its threads call, so both requests are only noted. */
final class ConnectorContexts {
    private ConnectorContexts() {}

    static ConnectorContext of(
            ConnectorName name,
            Connector plugin,
            @Nullable ConnectorOffsets offsets,
            Runnable reconfigure,
            Consumer<Exception> fail,
            PluginMetrics metrics) {
        return plugin instanceof SourceConnector && offsets != null
                ? new Source(new StoredOffsets(name, offsets, TaskThreads.REAL), reconfigure, fail, metrics)
                : new Sink(reconfigure, fail, metrics);
    }

    private record Source(
            OffsetStorageReader offsetStorageReader,
            Runnable reconfigure,
            Consumer<Exception> fail,
            PluginMetrics pluginMetrics)
            implements SourceConnectorContext {
        @Override
        public void requestTaskReconfiguration() {
            reconfigure.run();
        }

        @Override
        public void raiseError(Exception e) {
            fail.accept(e);
        }
    }

    private record Sink(Runnable reconfigure, Consumer<Exception> fail, PluginMetrics pluginMetrics)
            implements SinkConnectorContext {
        @Override
        public void requestTaskReconfiguration() {
            reconfigure.run();
        }

        @Override
        public void raiseError(Exception e) {
            fail.accept(e);
        }
    }
}
