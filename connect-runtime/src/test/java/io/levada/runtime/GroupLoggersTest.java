/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.configtopic.LevelRequest;
import io.levada.runtime.logging.LogLevels;
import io.levada.runtime.logging.LogLevels.LoggerLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Levels of loggers that are meant for all workers of a group travel by the config topic (KIP-976). */
final class GroupLoggersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CONFIGS = "configs-of-loggers";
    private static final String ASKED = "test.group.asked";
    private static final String BY_HAND = "test.group.by.hand";
    private static final String LAST = "test.group.last";

    @TempDir
    Path dir;

    private static Optional<String> level(String logger) {
        return LogLevels.ofThisProcess().of(logger).map(LoggerLevel::level);
    }

    private static void write(RunningWorker worker, String key, String value) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", worker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            var unused = producer.send(new ProducerRecord<>(CONFIGS, key, value));
            producer.flush();
        }
    }

    @Test
    void aLevelIsWrittenAsKafkaConnectDoesAndReadWhoeverWroteItButNotAgainAtTheNextStart() {
        try (RunningWorker worker = new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        dir.resolve("data").toString()),
                Map.of("config.storage.topic", CONFIGS))) {
            RunningWorker.get(worker.herder().setLevel(new LevelRequest(ASKED, "DEBUG")));

            assertThat(level(ASKED)).hasValue("DEBUG");
            assertThat(worker.records(CONFIGS, 1).stream()
                            .map(record -> record.key() + "=" + new String(record.value(), UTF_8)))
                    .contains("logger-cluster-" + ASKED + "={\"level\":\"DEBUG\"}");

            write(worker, "logger-cluster-" + BY_HAND, "{\"level\":\"LOUD\"}");
            write(worker, "logger-cluster-" + BY_HAND, "{\"level\":\"TRACE\"}");
            await().atMost(PATIENCE).until(() -> level(BY_HAND).equals(Optional.of("TRACE")));

            List<String> unused = LogLevels.ofThisProcess().set(BY_HAND, "ERROR");
            worker.restart();
            write(worker, "logger-cluster-" + LAST, "{\"level\":\"DEBUG\"}"); // Whatever is read has been read then.
            await().atMost(PATIENCE).until(() -> level(LAST).equals(Optional.of("DEBUG")));
            assertThat(level(BY_HAND)).as("history").hasValue("ERROR");
        }
    }
}
