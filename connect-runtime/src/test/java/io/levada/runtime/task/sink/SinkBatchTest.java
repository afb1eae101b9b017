/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Reports;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a task throws that is given records. */
final class SinkBatchTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final Map<String, @Nullable String> CONFIG = Map.of(
            "connector.class",
            RecordingSink.class.getName(),
            "topics",
            "t",
            "key.converter",
            "org.apache.kafka.connect.storage.StringConverter",
            "value.converter",
            "org.apache.kafka.connect.storage.StringConverter");

    private final WorkerMeters meters = WorkerMeters.overJmx("sink-batch-test:0");
    private final FlushThreads flusher = new FlushThreads();

    @AfterEach
    void close() {
        flusher.close();
        meters.close();
    }

    /** Throws what its API does not let it throw, as plugins in Scala and Kotlin do. */
    private static final class Throwing extends SinkTask {
        private final Throwable failure;

        private Throwing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public void put(Collection<SinkRecord> records) {
            throwAnything(failure);
        }

        @SuppressWarnings("unchecked") // On purpose.
        private static <E extends Throwable> void throwAnything(Throwable failure) throws E {
            throw (E) failure;
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
    }

    private static final class Unfenced implements Fencing {
        @Override
        public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {}

        @Override
        public void all(ConnectorName connector, Map<String, @Nullable String> config) {}
    }

    private static final class Idle implements TaskLoop {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public void run() {}

        @Override
        public void signalStop() {}

        @Override
        public void abandon() {}
    }

    private SinkBatch batch(Throwable failure) {
        TaskId id = new ConnectorName("c").task(0);
        WorkerConfig worker = WorkerConfig.from(Map.of("bootstrap.servers", "localhost:1"));
        ClientConfigs clients = new ClientConfigs(worker, new OverridePolicy.All(), "cluster-1");
        TaskServices services = new TaskServices(
                worker,
                clients,
                PLUGINS,
                new OffsetStores(worker.topics().offsets(), new OffsetStore(), clients),
                new StatusStore(InstantSource.system()),
                Secrets.open(Map.of(), PLUGINS),
                flusher,
                new Unfenced(),
                meters);
        TaskMeter meter = meters.begin(id, ConnectorType.SINK);
        FailurePolicy policy = new FailurePolicy(
                id,
                ErrorSettings.from(CONFIG, true),
                new Reports(List.of()),
                new TaskControl(false),
                pending -> {},
                meter.errors());
        List<SinkBatch> made = new ArrayList<>();
        TaskLoop unused =
                TaskPlugins.during(new TaskSpec(id, ConnectorType.SINK, CONFIG, CONFIG), services, meter, plugins -> {
                    SinkRecords records = new SinkRecords(
                            TransformChain.open(plugins, CONFIG), Converters.open(plugins, worker, CONFIG), policy);
                    made.add(new SinkBatch(
                            new TaskLog(id, Resolved.NOTHING),
                            new Throwing(failure),
                            records,
                            new Progress(),
                            meter.sink()));
                    return new Idle();
                });
        return made.get(0);
    }

    @Test
    void aCheckedExceptionIsToldWithTheRangeOfTheRecords() throws InterruptedException {
        SinkBatch batch = batch(new IOException("disk gone"));
        batch.add(List.of(
                new ConsumerRecord<>("t", 0, 7, new byte[0], new byte[0]),
                new ConsumerRecord<>("t", 0, 8, new byte[0], new byte[0])));

        assertThatThrownBy(batch::put)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("2 records from t-0 offset 7 to t-0 offset 8")
                .hasRootCauseMessage("disk gone");
    }

    @Test
    void anInterruptionIsPassedOn() {
        assertThatThrownBy(batch(new InterruptedException())::put).isInstanceOf(InterruptedException.class);
    }
}
