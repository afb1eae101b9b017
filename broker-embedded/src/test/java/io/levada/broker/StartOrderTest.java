/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.thread.Threads;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retention and compaction, which here do at once what they would do some seconds after a start, know the topics' own settings by then. */
@Timeout(600)
class StartOrderTest {
    private static final long LONG_AGO_MS = 1000;
    private static final int RECORDS = 20;

    @TempDir
    Path dir;

    @Test
    void retentionBeginsUnderTheSettingsOfTheTopics() {
        try (TestBroker broker = TestBroker.in(dir)) {
            fill(broker, "kept", Map.of("retention.ms", "-1"), LONG_AGO_MS);
            fill(broker, "expired", Map.of(), LONG_AGO_MS);
        }
        startInHaste();
        assertThat(logStart("kept")).isZero();
        assertThat(logStart("expired")).as("there was a pass").isEqualTo(RECORDS);
    }

    @Test
    void compactionBeginsUnderTheSettingsOfTheTopics() {
        Map<String, String> compacted = Map.of("cleanup.policy", "compact", "segment.bytes", "1024");
        Map<String, String> later = Map.of(
                "cleanup.policy", "compact", "segment.bytes", "1024", "min.compaction.lag.ms", "" + Long.MAX_VALUE);
        long nowMs = InstantSource.system().millis();
        try (TestBroker broker = TestBroker.in(dir, "broker.log.cleaner.enable", "false")) {
            fill(broker, "whole", later, nowMs);
            fill(broker, "compacted", compacted, nowMs);
        }
        startInHaste();
        try (TestBroker broker = TestBroker.in(dir, "broker.log.cleaner.enable", "false")) {
            assertThat(broker.read("whole", 0, RECORDS)).hasSize(RECORDS);
            // The last record is in the active segment, which is never compacted.
            assertThat(broker.read("compacted", 0, 1))
                    .as("there was a pass")
                    .first()
                    .isNotEqualTo(value(0));
        }
    }

    private static void fill(TestBroker broker, String topic, Map<String, String> settings, long timestampMs) {
        try (Admin admin = broker.admin();
                KafkaProducer<String, String> producer = broker.producer()) {
            TestBroker.get(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                    .all());
            for (int i = 0; i < RECORDS; i++) {
                // One by one, as a batch lies in one segment.
                TestBroker.get(producer.send(new ProducerRecord<>(topic, 0, timestampMs, "key", value(i))));
            }
        }
    }

    private static String value(int number) {
        return number + "x".repeat(200);
    }

    private void startInHaste() {
        BrokerConfig config =
                BrokerConfig.from(Map.of("broker.listeners", "PLAINTEXT://127.0.0.1:0", "data.dir", dir.toString()));
        try (BrokerCore started = new BrokerCore(config, new Haste(), InstantSource.system())) {
            assertThat(started.apis()).isNotNull();
        }
    }

    private long logStart(String topic) {
        try (LogDirectory logs =
                LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system())) {
            return logs.log(new TopicPartition(topic, 0)).orElseThrow().logStartOffset();
        }
    }

    /** Threads of which those of retention and compaction wait for nothing. */
    private static final class Haste implements Threads {
        private final Threads others = Threads.ofSystem();

        @Override
        public ExecutorService single(String name) {
            return others.single(name);
        }

        @Override
        public ExecutorService pool(String name, int size) {
            return others.pool(name, size);
        }

        @Override
        public ScheduledExecutorService scheduler(String name) {
            return name.startsWith("levada-log-retention") || name.startsWith("levada-log-cleaner")
                    ? new AtOnce()
                    : others.scheduler(name);
        }
    }

    /** Runs what is to be repeated once before it is asked to wait, and what is due now, on the caller's thread. */
    private static final class AtOnce extends ScheduledThreadPoolExecutor {
        AtOnce() {
            super(1);
            setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (delay == 0) {
                task.run();
                return super.schedule(() -> {}, 1, TimeUnit.HOURS);
            }
            return super.schedule(task, delay, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            task.run();
            return super.scheduleWithFixedDelay(task, first, delay, unit);
        }
    }
}
