/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import io.levada.runtime.metrics.ErrorMeter;
import io.levada.runtime.topics.TopicPresence;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.ConnectException;

/** Reports by sending the record, as it was read, to the dead letter topic. */
final class DeadLetters implements FailureReporter {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final boolean withHeaders;
    private final ErrorMeter meter;

    private DeadLetters(Producer<byte[], byte[]> producer, String topic, boolean withHeaders, ErrorMeter meter) {
        this.producer = producer;
        this.topic = topic;
        this.withHeaders = withHeaders;
        this.meter = meter;
    }

    /** Makes the topic if it is missing, with one partition; blocks. */
    static DeadLetters open(
            ErrorSettings settings, Map<String, Object> producer, Map<String, Object> admin, ErrorMeter meter) {
        try (Admin open = Admin.create(admin)) {
            create(open, settings);
        }
        return new DeadLetters(
                new KafkaProducer<>(producer), settings.deadLetterTopic(), settings.deadLetterHeaders(), meter);
    }

    private static void create(Admin admin, ErrorSettings settings) {
        short replication = settings.deadLetterReplication();
        NewTopic topic = new NewTopic(
                settings.deadLetterTopic(),
                Optional.of(1),
                replication < 0 ? Optional.empty() : Optional.of(replication));
        try {
            TopicPresence ignored = TopicPresence.ensure(admin, topic);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while making the dead letter topic " + topic.name(), e);
        } catch (ExecutionException e) {
            throw new ConnectException(
                    "Cannot make the dead letter topic " + topic.name() + " (errors.deadletterqueue.topic.*): "
                            + e.getCause(),
                    e);
        }
    }

    @Override
    public CompletableFuture<Void> report(Failure failure) {
        ConsumerRecord<byte[], byte[]> consumed = failure.consumed();
        if (consumed == null) {
            return CompletableFuture.completedFuture(null);
        }
        Long timestamp = consumed.timestamp() < 0 ? null : consumed.timestamp();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, null, timestamp, consumed.key(), consumed.value(), consumed.headers());
        if (withHeaders) {
            DeadLetterHeaders.addTo(letter.headers(), failure);
        }
        meter.deadLetter();
        CompletableFuture<Void> sent = new CompletableFuture<>();
        var unused = producer.send(letter, (metadata, refused) -> {
            if (refused == null) {
                sent.complete(null);
            } else {
                meter.deadLetterFailed();
                sent.completeExceptionally(
                        new ConnectException("Cannot write to the dead letter topic " + topic, refused));
            }
        });
        return sent;
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
