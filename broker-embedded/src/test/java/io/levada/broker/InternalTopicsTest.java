/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.failure;
import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker's own topics: who may write there, and what a start makes of records that should not be in them. */
@Timeout(120)
class InternalTopicsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition OFFSETS = new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, 0);

    @TempDir
    Path dir;

    @Test
    void clientsCannotWriteToTheOffsetsTopic() {
        try (TestBroker broker = start();
                KafkaProducer<String, String> producer = broker.producer()) {
            commit(broker, 7);
            assertThat(failure(producer.send(new ProducerRecord<>(OFFSETS.topic(), 0, "k", "v"))))
                    .isInstanceOf(InvalidTopicException.class)
                    .hasMessageContaining(OFFSETS.topic());
        }
        try (TestBroker broker = start()) {
            assertThat(committed(broker)).isEqualTo(7);
        }
    }

    @Test
    void recordsThatNobodyUnderstandsAreKeptAndDoNotStopAStart() {
        try (TestBroker broker = start()) {
            commit(broker, 7);
        }
        writeBehindTheBrokersBack(
                new SimpleRecord(bytes("k"), bytes("v")), // shorter than a key's type
                new SimpleRecord(null, bytes("no key")),
                new SimpleRecord(new byte[] {0, 1, 127, 127}, bytes("a group's name longer than the key")),
                new SimpleRecord(new byte[] {0, 2, 0, 1, 'g'}, new byte[] {0, 99, 1}), // a version yet to come
                new SimpleRecord(new byte[] {0, 2, 0, 1, 'g'}, new byte[] {0, 3, 1})); // cut short
        long end;
        try (TestBroker broker = start()) {
            assertThat(committed(broker)).isEqualTo(7);
            commit(broker, 9);
            end = endOf(broker);
        }
        try (TestBroker broker = start()) {
            assertThat(committed(broker)).isEqualTo(9);
            assertThat(endOf(broker)).isGreaterThanOrEqualTo(end);
        }
    }

    @Test
    void theirRecordsCannotBeDeletedByOffset() {
        try (TestBroker broker = start();
                Admin admin = broker.admin()) {
            commit(broker, 7);
            assertThat(failure(admin.deleteRecords(Map.of(OFFSETS, RecordsToDelete.beforeOffset(1)))
                            .all()))
                    .isInstanceOf(InvalidTopicException.class);
        }
    }

    @BeforeEach
    void aTopicToCommitOffsetsOf() {
        try (TestBroker broker = start()) {
            broker.createTopic(ORDERS.topic(), 1);
        }
    }

    private TestBroker start() {
        return TestBroker.in(dir, "broker.offsets.topic.num.partitions", "1");
    }

    private static void commit(TestBroker broker, long offset) {
        try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
            consumer.commitSync(Map.of(ORDERS, new OffsetAndMetadata(offset)));
        }
    }

    private static long committed(TestBroker broker) {
        try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
            return Objects.requireNonNull(consumer.committed(Set.of(ORDERS)).get(ORDERS))
                    .offset();
        }
    }

    private static long endOf(TestBroker broker) {
        try (Admin admin = broker.admin()) {
            return get(admin.listOffsets(Map.of(OFFSETS, OffsetSpec.latest())).partitionResult(OFFSETS))
                    .offset();
        }
    }

    private void writeBehindTheBrokersBack(SimpleRecord... records) {
        try (LogDirectory logs = LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.OS, InstantSource.system())) {
            for (SimpleRecord record : records) {
                logs.log(OFFSETS).orElseThrow().append(MemoryRecords.withRecords(Compression.NONE, record));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
