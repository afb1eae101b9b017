/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.topic;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry's topic: one compacted partition that is replayed from its start, and the only memory of the registry.
 *
 * <p>Not safe for several threads, and every method but the constructor's plain set-up may block up to the timeout.
 */
public final class SchemasTopic implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SchemasTopic.class);

    private final TopicPartition partition;
    private final Duration timeout;
    private final Consumer<RegistryRecord> replay;
    private final KafkaProducer<String, @Nullable String> producer;
    private final KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer;

    /**
     * Creates the topic if it is missing.
     *
     * @param clients properties of the Kafka clients, {@code bootstrap.servers} among them
     * @param timeout for each call to Kafka
     * @param replay receives every record, in order, on the thread that calls this instance
     * @throws KafkaException if Kafka cannot be reached or refuses
     */
    public SchemasTopic(
            String topic,
            short replicationFactor,
            Map<String, Object> clients,
            Duration timeout,
            Consumer<RegistryRecord> replay) {
        this.partition = new TopicPartition(topic, 0);
        this.timeout = timeout;
        this.replay = replay;
        create(topic, replicationFactor, clients);
        producer = new KafkaProducer<>(
                with(clients, Map.of("acks", "all", "enable.idempotence", true)),
                new StringSerializer(),
                new StringSerializer());
        consumer = new KafkaConsumer<>(
                with(clients, Map.of("auto.offset.reset", "earliest", "enable.auto.commit", false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    private void create(String topic, short replicationFactor, Map<String, Object> clients) {
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.of(replicationFactor))
                .configs(Map.of("cleanup.policy", "compact"));
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        Map<String, Object> bounds = Map.of("default.api.timeout.ms", timeoutMs, "request.timeout.ms", timeoutMs);
        try (Admin admin = Admin.create(with(clients, bounds))) {
            admin.createTopics(List.of(wanted)).all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            LOGGER.atInfo().addKeyValue("topic", topic).log("topic created");
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException(
                        "cannot create the topic " + topic + " on " + clients.get("bootstrap.servers") + ": "
                                + e.getCause(),
                        e.getCause());
            }
        } catch (TimeoutException e) {
            throw new KafkaException(
                    "no answer within " + timeout + " from " + clients.get("bootstrap.servers")
                            + " while creating the topic " + topic,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while creating the topic " + topic, e);
        }
    }

    private static Map<String, Object> with(Map<String, Object> clients, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(clients);
        all.putAll(more);
        return all;
    }

    /** Replays everything that is in the topic now. */
    public void catchUp() {
        long end = consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
        replayUpTo(end);
    }

    /** Replays what has arrived in the background, without waiting. */
    public void poll() {
        consumer.poll(Duration.ZERO).forEach(this::replay);
    }

    /** Appends, durably, and returns once the record has been replayed. */
    public void append(RegistryRecord.Registered registered) {
        append(RecordFormat.encode(registered));
    }

    /** Appends, durably, and returns once the record has been replayed. */
    public void append(RegistryRecord.LevelSet set) {
        append(RecordFormat.encode(set));
    }

    private void append(RecordFormat.Encoded encoded) {
        try {
            long offset = producer.send(new ProducerRecord<>(
                            partition.topic(), partition.partition(), encoded.key(), encoded.value()))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
            replayUpTo(offset + 1);
        } catch (ExecutionException e) {
            throw new KafkaException("cannot write to " + partition, e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no acknowledgement of a write to " + partition + " within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + partition, e);
        }
    }

    private void replayUpTo(long end) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (consumer.position(partition, timeout) < end) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new KafkaException("could not read " + partition + " up to offset " + end + " within " + timeout);
            }
            consumer.poll(Duration.ofNanos(left)).forEach(this::replay);
        }
    }

    private void replay(ConsumerRecord<byte @Nullable [], byte @Nullable []> kafkaRecord) {
        try {
            replay.accept(RecordFormat.decode(kafkaRecord.key(), kafkaRecord.value()));
        } catch (IOException
                | RuntimeException e) { // anybody may have written it: no record may end the replay of all others
            LOGGER.atError()
                    .addKeyValue("topic", kafkaRecord.topic())
                    .addKeyValue("partition", kafkaRecord.partition())
                    .addKeyValue("offset", kafkaRecord.offset())
                    .setCause(e)
                    .log("record is not of a schema registry and was passed over");
        }
    }

    /** Closes the clients, waiting for each up to the timeout. */
    @Override
    public void close() {
        try {
            producer.close(timeout);
        } finally {
            consumer.close(CloseOptions.timeout(timeout));
        }
    }
}
