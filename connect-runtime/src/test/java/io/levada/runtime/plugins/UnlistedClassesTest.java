/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that a worker's properties name and that are declared nowhere. */
class UnlistedClassesTest {
    @TempDir
    Path folder;

    @Test
    void aCopyOfKafkasClientsInAPluginFolderIsNotAsked() {
        new PluginJar()
                .withClass("org.apache.kafka.common.metrics.JmxReporter", reporter("JmxReporter"))
                .writeTo(folder.resolve("plugin/kafka-clients.jar"));

        try (Plugins plugins = Plugins.discover(PluginSearch.of(folder.toString(), null, "hybrid_warn"))) {
            assertThat(plugins.newInstance(JmxReporter.class.getName(), MetricsReporter.class))
                    .isExactlyInstanceOf(JmxReporter.class);
        }
    }

    @Test
    void aClassThatTheWorkerLacksIsTakenFromAPluginFolder() {
        new PluginJar()
                .withClass("org.apache.kafka.common.metrics.OtherReporter", reporter("OtherReporter"))
                .writeTo(folder.resolve("plugin/other.jar"));

        try (Plugins plugins = Plugins.discover(PluginSearch.of(folder.toString(), null, "hybrid_warn"))) {
            assertThat(plugins.newInstance("org.apache.kafka.common.metrics.OtherReporter", MetricsReporter.class)
                            .getClass()
                            .getClassLoader())
                    .isInstanceOf(PluginClassLoader.class);
        }
    }

    private static String reporter(String name) {
        return """
                package org.apache.kafka.common.metrics;
                public class %s implements MetricsReporter {
                    public void init(java.util.List<KafkaMetric> metrics) {}
                    public void metricChange(KafkaMetric metric) {}
                    public void metricRemoval(KafkaMetric metric) {}
                    public void close() {}
                    public void configure(java.util.Map<String, ?> configs) {}
                }
                """.formatted(name);
    }
}
