/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connectors.RecordingSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a transaction that was aborted comes to sinks of the broker inside. */
final class SinkIsolationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void whatWasAbortedComesOnlyToASinkThatAsksForIt(@TempDir Path folder) {
        try (RunningWorker worker = new RunningWorker(
                        Map.of("data.dir", folder.toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                        Map.of());
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", worker.bootstrapServers(), "transactional.id", "t"),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "aborted");
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "committed");
            producer.commitTransaction();

            worker.create("isolated-all", config("consumer.override.isolation.level", "read_uncommitted"));
            worker.create("isolated", config());

            await().atMost(PATIENCE)
                    .until(() -> RecordingSink.values("isolated-all"), List.of("aborted", "committed")::equals);
            await().atMost(PATIENCE)
                    .until(() -> !RecordingSink.values("isolated").isEmpty());
            assertThat(RecordingSink.values("isolated")).containsExactly("committed");
        }
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        var unused = producer.send(new ProducerRecord<>("isolation", value));
    }

    private static Map<String, String> config(String... more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", RecordingSink.class.getName(),
                "topics", "isolation",
                "value.converter", "org.apache.kafka.connect.storage.StringConverter"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }
}
