/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.KafkaDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own tool reads what our coordinators write as it reads its own. */
@Timeout(900)
class CoordinatorDumpTest {
    @TempDir
    Path dir;

    @Test
    void transactionsAndGroupsAreReadByKafkasDecoders() throws Exception {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 1);
            broker.produce("orders", 0, List.of("order"));
            commit(broker);
        }
        assertThat(KafkaDump.ofRecords(written("__transaction_state"), "--transaction-log-decoder"))
                .satisfies(KafkaDump::hasNoComplaint)
                .contains("\"transactionalId\":\"payments\"")
                .contains("\"transactionStatus\":0", "\"transactionStatus\":1", "\"transactionStatus\":2")
                .contains("\"transactionStatus\":4")
                .contains("\"topic\":\"orders\"", "\"topic\":\"__consumer_offsets\"")
                .doesNotContain("unknown");
        assertThat(KafkaDump.ofRecords(written("__consumer_offsets"), "--offsets-decoder"))
                .satisfies(KafkaDump::hasNoComplaint)
                .contains("\"group\":\"shipping\"", "\"protocolType\":\"consumer\"", "\"generation\":1")
                .contains("\"topic\":\"orders\"", "\"offset\":1", "\"metadata\":\"in a transaction\"")
                .contains("endTxnMarker: COMMIT")
                .doesNotContain("unknown");
    }

    private static void commit(TestBroker broker) {
        try (KafkaConsumer<String, String> consumer =
                broker.consumer("group.id", "shipping", "enable.auto.commit", "false")) {
            consumer.subscribe(List.of("orders"));
            int read = 0;
            while (read == 0) {
                read = consumer.poll(Duration.ofMillis(200)).count();
            }
            consumer.commitSync(Duration.ofMinutes(2));
            commitInATransaction(broker, consumer);
        }
    }

    private static void commitInATransaction(TestBroker broker, KafkaConsumer<String, String> consumer) {
        try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "payments")) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<?> ignored = producer.send(new ProducerRecord<>("orders", 0, "key", "value"));
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(1, "in a transaction")),
                    consumer.groupMetadata());
            producer.commitTransaction();
        }
    }

    /** The one partition of a coordinator's topic that holds anything. */
    private Path written(String topic) throws IOException {
        try (Stream<Path> all = Files.list(dir)) {
            List<Path> written = all.filter(
                            folder -> folder.getFileName().toString().startsWith(topic + "-"))
                    .filter(CoordinatorDumpTest::hasRecords)
                    .toList();
            assertThat(written).hasSize(1);
            return written.get(0);
        }
    }

    private static boolean hasRecords(Path folder) {
        return folder.resolve("00000000000000000000.log").toFile().length() > 0;
    }
}
