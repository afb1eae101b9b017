/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connectors.ScriptedSource.ScriptedTask;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restarts of a connector that hangs in its first start, so that nothing is said of it yet. */
final class RestartRequestTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final CountDownLatch HANGING = new CountDownLatch(1);
    private static final CountDownLatch RELEASED = new CountDownLatch(1);
    private static final AtomicInteger STARTS = new AtomicInteger();

    @TempDir
    Path folder;

    /** Does not come back from its first start. */
    public static final class HangsAtFirst extends SourceConnector {
        @Override
        public void start(Map<String, String> props) {
            if (STARTS.incrementAndGet() == 1) {
                HANGING.countDown();
                try {
                    assertThat(RELEASED.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    throw new ConnectException(e);
                }
            }
        }

        @Override
        public Class<? extends Task> taskClass() {
            return ScriptedTask.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of();
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    @Test
    void aConnectorThatHangsInItsStartIsRestartedUnlessOnlyWhatFailedShallBe() throws Exception {
        try (RunningWorker worker = new RunningWorker(
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString()),
                Map.of("task.shutdown.graceful.timeout.ms", "1000"))) {
            worker.create("c", Map.of("connector.class", HangsAtFirst.class.getName()));
            assertThat(HANGING.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            HttpResponse<String> failed = worker.rest("POST", "/connectors/c/restart?onlyFailed=true", "", PATIENCE);
            assertThat(failed.statusCode()).as(failed.body()).isEqualTo(202);
            assertThat(failed.body()).contains("\"state\":\"UNASSIGNED\"");

            HttpResponse<String> all = worker.rest("POST", "/connectors/c/restart?includeTasks=true", "", PATIENCE);
            assertThat(all.statusCode()).as(all.body()).isEqualTo(202);
            assertThat(all.body()).contains("\"state\":\"RESTARTING\"");

            worker.awaitStates("c", "RUNNING");
            assertThat(STARTS).hasValue(2);
        } finally {
            RELEASED.countDown();
        }
    }
}
