/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordLimitTest {
    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedKafka.start(WorkerConfig.from(
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString())));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static Map<String, Object> settings(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        return settings;
    }

    private static ProducerRecord<byte[], byte[]> record(int valueSize) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("h", new byte[100]);
        return new ProducerRecord<>("t", 0, 1L, new byte[] {1}, new byte[valueSize], headers);
    }

    private static int smallestRefused(RecordLimit limit) {
        int size = 1;
        while (limit.refusal(record(size)) == null) {
            size++;
        }
        return size;
    }

    /** To the byte. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd"})
    void refusesWhatTheProducerRefuses(String compression) throws Exception {
        Map<String, Object> settings = settings(Map.of("compression.type", compression, "max.request.size", 2_000));
        int size = smallestRefused(RecordLimit.of(settings));

        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            assertThat(producer.send(record(size - 1)).get().hasOffset()).isTrue();
            assertThatThrownBy(() -> producer.send(record(size)).get())
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void whatFitsIntoNoBufferIsRefusedToo() throws Exception {
        Map<String, Object> settings = settings(Map.of("buffer.memory", 5_000L, "batch.size", 1_000));
        RecordLimit limit = RecordLimit.of(settings);
        int size = smallestRefused(limit);

        assertThat(limit.refusal(record(size))).hasMessageContaining("buffer.memory of 5000");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            assertThat(producer.send(record(size - 1)).get().hasOffset()).isTrue();
            assertThatThrownBy(() -> producer.send(record(size)).get())
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }
}
