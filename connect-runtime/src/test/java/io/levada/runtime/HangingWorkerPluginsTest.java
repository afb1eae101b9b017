/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins of the worker itself that do not come back, whatever they are called for: the worker goes on, and ends. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HangingWorkerPluginsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CALLED = "hanging.called.";

    private static final String HANG = """
            package my;
            public class Hang {
                public static void in(String call) {
                    System.setProperty("hanging.called." + call, "yes");
                    try {
                        new java.util.concurrent.CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        System.setProperty("hanging.interrupted." + call, "yes");
                    }
                }
            }
            """;
    /** The names of the connectors that are in the test are in the names of the metrics. */
    private static final String REPORTERS = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.metrics.*;
            public class Reporters implements MetricsReporter {
                public void configure(Map<String, ?> configs) { }
                public void init(List<KafkaMetric> metrics) { }
                public void metricChange(KafkaMetric metric) { }
                public void metricRemoval(KafkaMetric metric) { }
                public void close() { }
                public static class InInit extends Reporters {
                    public void init(List<KafkaMetric> metrics) { Hang.in("init"); }
                }
                public static class InChange extends Reporters {
                    public void metricChange(KafkaMetric metric) {
                        if (metric.metricName().tags().containsKey("task")) Hang.in("metricChange");
                    }
                }
                public static class InRemoval extends Reporters {
                    public void metricRemoval(KafkaMetric metric) { Hang.in("metricRemoval"); }
                }
                public static class InClose extends Reporters {
                    public void close() { Hang.in("reporter close"); }
                }
            }
            """;

    private static final String POLICY = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigValue;
            import org.apache.kafka.connect.connector.policy.*;
            public class Policy implements ConnectorClientConfigOverridePolicy {
                public void configure(Map<String, ?> configs) { }
                public List<ConfigValue> validate(ConnectorClientConfigRequest request) { return List.of(); }
                public void close() { Hang.in("policy close"); }
            }
            """;
    private static final String PROVIDER = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigData;
            public class Provider implements org.apache.kafka.common.config.provider.ConfigProvider {
                public void configure(Map<String, ?> configs) { }
                public ConfigData get(String path) { return new ConfigData(Map.of()); }
                public ConfigData get(String path, Set<String> keys) { return get(path); }
                public void close() { Hang.in("provider close"); }
            }
            """;

    @TempDir
    Path dir;

    private String plugins() {
        new PluginJar()
                .withClass("my.Hang", HANG)
                .withClass("my.Reporters", REPORTERS)
                .withClass("my.Policy", POLICY)
                .withClass("my.Provider", PROVIDER)
                .declaring(PluginType.CLIENT_OVERRIDE_POLICY, "my.Policy")
                .declaring(PluginType.CONFIG_PROVIDER, "my.Provider")
                .writeTo(dir.resolve("plugins/hanging.jar"));
        return dir.resolve("plugins").toString();
    }

    private RunningWorker worker(Map<String, String> more) {
        return new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        dir.resolve("data").toString()),
                more);
    }

    private static boolean called(String call) {
        return System.getProperty(CALLED + call) != null;
    }

    private static Map<String, String> counting(String topic) {
        return Map.of(
                "connector.class", CountingSource.class.getName(), "tasks.max", "1", "topic", topic, "count", "3");
    }

    @Test
    void reportersThatHangHoldNobodyUp() {
        try (RunningWorker worker = worker(Map.of(
                "plugin.path",
                plugins(),
                "metric.reporters",
                "my.Reporters$InInit,my.Reporters$InChange,my.Reporters$InRemoval,my.Reporters$InClose"))) {
            for (int life = 0; life < 2; life++) {
                worker.create("orders", counting("orders"));
                worker.awaitStates("orders", "RUNNING", "RUNNING");
                assertThat(worker.values("orders", 3)).hasSize(3);
                assertThat(worker.rest("/metrics", PATIENCE).body())
                        .contains("kafka_connect_connector_task_metrics_status_info{connector=\"orders\"");
                worker.delete("orders");
            }
            await().atMost(PATIENCE)
                    .until(() -> List.of("init", "metricChange", "metricRemoval").stream()
                            .allMatch(HangingWorkerPluginsTest::called));
            worker.create("customers", counting("customers"));
            worker.awaitStates("customers", "RUNNING", "RUNNING");
            assertThat(worker.rest("/connectors", PATIENCE).body()).isEqualTo("[\"customers\"]");
        }
        assertThat(called("reporter close")).isTrue();
    }

    @Test
    void whatHangsWhenItIsClosedKeepsNeitherTheBrokerNorTheNextStart() {
        Map<String, String> hanging = Map.of(
                "plugin.path", plugins(),
                "connector.client.config.override.policy", "my.Policy",
                "config.providers", "hanging",
                "config.providers.hanging.class", "my.Provider");
        try (RunningWorker worker = worker(hanging)) {
            worker.create("orders", counting("orders"));
            assertThat(worker.values("orders", 3)).hasSize(3);
        }

        assertThat(called("policy close")).isTrue();
        assertThat(called("provider close")).isTrue();
        try (RunningWorker next = worker(Map.of())) {
            next.awaitStates("orders", "RUNNING", "RUNNING");
            assertThat(next.values("orders", 3)).hasSize(3);
        }
    }
}
