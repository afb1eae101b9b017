/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's clients for a broker that comes and goes: they try again for as long as a run may take. */
record Clients(String address) {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    KafkaProducer<String, String> producer(String... properties) {
        Map<String, Object> config = config(properties);
        config.putIfAbsent("delivery.timeout.ms", "3600000");
        // Who has lost its last broker forgets the topics as well, and asks for them anew before it sends (KIP-1102).
        config.putIfAbsent("max.block.ms", "3600000");
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(String... properties) {
        Map<String, Object> config = config(properties);
        config.putIfAbsent("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    Admin admin() {
        return Admin.create(config());
    }

    void create(String topic, int partitions, String... settings) {
        Map<String, String> configs = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            configs.put(settings[i], settings[i + 1]);
        }
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                    .all());
        } catch (ExecutionException e) {
            throw new AssertionError("cannot make " + topic, e);
        }
    }

    /** Waits for what an admin client does. */
    static <T extends @Nullable Object> T get(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + PATIENCE, e);
        }
    }

    private Map<String, Object> config(String... properties) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", Objects.requireNonNull(address));
        config.put("reconnect.backoff.max.ms", "200");
        config.put("retry.backoff.max.ms", "200");
        for (int i = 0; i < properties.length; i += 2) {
            config.put(properties[i], properties[i + 1]);
        }
        return config;
    }
}
