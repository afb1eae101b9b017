/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

/** MBeans where Kafka Connect has no metrics of plugins, and where two have one name. */
final class ShownTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /** As before Kafka Connect 4.1. */
    private record OldContext() implements SourceTaskContext {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            throw new UnsupportedOperationException("no offsets here");
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new NoSuchMethodError("pluginMetrics");
        }
    }

    private static Shown shown(String prefix) {
        return new Shown(new OldContext(), prefix, new CaptureMeters(InstantSource.system()), 10, 0);
    }

    @Test
    void namesThatTwoTasksHaveGoToTheOneThatStays() throws Exception {
        ObjectName name = new ObjectName(
                "debezium.postgres:type=connector-metrics,context=streaming,server=" + ObjectName.quote("a,b"));
        CaptureMeters meters = new CaptureMeters(InstantSource.system());
        Beans first = new Beans("a,b", meters, 10, 0);
        Beans second = new Beans("a,b", meters, 20, 0);
        first.show();
        second.show();
        assertThat(server.getAttribute(name, "QueueTotalCapacity")).isEqualTo(10);

        first.close();
        second.show();
        assertThat(server.getAttribute(name, "QueueTotalCapacity")).isEqualTo(20);

        second.close();
        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    void showsMBeansAloneOnAnOldWorker() throws Exception {
        ObjectName name = new ObjectName("debezium.postgres:type=connector-metrics,context=snapshot,server=old");
        try (Shown shown = shown("old")) {
            shown.refreshInTime();
            assertThat(server.getAttribute(name, "SnapshotRunning")).isEqualTo(false);
        }
        assertThat(server.isRegistered(name)).isFalse();
    }
}
