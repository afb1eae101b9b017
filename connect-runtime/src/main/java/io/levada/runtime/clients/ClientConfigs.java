/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.TaskId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the clients that a worker makes, in the order Kafka Connect applies them: its own defaults, the worker's
 * {@code producer.}/{@code consumer.}/{@code admin.} keys, then the connector's {@code *.override.} keys.
 *
 * <p>Unlike Kafka Connect, source producers are idempotent unless told otherwise: with five requests in flight they
 * write faster than it does with one, and a retry writes nothing twice.
 */
public final class ClientConfigs {
    private final WorkerConfig worker;
    private final OverridePolicy policy;

    public ClientConfigs(WorkerConfig worker) {
        this.worker = worker;
        this.policy = OverridePolicy.of(worker);
    }

    /** The worker's own consumer, which reads internal topics without a group. */
    public Map<String, Object> internalConsumer() {
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
    public Map<String, Object> internalProducer() {
        Map<String, Object> settings = shared("connect-internal-producer", ProducerConfig.configNames());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        return settings;
    }

    /** The worker's own admin client. */
    public Map<String, Object> internalAdmin() {
        return shared("connect-internal-admin", AdminClientConfig.configNames());
    }

    /** The producer of a source task. */
    public Map<String, Object> sourceProducer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        return producer("connector-producer-" + task, connectorConfig);
    }

    /** The producer of a sink task's dead letter queue. */
    public Map<String, Object> deadLetterProducer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        return producer("connector-dlq-producer-" + task, connectorConfig);
    }

    /** The consumer of a sink task, in the group {@code connect-<name>} unless overridden. */
    public Map<String, Object> sinkConsumer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base("connector-consumer-" + task);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "connect-" + task.connector());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.putAll(worker.withPrefix("consumer."));
        settings.putAll(overrides("consumer.override.", connectorConfig));
        return settings;
    }

    /** The consumer group of a sink connector. */
    public String sinkGroup(TaskId anyTask, Map<String, @Nullable String> connectorConfig) {
        return String.valueOf(sinkConsumer(anyTask, connectorConfig).get(ConsumerConfig.GROUP_ID_CONFIG));
    }

    /** An admin client that acts for a connector. */
    public Map<String, Object> connectorAdmin(String clientId, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base(clientId);
        settings.putAll(worker.withPrefix("admin."));
        settings.putAll(overrides("admin.override.", connectorConfig));
        return settings;
    }

    private Map<String, Object> producer(String clientId, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base(clientId);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
        settings.putAll(worker.withPrefix("producer."));
        settings.putAll(overrides("producer.override.", connectorConfig));
        if ("false".equals(String.valueOf(settings.get(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)))) {
            // Without idempotence a retried request may overtake the next one.
            settings.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        }
        return settings;
    }

    private Map<String, Object> base(String clientId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", String.join(",", worker.bootstrapServers()));
        settings.put("client.id", clientId);
        return settings;
    }

    /** The worker's own clients see its top-level keys: addresses, security, timeouts. */
    private Map<String, Object> shared(String clientId, Set<String> known) {
        Map<String, Object> settings = new HashMap<>();
        worker.properties().forEach((key, value) -> {
            if (known.contains(key) && !key.equals("config.providers") && !key.equals("metric.reporters")) {
                settings.put(key, value);
            }
        });
        String prefix = worker.text("client.id");
        settings.putAll(base(prefix.isEmpty() ? clientId : prefix + "-" + clientId));
        return settings;
    }

    private Map<String, String> overrides(String prefix, Map<String, @Nullable String> connectorConfig) {
        Map<String, String> found = new TreeMap<>();
        connectorConfig.forEach((key, value) -> {
            if (key.startsWith(prefix) && key.length() > prefix.length() && value != null) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        Set<String> refused = policy.refused(found.keySet());
        if (!refused.isEmpty()) {
            throw new ConfigException(
                    "The worker's connector.client.config.override.policy does not let a connector set "
                            + prefix + String.join(", " + prefix, refused)
                            + "; ask its operator to add it to connector.client.config.override.allowlist");
        }
        return found;
    }
}
