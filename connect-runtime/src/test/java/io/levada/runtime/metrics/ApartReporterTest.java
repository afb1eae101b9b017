/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsContext;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ApartReporterTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);

    @AfterEach
    void release() {
        leave.countDown();
    }

    /** Hangs in one of its calls, or fails there. */
    private class Plugin implements MetricsReporter {
        private final String hangsIn;
        private final @Nullable RuntimeException failure;

        private Plugin(String hangsIn, @Nullable RuntimeException failure) {
            this.hangsIn = hangsIn;
            this.failure = failure;
        }

        @Override
        public void contextChange(MetricsContext context) {
            call("contextChange");
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            call("init");
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            call("+" + metric.metricName().name());
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            call("-" + metric.metricName().name());
        }

        @Override
        public void close() {
            call("close");
        }

        private void call(String name) {
            if (name.equals("+count")) {
                return; // Kafka counts its own metrics.
            }
            if (name.equals(hangsIn)) {
                entered.countDown();
                if (failure != null) {
                    throw failure;
                }
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    told.add("interrupted");
                    return;
                }
            }
            told.add(name);
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    private static Metrics with(MetricsReporter reporter) {
        return new Metrics(new MetricConfig(), new ArrayList<>(List.of(reporter)), Time.SYSTEM);
    }

    private static ApartReporter patient(MetricsReporter plugin) {
        return new ApartReporter(plugin, plugin.getClass(), LONG, LONG);
    }

    private static void add(Metrics metrics, String name) {
        metrics.addMetric(named(name), (config, now) -> 1);
    }

    private static MetricName named(String name) {
        return new MetricName(name, "g", "", Map.of());
    }

    @Test
    void oneIsToldInOrderAndClosedWhenItKnowsAll() {
        try (Metrics metrics = with(patient(new Plugin("nowhere", null)))) {
            add(metrics, "a");
            await().atMost(LONG).until(() -> told.contains("+a"));
            metrics.removeMetric(named("a"));
            add(metrics, "b");
            add(metrics, "a");
        }

        assertThat(told)
                .startsWith("contextChange", "init", "+a")
                .endsWith("close")
                .contains("+b");
        assertThat(told.subList(3, told.size())).containsSubsequence("-a", "+a");
    }

    @Test
    void whileOneHangsNobodyWaitsAndItIsToldOnlyWhatIsNewToIt() throws Exception {
        try (Metrics metrics = with(patient(new Plugin("+slow", null)))) {
            add(metrics, "known");
            await().atMost(LONG).until(() -> told.contains("+known"));
            add(metrics, "slow");
            assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 1_000; i++) {
                add(metrics, "came and went");
                metrics.removeMetric(named("came and went"));
            }
            add(metrics, "late");
            metrics.removeMetric(named("known"));
            add(metrics, "known");
            metrics.removeMetric(named("slow"));
            leave.countDown();
        }

        assertThat(told)
                .containsExactly(
                        "contextChange", "init", "+known", "+slow", "+late", "-known", "+known", "-slow", "close");
    }

    @Test
    void oneThatFailsAtStartSaysWhy() {
        for (String call : List.of("contextChange", "init")) {
            ApartReporter reporter = patient(new Plugin(call, new IllegalStateException("no " + call)));

            assertThatThrownBy(() -> with(reporter))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no " + call);
            reporter.close();
        }
    }

    @Test
    void oneThatFailsWhenItIsToldIsToldTheNextAllTheSame() {
        try (Metrics metrics = with(patient(new Plugin("+bad", new IllegalStateException("on purpose"))))) {
            add(metrics, "bad");
            add(metrics, "good");
        }

        assertThat(told).containsExactly("contextChange", "init", "+good", "close");
    }

    @Test
    void oneThatHangsAtStartHoldsItUpForATimeAndIsToldLater() {
        Metrics metrics = with(new ApartReporter(new Plugin("init", null), Plugin.class, SHORT, LONG));
        add(metrics, "a");
        assertThat(told).containsExactly("contextChange");

        leave.countDown();

        await().atMost(LONG).until(() -> told.contains("+a"));
        assertThat(told).containsExactly("contextChange", "init", "+a");
        metrics.close();
        assertThat(told).endsWith("close");
    }

    @Test
    void oneThatDoesNotCloseIsInterruptedAndLeftBehind() {
        Metrics metrics = with(new ApartReporter(new Plugin("close", null), Plugin.class, LONG, SHORT));

        metrics.close();

        await().atMost(LONG).until(() -> told.contains("interrupted"));
        add(metrics, "of a plugin that was left behind");
        metrics.removeMetric(named("of a plugin that was left behind"));
        assertThat(told).containsExactly("contextChange", "init", "interrupted");
    }

    @Test
    void oneIsClosedInItsTimeOnAThreadThatIsInterruptedToo() {
        Thread closing = Thread.currentThread();
        ApartReporter reporter = patient(new Plugin("nowhere", null) {
            @Override
            public void close() {
                await().atMost(LONG).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
                super.close();
            }
        });
        closing.interrupt();

        reporter.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(told).containsExactly("close");
    }

    @Test
    void oneThatHangsForLongIsNotWaitedForWhenItIsClosed() throws Exception {
        Metrics metrics = with(new ApartReporter(new Plugin("+slow", null), Plugin.class, Duration.ZERO, LONG));
        add(metrics, "slow");
        assertThat(entered.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        metrics.close();

        await().atMost(LONG).until(() -> told.contains("interrupted"));
    }
}
