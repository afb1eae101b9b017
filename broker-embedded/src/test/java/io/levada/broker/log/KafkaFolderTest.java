/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.producers.ProducerDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Kafka's data directory opens here with all its records, and Kafka goes on where we stopped. */
@Timeout(600)
class KafkaFolderTest {
    @TempDir
    Path dir;

    @Test
    void recordsGoFromKafkaToUsAndBack() throws Exception {
        List<String> fromKafka =
                IntStream.range(0, 200).mapToObj(i -> "kafka " + i).toList();
        KafkaNode kafka = KafkaNode.formatted(dir);
        kafka.running(bootstrap -> {
            produce(bootstrap, fromKafka, "none");
            produce(bootstrap, fromKafka, "zstd");
        });

        List<String> all = new ArrayList<>(fromKafka);
        all.addAll(fromKafka);
        try (LogDirectory directory =
                LogDirectory.open(kafka.data(), LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system())) {
            assertThat(directory.clusterId()).isEqualTo(KafkaNode.CLUSTER_ID);
            PartitionLog log = directory.log(LogFixture.ORDERS).orElseThrow();
            assertThat(LogFixture.values(log)).isEqualTo(all);
            log.append(Batches.at(System.currentTimeMillis(), "from us"));
            all.add("from us");
        }

        kafka.running(bootstrap -> assertThat(consume(bootstrap, all.size())).isEqualTo(all));
    }

    @Test
    void transactionsOfKafkaAreKnownHere() throws Exception {
        KafkaNode kafka = KafkaNode.formatted(dir);
        kafka.running(client -> {
            produce(client, List.of("plain"), "none");
            transactions(client);
        });
        try (LogDirectory directory =
                LogDirectory.open(kafka.data(), LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system())) {
            PartitionLog log = directory.log(LogFixture.ORDERS).orElseThrow();
            assertThat(LogFixture.values(log)).containsExactly("plain", "aborted", "committed", "open");
            assertThat(LogFixture.committed(log, 10_000)).containsExactly("plain", "committed");
            assertThat(log.lastStableOffset()).isEqualTo(log.highWatermark() - 1);
            ProducerDescription producer = log.producers().stream()
                    .filter(each -> each.openTransactionOffset() >= 0)
                    .findFirst()
                    .orElseThrow();
            assertThat(producer.openTransactionOffset()).isEqualTo(log.lastStableOffset());
            log.endTransaction(
                    producer.producerId(),
                    producer.producerEpoch(),
                    producer.coordinatorEpoch(),
                    TransactionResult.COMMIT);
            log.durable(log.logEndOffset()).get(120, TimeUnit.SECONDS);
            assertThat(LogFixture.committed(log, 10_000)).containsExactly("plain", "committed", "open");
        }
    }

    /** One that is aborted, one that is committed, and one that Kafka's stop finds open. */
    private static void transactions(Map<String, Object> client) throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                client.get("bootstrap.servers"),
                "transactional.id",
                "me",
                "transaction.timeout.ms",
                "900000");
        var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        try {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "aborted")).get(120, TimeUnit.SECONDS);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "committed")).get(120, TimeUnit.SECONDS);
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "open")).get(120, TimeUnit.SECONDS);
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    private static void produce(Map<String, Object> client, List<String> values, String codec) throws Exception {
        try (Admin admin = Admin.create(client)) {
            if (!admin.listTopics().names().get(120, TimeUnit.SECONDS).contains("orders")) {
                admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                        .all()
                        .get(120, TimeUnit.SECONDS);
            }
        }
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                client.get("bootstrap.servers"),
                "compression.type",
                codec,
                "linger.ms",
                "1",
                "batch.size",
                "500");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            values.forEach(value -> sent.add(producer.send(new ProducerRecord<>("orders", value))));
            for (Future<?> each : sent) {
                each.get(120, TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(Map<String, Object> client, int enough) {
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(LogFixture.ORDERS));
            consumer.seekToBeginning(List.of(LogFixture.ORDERS));
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(found -> values.add(found.value()));
                return values.size() >= enough;
            });
        }
        return values;
    }
}
