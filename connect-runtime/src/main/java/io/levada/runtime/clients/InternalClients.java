/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Settings of the worker's own clients, which see its top-level keys: addresses, security, timeouts. */
public final class InternalClients {
    private static final Set<String> OF_THE_WORKER = Set.of("config.providers", "metric.reporters");

    private final WorkerConfig worker;

    public InternalClients(WorkerConfig worker) {
        this.worker = worker;
    }

    /** The worker's own consumer, which reads internal topics without a group. */
    public Map<String, Object> consumer() {
        Map<String, Object> settings = shared("connect-internal-consumer", ConsumerConfig.configNames());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return settings;
    }

    /** The worker's own producer, which writes internal topics: nothing lost, nothing twice, nothing out of order. */
    public Map<String, Object> producer() {
        Map<String, Object> settings = shared("connect-internal-producer", ProducerConfig.configNames());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        keepKeysTogether(settings);
        return settings;
    }

    /** The producer by which a group's leader writes the config topic: each leader fences the one before, also one of Kafka Connect's. */
    public Map<String, Object> leader(String groupId) {
        Map<String, Object> settings = producer();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, settings.get(ProducerConfig.CLIENT_ID_CONFIG) + "-leader");
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "connect-cluster-" + groupId);
        return settings;
    }

    /**
     * Leaves a producer of an internal topic with Kafka's own choice of partitions, by the key: what is newest under a key is known within
     * one partition only. And without transactions.
     */
    static void keepKeysTogether(Map<String, Object> settings) {
        settings.keySet()
                .removeIf(key -> key.startsWith("partitioner.") || key.equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
    }

    /** The worker's own admin client. */
    public Map<String, Object> admin() {
        return shared("connect-internal-admin", AdminClientConfig.configNames());
    }

    /** The admin client that asks where internal topics end; open beside the other, and told from it in metrics. */
    public Map<String, Object> endsAdmin() {
        return shared("connect-internal-ends-admin", AdminClientConfig.configNames());
    }

    private Map<String, Object> shared(String clientId, Set<String> known) {
        Map<String, Object> settings = topLevel(worker, known);
        String prefix = worker.text("client.id");
        settings.put("bootstrap.servers", String.join(",", worker.bootstrapServers()));
        settings.put("client.id", prefix.isEmpty() ? clientId : prefix + "-" + clientId);
        return settings;
    }

    /** The worker's keys without a prefix, as far as a client knows them; without those that name the worker's own plugins. */
    static Map<String, Object> topLevel(WorkerConfig worker, Set<String> known) {
        Map<String, Object> settings = new HashMap<>();
        worker.properties().forEach((key, value) -> {
            if (known.contains(key) && !OF_THE_WORKER.contains(key)) {
                settings.put(key, value);
            }
        });
        return settings;
    }
}
