/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TaskPluginsTest {
    private static final TaskId ID = new ConnectorName("says-no-version").task(0);

    private final Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
    private final WorkerMeters meters = WorkerMeters.overJmx("task-plugins-test:0");
    private final FlushThreads flusher = new FlushThreads();

    @AfterEach
    void close() {
        flusher.close();
        meters.close();
        plugins.close();
    }

    /** As in Kafka Connect, where neither status nor metric says the word null. */
    @Test
    void aTaskThatSaysNoVersionHasNone() throws Exception {
        Map<String, @Nullable String> config =
                Map.of("connector.class", RecordingSink.class.getName(), "task.class", Unversioned.class.getName());
        TaskServices services = OfflineServices.of(plugins, flusher, meters);
        TaskMeter meter = meters.begin(ID, ConnectorType.SINK);

        try (TaskPlugins own =
                OfflineServices.plugins(services, new TaskSpec(ID, ConnectorType.SINK, config, config), meter)) {
            SinkTask unused = own.task(config, SinkTask.class);

            assertThat(own.taskVersion()).isNull();
            ObjectName shown =
                    new ObjectName("kafka.connect:type=connector-task-metrics,connector=says-no-version,task=0");
            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(shown, "task-version"))
                    .isNull();
            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(shown, "task-class"))
                    .isEqualTo(Unversioned.class.getName());
        }
    }

    /** Says null. */
    public static final class Unversioned extends SinkTask {
        @Override
        @SuppressWarnings("NullAway") // On purpose.
        public String version() {
            return null;
        }

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public void put(Collection<SinkRecord> records) {}

        @Override
        public void stop() {}
    }
}
