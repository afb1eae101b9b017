/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class RecordsTest {
    @TempDir
    Path dir;

    @Test
    void whatIsProducedIsConsumedInOrder() {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 2);
            List<String> values =
                    IntStream.range(0, 1000).mapToObj(i -> "order " + i).toList();
            broker.produce("orders", 1, values);
            assertThat(broker.read("orders", 1, values.size())).isEqualTo(values);
        }
    }

    @Test
    void recordsAndTopicsSurviveARestart() {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 3);
            broker.produce("orders", 2, List.of("a", "b"));
        }
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.produce("orders", 2, List.of("c"));
            assertThat(broker.read("orders", 2, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void idempotentProducerWritesOnceAndInOrderOverBrokenConnections() throws Exception {
        int port = TestBroker.freePort();
        try (TestBroker broker = TestBroker.in(dir, "broker.advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
                Wire wire = new Wire(port, broker.port())) {
            List<String> values =
                    IntStream.range(0, 3000).mapToObj(i -> "order " + i).toList();
            try (KafkaProducer<String, String> producer = broker.producer(
                    "linger.ms", "0", "batch.size", "200", "reconnect.backoff.ms", "1", "retry.backoff.ms", "1")) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < values.size(); i++) {
                    sent.add(producer.send(new ProducerRecord<>("orders", 0, null, values.get(i))));
                    if (i % 500 == 250) {
                        TestBroker.get(sent.get(i - 200));
                        wire.cut();
                    }
                }
                sent.forEach(TestBroker::get);
            }
            assertThat(broker.read("orders", 0, values.size())).isEqualTo(values);
        }
    }

    /** A power cut takes the last record back, another gets its offset: who has read the first must not go on behind the second. */
    @Test
    void consumerNoticesThatWhatItReadWasTakenBack() throws Exception {
        TopicPartition partition = new TopicPartition("orders", 0);
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 1);
            for (String value : List.of("a", "b", "c")) {
                broker.produce("orders", 0, List.of(value));
            }
            try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3, Optional.of(0), "")));
            }
        }
        cutTheLastByte(dir);
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.produce("orders", 0, List.of("another", "and one more"));
            try (KafkaConsumer<String, String> consumer =
                    broker.consumer("group.id", "g", "auto.offset.reset", "none")) {
                consumer.assign(List.of(partition));
                assertThatThrownBy(() -> {
                            while (true) {
                                assertThat(consumer.poll(Duration.ofSeconds(1))).isEmpty();
                            }
                        })
                        .isInstanceOfSatisfying(
                                LogTruncationException.class,
                                e -> assertThat(e.divergentOffsets())
                                        .containsEntry(partition, new OffsetAndMetadata(2, Optional.of(0), "")));
            }
        }
    }

    private static void cutTheLastByte(Path dir) throws IOException {
        Files.delete(dir.resolve(".kafka_cleanshutdown"));
        Files.delete(dir.resolve("recovery-point-offset-checkpoint"));
        try (FileChannel file = FileChannel.open(
                dir.resolve("orders-0").resolve("00000000000000000000.log"), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }
    }

    @Test
    void longPollWakesUpWhenARecordArrives() throws Exception {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 1);
            try (KafkaConsumer<String, String> consumer = broker.consumer("fetch.max.wait.ms", "25000")) {
                consumer.assign(List.of(new TopicPartition("orders", 0)));
                CompletableFuture<Void> later = CompletableFuture.runAsync(
                        () -> broker.produce("orders", 0, List.of("wake up")),
                        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
                assertThat(consumer.poll(Duration.ofSeconds(20))).hasSize(1);
                later.get(120, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void topicIsMadeOnFirstUseUnlessSwitchedOff() {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.produce("made-on-the-way", 0, List.of("a"));
            assertThat(broker.read("made-on-the-way", 0, 1)).containsExactly("a");
        }
        try (TestBroker broker = TestBroker.in(dir, "broker.auto.create.topics.enable", "false");
                KafkaProducer<String, String> producer = broker.producer("max.block.ms", "500")) {
            assertThat(TestBroker.failure(producer.send(new ProducerRecord<>("not-made", "a"))))
                    .hasMessageContaining("not-made");
        }
    }

    @Test
    void recordsLargerThanTheTopicAllowsAreRefused() {
        try (TestBroker broker = TestBroker.in(dir, "broker.message.max.bytes", "1000");
                KafkaProducer<String, String> producer = broker.producer()) {
            assertThat(TestBroker.failure(producer.send(new ProducerRecord<>("orders", "x".repeat(2000)))))
                    .isInstanceOf(RecordTooLargeException.class);
        }
    }

    /** KIP-467: who sent a batch learns which of its records are to blame. */
    @Test
    void recordsThatAreToBlameForARefusalAreNamed() throws IOException {
        try (TestBroker broker = TestBroker.in(dir, "broker.log.cleanup.policy", "compact");
                RawClient client = new RawClient(broker.port())) {
            broker.createTopic("prices", 1);
            MemoryRecords records =
                    MemoryRecords.withRecords(Compression.NONE, keyed("a"), unkeyed("b"), keyed("c"), unkeyed("d"));
            ProduceRequestData request =
                    new ProduceRequestData().setAcks((short) -1).setTimeoutMs(60_000);
            request.topicData()
                    .add(new TopicProduceData()
                            .setName("prices")
                            .setPartitionData(List.of(
                                    new PartitionProduceData().setIndex(0).setRecords(records))));
            ProduceResponse answer = (ProduceResponse) client.ask(ApiKeys.PRODUCE, (short) 12, request);
            PartitionProduceResponse refused = answer.data()
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0);
            assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.INVALID_RECORD);
            assertThat(refused.errorMessage()).startsWith("2 of the 4 records of a batch for prices-0 are refused");
            assertThat(refused.recordErrors())
                    .extracting(BatchIndexAndErrorMessage::batchIndex)
                    .containsExactly(1, 3);
            assertThat(refused.recordErrors())
                    .extracting(BatchIndexAndErrorMessage::batchIndexErrorMessage)
                    .containsOnly("it has no key, which a compacted topic needs");
        }
    }

    private static SimpleRecord keyed(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new SimpleRecord(System.currentTimeMillis(), bytes, bytes);
    }

    private static SimpleRecord unkeyed(String value) {
        return new SimpleRecord(System.currentTimeMillis(), value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyCompressionAndAcknowledgementIsServed() {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 1);
            List<String> values = new ArrayList<>();
            for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                for (String acks : List.of("0", "1", "all")) {
                    String value = compression + " " + acks;
                    try (KafkaProducer<String, String> producer = broker.producer(
                            "compression.type", compression, "acks", acks, "enable.idempotence", "false")) {
                        TestBroker.get(producer.send(new ProducerRecord<>("orders", 0, null, value)));
                    }
                    values.add(value);
                }
            }
            assertThat(broker.read("orders", 0, values.size())).isEqualTo(values);
        }
    }

    /** The high watermark is what has been forced to disk: an acknowledgement by all must never be ahead of it. */
    @Test
    void whatIsAcknowledgedByAllHasBeenForcedToDisk() {
        try (TestBroker broker = TestBroker.in(dir);
                KafkaProducer<String, String> producer = broker.producer("acks", "all", "linger.ms", "0");
                KafkaConsumer<String, String> consumer = broker.consumer()) {
            broker.createTopic("forced", 1);
            TopicPartition partition = new TopicPartition("forced", 0);
            for (int round = 0; round < 200; round++) {
                RecordMetadata acknowledged =
                        TestBroker.get(producer.send(new ProducerRecord<>("forced", 0, null, "x".repeat(10_000))));
                assertThat(consumer.endOffsets(List.of(partition)))
                        .as("high watermark after the acknowledgement of offset %s", acknowledged.offset())
                        .containsEntry(partition, acknowledged.offset() + 1);
            }
        }
    }
}
