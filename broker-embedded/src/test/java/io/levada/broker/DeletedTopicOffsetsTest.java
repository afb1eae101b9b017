/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A topic that is made anew under a name inherits no committed offset: its first records would be passed over. */
@Timeout(600)
class DeletedTopicOffsetsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);

    @TempDir
    Path dir;

    @BeforeEach
    void aGroupHasReadTwoTopics() {
        try (TestBroker broker = TestBroker.in(dir);
                KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
            for (TopicPartition partition : List.of(ORDERS, PAYMENTS)) {
                broker.createTopic(partition.topic(), 1);
                broker.produce(partition.topic(), 0, List.of("a", "b", "c"));
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(2)));
            }
        }
    }

    @Test
    void offsetsGoWithTheirTopic() {
        try (TestBroker broker = TestBroker.in(dir);
                Admin admin = broker.admin()) {
            TestBroker.get(admin.deleteTopics(List.of("orders")).all());
            broker.createTopic("orders", 1);
            onlyOrdersAreForgotten(broker);
        }
    }

    @Test
    void offsetsOfATopicWhoseDeletionAStartFinishesGoToo() throws IOException {
        writeState("deleting"); // as a process leaves it that ends before the folders are gone
        try (TestBroker broker = TestBroker.in(dir)) {
            assertThat(dir.resolve("orders-0")).doesNotExist();
            broker.createTopic("orders", 1);
            onlyOrdersAreForgotten(broker);
        }
        try (TestBroker broker = TestBroker.in(dir)) {
            onlyOrdersAreForgotten(broker);
        }
    }

    @Test
    void offsetsOfATopicWhoseDeletionEndedWithTheProcessGoToo() throws IOException {
        remove(dir.resolve("orders-0"));
        Files.delete(dir.resolve("orders.topic"));
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 1);
            onlyOrdersAreForgotten(broker);
        }
    }

    @Test
    void offsetsOfADamagedTopicStay() throws IOException {
        Files.writeString(dir.resolve("orders.topic"), "partitions=none");
        remove(dir.resolve("payments-0"));
        try (TestBroker broker = TestBroker.in(dir);
                KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
            assertThat(dir.resolve("orders.topic.damaged")).exists();
            assertThat(consumer.committed(Set.of(ORDERS, PAYMENTS)))
                    .containsEntry(ORDERS, new OffsetAndMetadata(2))
                    .containsEntry(PAYMENTS, new OffsetAndMetadata(2));
        }
    }

    private static void onlyOrdersAreForgotten(TestBroker broker) {
        try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.of(ORDERS, PAYMENTS));
            assertThat(committed.get(ORDERS)).isNull();
            assertThat(committed.get(PAYMENTS)).isEqualTo(new OffsetAndMetadata(2));
        }
    }

    private void writeState(String state) throws IOException {
        Path file = dir.resolve("orders.topic");
        String before = Files.readString(file);
        String after = before.replace("state=live", "state=" + state);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(file, after);
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
