/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** PostgresCdcIT sends signals. */
class SignalCommandsTest {

    @Test
    void writesToTheTopicThatATaskReads() {
        assertThat(SignalCommands.topic(Map.of(), "p")).isEqualTo("p-signal");
        assertThat(SignalCommands.topic(Map.of("signal.kafka.topic", " "), "p")).isEqualTo("p-signal");
        assertThat(SignalCommands.topic(Map.of("signal.kafka.topic", "t "), "p"))
                .isEqualTo("t");
    }

    @Test
    void givesUpInTimeWhateverTheWorkerSaysOfProducers() {
        String bytes = ByteArraySerializer.class.getName();
        Map<String, Object> bounded = SignalCommands.bounded(Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "key.serializer", bytes,
                "value.serializer", bytes,
                "linger.ms", "600000",
                "request.timeout.ms", "900000",
                "max.block.ms", "900000"));
        ProducerConfig producer = new ProducerConfig(bounded);
        AdminClientConfig admin = new AdminClientConfig(bounded);
        long inAll = admin.getInt("default.api.timeout.ms")
                + producer.getLong("max.block.ms")
                + producer.getInt("delivery.timeout.ms");
        assertThat(inAll).isLessThan(Duration.ofSeconds(75).toMillis());
        try (Producer<byte[], byte[]> made = new KafkaProducer<>(bounded)) {
            assertThat(made.metrics()).as("Kafka takes these together").isNotEmpty();
        }
    }
}
