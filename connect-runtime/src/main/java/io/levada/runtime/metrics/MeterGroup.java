/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Frequencies;
import org.apache.kafka.common.metrics.stats.Max;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one thing (a task, a connector, the worker), which leave together. Guarded: a plugin that was left behind may still ask for
 * metrics of its life when they are gone, and then gets none.
 */
final class MeterGroup implements AutoCloseable {
    private final Metrics metrics;
    private final Map<String, String> tags;
    private final Set<MetricName> names = new LinkedHashSet<>();
    private final Set<String> sensors = new LinkedHashSet<>();
    private boolean closed;

    /** @param namesAndValues of the tags, in turn; a metric takes those that its group has */
    MeterGroup(Metrics metrics, String... namesAndValues) {
        this.metrics = metrics;
        this.tags = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            tags.put(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /** A word that does not change; null if there is none. */
    void text(ConnectMetric metric, @Nullable String value) {
        text(metric, () -> value);
    }

    /** A word, asked for whenever somebody looks. */
    void text(ConnectMetric metric, Supplier<? extends @Nullable String> value) {
        add(metric, () -> metrics.addMetric(name(metric), (Gauge<@Nullable String>) (config, now) -> value.get()));
    }

    /** A whole number, which JMX shows as a long. */
    void whole(ConnectMetric metric, Supplier<Long> value) {
        add(metric, () -> metrics.addMetric(name(metric), (Gauge<Long>) (config, now) -> value.get()));
    }

    /** A number. */
    void number(ConnectMetric metric, DoubleSupplier value) {
        measured(metric, (config, now) -> value.getAsDouble());
    }

    /** A number that depends on the time. */
    void measured(ConnectMetric metric, Measurable value) {
        add(metric, () -> metrics.addMetric(name(metric), value));
    }

    /** A count that only rises. */
    Tally total(ConnectMetric total) {
        Tally tally = new Tally();
        number(total, tally::total);
        return tally;
    }

    /** A count that only rises, and how much it does in a second. */
    Tally total(ConnectMetric total, ConnectMetric perSecond) {
        Tally tally = total(total);
        measured(perSecond, tally::perSecond);
        return tally;
    }

    /** The largest and the mean of what is recorded. */
    Sensor spread(ConnectMetric max, ConnectMetric avg) {
        Sensor sensor = sensor(max);
        on(sensor, max, new Max());
        on(sensor, avg, new Avg());
        return sensor;
    }

    /** One more thing that is worked out of what a sensor records. */
    void on(Sensor sensor, ConnectMetric metric, MeasurableStat stat) {
        add(metric, () -> sensor.add(name(metric), stat));
    }

    /** Shares of the ones and the zeros that are recorded. */
    Sensor outcomes(ConnectMetric successes, ConnectMetric failures) {
        Sensor sensor = sensor(successes);
        add(successes, () -> sensor.add(Frequencies.forBooleanValues(name(failures), name(successes))));
        return sensor;
    }

    /** What records values for metrics of this group; shown by nobody if the group is closed. */
    synchronized Sensor sensor(ConnectMetric first) {
        // Names of sensors are global: tags and metric tell them apart, and those of plugins have no such beginning.
        String name = "worker: " + tags + ' ' + first;
        if (closed) {
            return new Metrics().sensor(name);
        }
        sensors.add(name);
        return metrics.sensor(name);
    }

    MetricName name(ConnectMetric metric) {
        Map<String, String> own = new LinkedHashMap<>();
        metric.group().tags().forEach(tag -> own.put(tag, tags.getOrDefault(tag, "")));
        return metrics.metricName(metric.metricName(), metric.group().type(), metric.description(), own);
    }

    private synchronized void add(ConnectMetric metric, Runnable registration) {
        if (!closed && names.add(name(metric))) {
            registration.run();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        sensors.forEach(metrics::removeSensor);
        sensors.clear();
        List.copyOf(names).forEach(metrics::removeMetric);
        names.clear();
    }
}
