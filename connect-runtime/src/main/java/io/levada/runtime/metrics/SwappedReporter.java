/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.plugins.LoaderSwap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsContext;
import org.apache.kafka.common.metrics.MetricsReporter;

/** A reporter of a plugin, whose code sees its own class loader whichever thread a metric changes on. */
record SwappedReporter(MetricsReporter plugin, ClassLoader loader) implements MetricsReporter {
    @Override
    public void configure(Map<String, ?> configs) {
        LoaderSwap.run(loader, () -> plugin.configure(configs));
    }

    @Override
    public void contextChange(MetricsContext context) {
        LoaderSwap.run(loader, () -> plugin.contextChange(context));
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        LoaderSwap.run(loader, () -> plugin.init(metrics));
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        LoaderSwap.run(loader, () -> plugin.metricChange(metric));
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        LoaderSwap.run(loader, () -> plugin.metricRemoval(metric));
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return plugin.reconfigurableConfigs();
    }

    @Override
    public void validateReconfiguration(Map<String, ?> configs) {
        LoaderSwap.run(loader, () -> plugin.validateReconfiguration(configs));
    }

    @Override
    public void reconfigure(Map<String, ?> configs) {
        LoaderSwap.run(loader, () -> plugin.reconfigure(configs));
    }

    @Override
    public void close() {
        LoaderSwap.run(loader, plugin::close);
    }
}
