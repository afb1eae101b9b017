/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.failure;
import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a damaged partition, as its clients see it: that partition has no leader, as with a failed disk of a Kafka broker; the rest serves. */
@Timeout(300)
class OfflinePartitionTest {
    private static final TopicPartition DAMAGED = new TopicPartition("orders", 0);

    @TempDir
    Path dir;

    @BeforeEach
    void aDamagedPartition() throws IOException {
        try (TestBroker broker = start()) {
            broker.createTopic("orders", 2);
            broker.produce("orders", 0, List.of("a", "b", "c"));
            broker.produce("orders", 1, List.of("d"));
            try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                consumer.commitSync(Map.of(DAMAGED, new OffsetAndMetadata(2)));
            }
        }
        damage("orders-0");
    }

    @Test
    void metadataSaysThatItHasNoLeader() {
        try (TestBroker broker = start();
                Admin admin = broker.admin()) {
            List<TopicPartitionInfo> partitions = get(admin.describeTopics(Set.of("orders"))
                            .topicNameValues()
                            .get("orders"))
                    .partitions();
            assertThat(partitions.get(0).leader()).isNull();
            assertThat(partitions.get(1).leader()).isNotNull();
        }
    }

    @Test
    void theOtherPartitionServesAndThisOneRefuses() {
        try (TestBroker broker = start();
                Admin admin = broker.admin();
                KafkaProducer<String, String> producer = broker.producer(
                        "max.block.ms", "3000", "delivery.timeout.ms", "3000", "request.timeout.ms", "1000")) {
            broker.produce("orders", 1, List.of("e"));
            assertThat(broker.read("orders", 1, 2)).containsExactly("d", "e");
            assertThat(failure(producer.send(new ProducerRecord<>("orders", 0, null, "lost"))))
                    .isInstanceOf(TimeoutException.class);
            assertThat(failure(admin.listOffsets(
                                    Map.of(DAMAGED, OffsetSpec.latest()),
                                    new org.apache.kafka.clients.admin.ListOffsetsOptions().timeoutMs(2000))
                            .all()))
                    .isInstanceOf(RetriableException.class);
            assertThat(failure(admin.deleteRecords(
                                    Map.of(DAMAGED, RecordsToDelete.beforeOffset(1)),
                                    new org.apache.kafka.clients.admin.DeleteRecordsOptions().timeoutMs(2000))
                            .all()))
                    .isInstanceOf(RetriableException.class);
            try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                assertThat(consumer.committed(Set.of(DAMAGED)).get(DAMAGED)).isNotNull();
            }
        }
    }

    @Test
    void itsTopicCanBeDeletedAndMadeAgain() {
        try (TestBroker broker = start();
                Admin admin = broker.admin()) {
            get(admin.deleteTopics(Set.of("orders")).all());
            assertThat(dir.resolve("orders-0")).doesNotExist();
            broker.createTopic("orders", 1);
            broker.produce("orders", 0, List.of("new"));
            assertThat(broker.read("orders", 0, 1)).containsExactly("new");
        }
    }

    @Test
    void aDamagedOffsetsPartitionKeepsItsGroupsWithoutACoordinatorAndNothingElse() throws IOException {
        damage("__consumer_offsets-0");
        try (TestBroker broker = start();
                KafkaConsumer<String, String> consumer =
                        broker.consumer("group.id", "g", "default.api.timeout.ms", "3000")) {
            broker.produce("orders", 1, List.of("e"));
            assertThat(broker.read("orders", 1, 2)).containsExactly("d", "e");
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> consumer.commitSync(Map.of(DAMAGED, new OffsetAndMetadata(3)), Duration.ofSeconds(3)))
                    .isInstanceOf(RetriableException.class);
        }
    }

    private TestBroker start() {
        return TestBroker.in(dir, "broker.offsets.topic.num.partitions", "1");
    }

    /** Takes the last byte of a log that was closed in order. */
    private void damage(String folder) throws IOException {
        Path log = dir.resolve(folder).resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    }
}
