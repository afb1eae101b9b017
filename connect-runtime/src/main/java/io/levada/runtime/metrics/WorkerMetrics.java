/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The page {@code GET /metrics}: the JVM's meters from the first moment on, and what other parts add as they come: Connect's metrics, and any part of the
 * process that can write Prometheus's text.
 */
public final class WorkerMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry jvm = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Supplier<String>> sections = new CopyOnWriteArrayList<>();

    /** With meters of the JVM and the process. */
    public static WorkerMetrics create() {
        WorkerMetrics metrics = new WorkerMetrics();
        new JvmMemoryMetrics().bindTo(metrics.jvm);
        new JvmThreadMetrics().bindTo(metrics.jvm);
        new ProcessorMetrics().bindTo(metrics.jvm);
        new UptimeMetrics().bindTo(metrics.jvm);
        return metrics;
    }

    private WorkerMetrics() {}

    /** Shows Connect's metrics too. */
    public void add(WorkerMeters meters) {
        add(() -> PrometheusText.of(meters.all()));
    }

    /** Shows a section more: whole families in text format 0.0.4, whose names are no other section's. */
    public void add(Supplier<String> section) {
        sections.add(section);
    }

    /** All in Prometheus's text format 0.0.4. Reads every gauge, so it is not for event loops. */
    public String scrape() {
        StringBuilder page = new StringBuilder(jvm.scrape());
        sections.forEach(section -> page.append(section.get()));
        return page.toString();
    }

    @Override
    public void close() {
        sections.clear();
        jvm.close();
    }
}
