/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.herder.PutResult;
import io.levada.runtime.logging.LoggedLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction of somebody else that is left open in the config topic, behind which nothing can be read. */
final class HeldUpConfigsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void itIsToldByHealthAndLogAndEndsWithTheTransaction(@TempDir Path folder) throws Exception {
        try (RunningWorker worker = new RunningWorker(
                        Map.of("data.dir", folder.toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                        Map.of());
                LoggedLines log = LoggedLines.warningsOf("io.levada.runtime.topics.TopicReader");
                KafkaProducer<byte[], byte[]> stranger = stranger(worker)) {
            stranger.initTransactions();
            stranger.beginTransaction();
            long offset = stranger.send(new ProducerRecord<>("connect-configs", 0, "foreign".getBytes(UTF_8), null))
                    .get()
                    .offset();

            CompletableFuture<PutResult> changed = worker.herder()
                    .putConfig(
                            new ConnectorName("c"),
                            Map.of(
                                    "name", "c",
                                    "connector.class", CountingSource.class.getName(),
                                    "topic", "out",
                                    "count", "3"))
                    .toCompletableFuture();

            String trouble = await().atMost(PATIENCE).until(() -> health(worker), said -> !said.isEmpty());
            assertThat(trouble)
                    .contains("Topic connect-configs cannot be read beyond offset " + offset + " of partition 0")
                    .contains("transaction.timeout.ms")
                    .contains(
                            "kafka-transactions.sh --bootstrap-server ADDRESS abort --topic connect-configs --partition 0 --start-offset "
                                    + offset);
            assertThat(changed).isNotDone();
            assertThat(log.texts())
                    .filteredOn(line -> line.contains("a transaction is open"))
                    .hasSize(1);

            stranger.abortTransaction();
            assertThat(changed).succeedsWithin(PATIENCE);
            await().atMost(PATIENCE).until(() -> health(worker).isEmpty());
        }
    }

    private static KafkaProducer<byte[], byte[]> stranger(RunningWorker worker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", worker.bootstrapServers(),
                        "transactional.id", "stranger",
                        "transaction.timeout.ms", "600000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What is wrong; empty if nothing is. */
    private static String health(RunningWorker worker) {
        return worker.herder()
                .health()
                .handle((fine, failure) -> failure == null ? "" : String.valueOf(failure))
                .toCompletableFuture()
                .join();
    }
}
