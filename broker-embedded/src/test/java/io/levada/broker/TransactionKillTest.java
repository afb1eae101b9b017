/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed the moment a commit is answered: its markers may not be written yet, and it is committed all the same. */
@Timeout(900)
class TransactionKillTest {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 3;
    private static final int KILLS = 4;
    private static final int TRANSACTIONS = 5;

    @TempDir
    Path dir;

    @Test
    void everyAnsweredCommitIsThereOnceAndWhole() throws Exception {
        List<String> committed = new ArrayList<>();
        try (BrokerProcess broker = new BrokerProcess(dir, TestBroker.freePort())) {
            String address = broker.address();
            create(address);
            for (int kill = 0; kill < KILLS; kill++) {
                try (KafkaProducer<String, String> producer = producer(address)) {
                    producer.initTransactions();
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        String value = kill + "." + i;
                        producer.beginTransaction();
                        for (int partition = 0; partition < PARTITIONS; partition++) {
                            Future<?> ignored = producer.send(new ProducerRecord<>(TOPIC, partition, "k", value));
                        }
                        producer.commitTransaction();
                        committed.add(value);
                    }
                    broker.killAndStartAgain();
                }
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(read(address, partition, committed.size())).isEqualTo(committed);
            }
        }
    }

    private static Map<String, Object> config(String address) {
        return new HashMap<>(Map.of("bootstrap.servers", address));
    }

    private static void create(String address) {
        try (Admin admin = Admin.create(config(address))) {
            TestBroker.get(admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all());
        }
    }

    private static KafkaProducer<String, String> producer(String address) {
        Map<String, Object> config = config(address);
        config.put("transactional.id", "t");
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static List<String> read(String address, int partition, int count) {
        Map<String, Object> config = config(address);
        config.put("isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition at = new TopicPartition(TOPIC, partition);
            consumer.assign(List.of(at));
            consumer.seekToBeginning(List.of(at));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + 120_000_000_000L;
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(java.time.Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
