/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.StatusStore;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a worker lends to its tasks, where a test has no brokers: all parts are real, but nobody is fenced. */
public final class OfflineServices {
    private OfflineServices() {}

    /** Those of a worker that has nothing but defaults. */
    public static TaskServices of(Plugins plugins, FlushThreads flusher, WorkerMeters meters) {
        return of(Map.of("bootstrap.servers", "localhost:1"), plugins, flusher, meters);
    }

    public static TaskServices of(
            Map<String, String> properties, Plugins plugins, FlushThreads flusher, WorkerMeters meters) {
        WorkerConfig worker = WorkerConfig.from(properties);
        ClientConfigs clients = new ClientConfigs(worker, new OverridePolicy.All(), "cluster-1");
        return new TaskServices(
                worker,
                clients,
                plugins,
                new OffsetStores(worker.topics().offsets(), new OffsetStore(), clients),
                new StatusStore(InstantSource.system()),
                Secrets.open(properties, plugins),
                flusher,
                new Unfenced(),
                meters);
    }

    /** The plugins of a task whose loop the test plays. */
    public static TaskPlugins plugins(TaskServices services, TaskSpec spec, TaskMeter meter) {
        return TaskPlugins.of(
                spec.id(),
                spec.connectorConfig(),
                services.plugins(),
                services.meters().plugins(),
                meter);
    }

    private static final class Unfenced implements Fencing {
        @Override
        public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {}

        @Override
        public void all(ConnectorName connector, Map<String, @Nullable String> config) {}
    }
}
