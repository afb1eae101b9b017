/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.plugins.LoaderSwap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsContext;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A reporter of a plugin, whose code sees its own class loader whichever thread calls it. Its errors become exceptions, which are logged by whoever calls and
 * end nothing.
 */
record SwappedReporter(MetricsReporter plugin, ClassLoader loader) implements MetricsReporter {
    @Override
    public void configure(Map<String, ?> configs) {
        run(() -> plugin.configure(configs));
    }

    @Override
    public void contextChange(MetricsContext context) {
        run(() -> plugin.contextChange(context));
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        run(() -> plugin.init(metrics));
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        run(() -> plugin.metricChange(metric));
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        run(() -> plugin.metricRemoval(metric));
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return plugin.reconfigurableConfigs();
    }

    @Override
    public void validateReconfiguration(Map<String, ?> configs) {
        run(() -> plugin.validateReconfiguration(configs));
    }

    @Override
    public void reconfigure(Map<String, ?> configs) {
        run(() -> plugin.reconfigure(configs));
    }

    @Override
    public void close() {
        run(plugin::close);
    }

    private void run(Runnable call) {
        try {
            LoaderSwap.run(loader, call);
        } catch (Error e) {
            throw new ConnectException(
                    "The metrics reporter " + plugin.getClass().getName() + " failed: " + FailureText.of(e), e);
        }
    }
}
