/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.plugins.PluginClose;
import io.levada.runtime.threads.ApartThreads;
import io.levada.runtime.threads.Uninterrupted;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsContext;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a reporter of a plugin on a thread of its own what becomes of the metrics: Kafka's registry tells under its lock, which the herder and all tasks need,
 * so one that hangs there would hang them all.
 *
 * <p>What it has not been told yet is kept as one change for each metric, and a metric that came and went meanwhile is never told. So there is no more of it
 * than there are metrics and metrics that it knows, however long it takes. One metric is told in the order of its changes, all of them in the order in which
 * they first changed. Any thread may call; {@link #changes} guards what is shared.
 */
final class ApartReporter implements MetricsReporter {
    /** How long the worker's start waits for the reporter, and how long one call may take before that is worth a line in the log. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(ApartReporter.class);

    private final MetricsReporter plugin;
    private final String className;
    private final Duration patience;
    private final Duration closeTimeMax;
    private final ExecutorService thread;
    private final Map<MetricName, Change> changes = new LinkedHashMap<>();
    /** Whether the thread goes on until there are no changes left. */
    private boolean telling;

    private boolean closed;
    private boolean lateTold;
    /** When the call that the thread is in began; empty while it is in none. */
    private @Nullable Long callSince;

    private long failures;

    /** What the reporter does not know of a metric: that the old one is gone, and after that that there is a new one. */
    private static final class Change {
        private @Nullable KafkaMetric gone;
        private @Nullable KafkaMetric there;
    }

    /** @param plugin configured already; throws no errors but exceptions only */
    ApartReporter(MetricsReporter plugin, Class<?> type) {
        this(plugin, type, PATIENCE, PluginClose.TIME_MAX);
    }

    ApartReporter(MetricsReporter plugin, Class<?> type, Duration patience, Duration closeTimeMax) {
        this.plugin = plugin;
        this.className = type.getName();
        this.patience = patience;
        this.closeTimeMax = closeTimeMax;
        this.thread = Executors.newSingleThreadExecutor(
                work -> ApartThreads.of("metrics-reporter-" + type.getSimpleName(), work));
    }

    @Override
    public void configure(Map<String, ?> configs) {
        plugin.configure(configs);
    }

    /** Fails if the reporter fails in time. */
    @Override
    public void contextChange(MetricsContext context) {
        atStart("contextChange()", () -> plugin.contextChange(context));
    }

    /** Fails if the reporter fails in time. */
    @Override
    public void init(List<KafkaMetric> metrics) {
        atStart("init()", () -> plugin.init(metrics));
    }

    private void atStart(String call, Runnable work) {
        try {
            await(thread.submit(() -> tell(work)), patience);
        } catch (TimeoutException e) {
            warnOfLate(call);
        }
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        synchronized (changes) {
            if (!closed) { // A plugin that was left behind may have metrics for longer.
                changes.computeIfAbsent(metric.metricName(), name -> new Change()).there = metric;
                tellSoon();
            }
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        synchronized (changes) {
            if (closed) {
                return;
            }
            Change change = changes.computeIfAbsent(metric.metricName(), name -> new Change());
            if (change.there == null) {
                change.gone = metric;
            } else {
                change.there = null;
                if (change.gone == null) {
                    changes.remove(metric.metricName());
                }
            }
            tellSoon();
        }
    }

    /** By the owner of {@link #changes}. */
    private void tellSoon() {
        if (isLate()) {
            warnOfLate("being told of a metric");
        }
        if (!telling && !changes.isEmpty()) {
            telling = true;
            thread.execute(this::tell);
        }
    }

    /** By the owner of {@link #changes}. */
    private boolean isLate() {
        Long since = callSince;
        return since != null && System.nanoTime() - since > patience.toNanos();
    }

    private void tell() {
        for (Change change = next(); change != null; change = next()) {
            KafkaMetric gone = change.gone;
            KafkaMetric there = change.there;
            if (gone != null) {
                tell(gone, () -> plugin.metricRemoval(gone));
            }
            if (there != null) {
                tell(there, () -> plugin.metricChange(there));
            }
        }
    }

    private @Nullable Change next() {
        synchronized (changes) {
            Iterator<Change> first = changes.values().iterator();
            telling = first.hasNext();
            if (!telling) {
                return null;
            }
            Change change = first.next();
            first.remove();
            return change;
        }
    }

    private void tell(KafkaMetric metric, Runnable call) {
        try {
            tell(call);
        } catch (RuntimeException e) {
            warnOfFailure(metric, e);
        }
    }

    private void tell(Runnable call) {
        try {
            inCall(System.nanoTime());
            call.run();
        } finally {
            inCall(null);
        }
    }

    private void inCall(@Nullable Long since) {
        synchronized (changes) {
            callSince = since;
        }
    }

    private void warnOfFailure(KafkaMetric metric, RuntimeException failure) {
        failures++; // Of the reporter's thread alone.
        if (Long.bitCount(failures) == 1) { // The first, and then ever more rarely.
            LOGGER.atWarn()
                    .addKeyValue("class", className)
                    .addKeyValue("metric", metric.metricName())
                    .addKeyValue("failures", failures)
                    .setCause(FailureText.tellable(failure))
                    .log("a metrics reporter failed when it was told of a metric");
        }
    }

    private void warnOfLate(String call) {
        synchronized (changes) {
            if (lateTold) {
                return;
            }
            lateTold = true;
        }
        LOGGER.atWarn()
                .addKeyValue("class", className)
                .log(
                        "a metrics reporter has not come back from {} for {} s: the worker goes on, and tells it what has changed when it does",
                        call,
                        patience.toSeconds());
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return plugin.reconfigurableConfigs();
    }

    @Override
    public void validateReconfiguration(Map<String, ?> configs) {
        plugin.validateReconfiguration(configs);
    }

    @Override
    public void reconfigure(Map<String, ?> configs) {
        plugin.reconfigure(configs);
    }

    /** The reporter is told what it does not know yet and closed, unless that takes too long or it hangs already: then it is interrupted and left behind. An interrupted thread waits too. */
    @Override
    public void close() {
        Future<?> done;
        boolean hangs;
        synchronized (changes) {
            if (closed) {
                return;
            }
            closed = true;
            hangs = isLate();
            done = thread.submit(plugin::close);
            thread.shutdown();
        }
        try {
            Object unused = Uninterrupted.get(done, hangs ? Duration.ZERO : closeTimeMax);
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (TimeoutException e) {
            LOGGER.atWarn()
                    .addKeyValue("class", className)
                    .log(
                            "a metrics reporter hangs, or did not close within {} s, and is left behind",
                            closeTimeMax.toSeconds());
        } finally {
            thread.shutdownNow();
        }
    }

    private static void await(Future<?> call, Duration timeMax) throws TimeoutException {
        try {
            call.get(timeMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException cause(ExecutionException failure) {
        return failure.getCause() instanceof RuntimeException cause ? cause : new ConnectException(failure.getCause());
    }
}
