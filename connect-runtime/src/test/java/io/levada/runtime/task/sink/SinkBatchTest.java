/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.OfflineServices;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Reports;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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

    private SinkBatch batch(Throwable failure) {
        TaskId id = new ConnectorName("c").task(0);
        TaskServices services = OfflineServices.of(PLUGINS, flusher, meters);
        TaskMeter meter = meters.begin(id, ConnectorType.SINK);
        FailurePolicy policy = new FailurePolicy(
                id,
                ErrorSettings.from(CONFIG, true),
                new Reports(List.of(), UnaryOperator.identity()),
                new TaskControl(false),
                pending -> {},
                meter.errors());
        TaskPlugins plugins =
                OfflineServices.plugins(services, new TaskSpec(id, ConnectorType.SINK, CONFIG, CONFIG), meter);
        SinkRecords records = new SinkRecords(
                TransformChain.open(plugins, CONFIG), Converters.open(plugins, services.worker(), CONFIG), policy);
        return new SinkBatch(
                new TaskLog(id, Resolved.NOTHING), new Throwing(failure), records, new Progress(), meter.sink());
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
