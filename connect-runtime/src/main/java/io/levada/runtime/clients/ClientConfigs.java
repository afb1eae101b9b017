/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.connector.TaskId;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the clients that a worker makes for connectors, in the order Kafka Connect applies them: its own defaults, the worker's
 * {@code producer.}/{@code consumer.}/{@code admin.} keys, then the connector's {@code *.override.} keys. Admin clients see the worker's
 * keys without a prefix too, below all of these: logins, encryption, time-outs.
 *
 * <p>Unlike Kafka Connect, source producers are idempotent unless told otherwise: with five requests in flight they
 * write faster than it does with one, and a retry writes nothing twice. Where that is not possible, see
 * {@link ProducerSafety}.
 */
public final class ClientConfigs {
    /** What a source sends is read by nobody yet: big batches cost it no time, and a request is dear to both sides. */
    private static final int SOURCE_BATCH_BYTES = 256 * 1024;

    /** Kafka's default of {@code transaction.timeout.ms}. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(1);
    /** Kafka's default of the brokers' {@code transaction.max.timeout.ms}: they refuse more. */
    private static final Duration TRANSACTION_TIMEOUT_MAX = Duration.ofMinutes(15);

    private static final String BOOTSTRAP = "bootstrap.servers";
    private static final String METRICS_CONTEXT = "metrics.context.";

    /** What a task says of a consumer that is lent to it by its own code, whatever connectors may override: what it reads, and as who. */
    private static final Set<String> CHOSEN_BY_TASKS =
            Set.of("client.id", "group.id", "auto.offset.reset", "allow.auto.create.topics", "enable.auto.commit");

    /** Settings whose classes see what a client does. */
    private static final Set<String> ONLOOKERS =
            Set.of(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG);

    private final WorkerConfig worker;
    private final OverridePolicy policy;
    private final String clusterId;

    /**
     * @param policy judges what connectors override
     * @param clusterId of the brokers, for whoever reports the metrics of the clients
     */
    public ClientConfigs(WorkerConfig worker, OverridePolicy policy, String clusterId) {
        this.worker = worker;
        this.policy = policy;
        this.clusterId = clusterId;
    }

    /** The producer of a source task. */
    public Map<String, Object> sourceProducer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = unsafeSourceProducer(task, connectorConfig);
        safety(settings, connectorConfig).apply();
        return settings;
    }

    private Map<String, Object> unsafeSourceProducer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = producer("connector-producer-" + task, task.connector(), connectorConfig);
        if (!settings.containsKey(ProducerConfig.BUFFER_MEMORY_CONFIG)) { // A batch must fit into a smaller one.
            settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, SOURCE_BATCH_BYTES);
        }
        return settings;
    }

    /** The transactional id of a source task, as Kafka Connect has it, so that either fences the other's. */
    public String transactionalId(TaskId task) {
        return worker.groupId() + "-" + task.connector() + "-" + task.task();
    }

    /**
     * The producer of a source task that writes in transactions; what would make these impossible is set right.
     *
     * @param interval for how long a transaction is left open on purpose; the brokers are told to wait for longer, unless told otherwise
     */
    public Map<String, Object> transactionalProducer(
            TaskId task, Map<String, @Nullable String> connectorConfig, Duration interval) {
        Map<String, Object> settings = unsafeSourceProducer(task, connectorConfig);
        safety(settings, connectorConfig).applyForTransactions();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(task));
        Duration timeout = interval.plus(TRANSACTION_TIMEOUT);
        settings.putIfAbsent(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Math.toIntExact(Math.min(timeout.toMillis(), TRANSACTION_TIMEOUT_MAX.toMillis())));
        return settings;
    }

    /** The producer of a sink task's dead letter queue. */
    public Map<String, Object> deadLetterProducer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = producer("connector-dlq-producer-" + task, task.connector(), connectorConfig);
        safety(settings, connectorConfig).apply();
        return settings;
    }

    /**
     * The consumer of a sink task, in the group {@code connect-<name>} unless overridden. From the broker inside it takes committed records, as sources
     * deliver these exactly once; unless it is given an {@code isolation.level}.
     */
    public Map<String, Object> sinkConsumer(TaskId task, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base("connector-consumer-" + task);
        Set<String> workers = addresses(settings);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "connect-" + task.connector());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.putAll(worker.withPrefix("consumer."));
        settings.putAll(overrides(ClientType.CONSUMER, task.connector().value(), connectorConfig));
        if (worker.embedsBroker() && addresses(settings).equals(workers)) {
            settings.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        }
        return settings;
    }

    /**
     * A consumer that the worker lends to a source task, which goes where the worker goes.
     *
     * @param own settings of the task's, which lie over all others: the policy judges them as if the connector overrode its consumer so
     * @throws ConfigException if the policy refuses some, or they say where the consumer goes, how it logs in, or who looks on
     */
    public Map<String, Object> lentConsumer(
            TaskId task, Map<String, @Nullable String> connectorConfig, Map<String, Object> own) {
        Map<String, Object> settings = base("connector-consumer-" + task);
        settings.putAll(worker.withPrefix("consumer."));
        settings.putAll(overrides(ClientType.CONSUMER, task.connector().value(), connectorConfig));
        Map<String, Object> judged = new HashMap<>(own);
        judged.keySet().removeAll(CHOSEN_BY_TASKS);
        Map<String, List<String>> refused =
                new TreeMap<>(refusals(ClientType.CONSUMER, task.connector().value(), connectorConfig, judged));
        own.keySet().stream()
                .filter(key -> isConnection(key) || ONLOOKERS.contains(key))
                .forEach(key -> refused.put(
                        key, List.of("It has the worker's login, and goes to the worker's brokers and nowhere else.")));
        if (!refused.isEmpty()) {
            throw new ConfigException(
                    "A task may not set these of a consumer that its worker lends it: " + told("", refused));
        }
        settings.putAll(own);
        return settings;
    }

    /** A producer, and an admin client, that go to where a connector reads signals: to the worker's brokers, unless it names others. */
    public Map<String, Object> signals(ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base("connector-signal-producer-" + connector);
        settings.putAll(workersProducer());
        String elsewhere = Settings.text(
                connectorConfig,
                "signal.consumer." + BOOTSTRAP,
                Settings.text(connectorConfig, "signal.kafka.bootstrap.servers", ""));
        if (elsewhere.isBlank()) {
            Map<String, Object> reader = lentConsumer(connector.task(0), connectorConfig, Map.of());
            if (!addresses(reader).equals(addresses(settings))) {
                settings.keySet().removeIf(ClientConfigs::isConnection);
                reader.keySet().removeIf(key -> !isConnection(key));
                settings.putAll(reader);
            }
        } else {
            settings.keySet().removeIf(ClientConfigs::isConnection);
            // What the policy lets a connector say of a producer, it may say of this one.
            Map<String, @Nullable String> as = new HashMap<>();
            as.put("connector.class", connectorConfig.get("connector.class"));
            given("signal.consumer.", connectorConfig).forEach((key, value) -> {
                if (isConnection(key) && !key.equals(BOOTSTRAP)) {
                    as.put(OverrideRequest.prefix(ClientType.PRODUCER) + key, String.valueOf(value));
                }
            });
            settings.putAll(overrides(ClientType.PRODUCER, connector.value(), as));
            settings.put(BOOTSTRAP, elsewhere);
        }
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return settings;
    }

    /** The consumer group of a sink connector. */
    public String sinkGroup(TaskId anyTask, Map<String, @Nullable String> connectorConfig) {
        return String.valueOf(sinkConsumer(anyTask, connectorConfig).get(ConsumerConfig.GROUP_ID_CONFIG));
    }

    /**
     * The consumer of a connector's own offset topic, where its producer writes: without a group, and blind to what is not committed.
     */
    public Map<String, Object> offsetConsumer(ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base("connector-offset-consumer-" + connector);
        settings.putAll(worker.withPrefix("consumer."));
        follow(ClientType.CONSUMER, settings, connector, connectorConfig);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.keySet().removeAll(List.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
        return settings;
    }

    /** The producer of a connector's own offset topic: what is under one key stays in one partition, whatever records may do. */
    public Map<String, Object> offsetProducer(ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = producer("connector-offset-producer-" + connector, connector, connectorConfig);
        if (transactional()) { // It alters what is written in transactions, and must not fail where these do not.
            safety(settings, connectorConfig).applyForTransactions();
        } else {
            safety(settings, connectorConfig).apply();
        }
        InternalClients.keepKeysTogether(settings);
        return settings;
    }

    /**
     * Whether the offsets of a source connector go to other brokers than the worker's, because its producer does: with exactly-once
     * delivery they are in its transactions.
     *
     * @param connectorConfig resolved
     */
    public boolean writesElsewhere(ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        return mayWriteElsewhere(connectorConfig, workersProducer())
                && !addresses(producerConnection(connector, connectorConfig))
                        .equals(Set.copyOf(worker.bootstrapServers()));
    }

    /** The worker's settings of connectors' producers, without prefix. */
    public Map<String, String> workersProducer() {
        return worker.withPrefix("producer.");
    }

    /** Whether the worker, by {@link #workersProducer}, or the connector names brokers for producers. */
    public static boolean mayWriteElsewhere(
            Map<String, @Nullable String> connectorConfig, Map<String, String> workersProducer) {
        return workersProducer.containsKey(BOOTSTRAP)
                || connectorConfig.get(OverrideRequest.prefix(ClientType.PRODUCER) + BOOTSTRAP) != null;
    }

    /** Whether source tasks write in transactions. */
    public boolean transactional() {
        return worker.exactlyOnceSources();
    }

    /** The id of the worker's cluster. */
    public String clusterId() {
        return clusterId;
    }

    /**
     * An admin client for what a source connector's producer writes to; where the worker's {@code admin.bootstrap.servers} says, if it is
     * set.
     */
    public Map<String, Object> sourceAdmin(
            String clientId, ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = workersAdmin(clientId);
        if (worker.withPrefix("admin.").containsKey(BOOTSTRAP)) {
            settings.putAll(overrides(ClientType.ADMIN, connector.value(), connectorConfig));
        } else {
            follow(ClientType.ADMIN, settings, connector, connectorConfig);
        }
        return settings;
    }

    /**
     * Completes the settings of a client that goes where the producer goes: it takes the producer's addresses, and what these need of
     * security, unless the connector gives it addresses of its own. Kafka Connect has users name them for each client.
     */
    private void follow(
            ClientType client,
            Map<String, Object> settings,
            ConnectorName connector,
            Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> overrides = overrides(client, connector.value(), connectorConfig);
        Map<String, Object> producer = producerConnection(connector, connectorConfig);
        if (!overrides.containsKey(BOOTSTRAP) && !addresses(producer).equals(addresses(settings))) {
            settings.keySet().removeIf(ClientConfigs::isConnection);
            settings.putAll(producer);
        }
        settings.putAll(overrides);
    }

    /** Where a connector's producer goes, and how it gets in there. */
    private Map<String, Object> producerConnection(
            ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(BOOTSTRAP, String.join(",", worker.bootstrapServers()));
        settings.putAll(workersProducer());
        settings.putAll(overrides(ClientType.PRODUCER, connector.value(), connectorConfig));
        settings.keySet().removeIf(key -> !isConnection(key));
        return settings;
    }

    private static boolean isConnection(String key) {
        return key.equals(BOOTSTRAP)
                || key.equals("client.dns.lookup")
                || key.startsWith("security.")
                || key.startsWith("sasl.")
                || key.startsWith("ssl.");
    }

    private static Set<String> addresses(Map<String, Object> settings) {
        return Arrays.stream(String.valueOf(settings.get(BOOTSTRAP)).split(","))
                .map(String::strip)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** An admin client that acts for a connector. */
    public Map<String, Object> connectorAdmin(
            String clientId, ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = workersAdmin(clientId);
        settings.putAll(overrides(ClientType.ADMIN, connector.value(), connectorConfig));
        return settings;
    }

    private Map<String, Object> workersAdmin(String clientId) {
        Map<String, Object> settings = InternalClients.topLevel(worker, AdminClientConfig.configNames());
        settings.putAll(base(clientId));
        settings.putAll(worker.withPrefix("admin."));
        return settings;
    }

    /** As the worker and the connector have it, before {@link #safety}. */
    private Map<String, Object> producer(
            String clientId, ConnectorName connector, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> settings = base(clientId);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
        settings.putAll(workersProducer());
        settings.putAll(overrides(ClientType.PRODUCER, connector.value(), connectorConfig));
        return settings;
    }

    private static ProducerSafety safety(Map<String, Object> settings, Map<String, @Nullable String> connectorConfig) {
        return new ProducerSafety(
                settings,
                ProducerSafety.origin(
                        given(ClientType.PRODUCER, connectorConfig).keySet()));
    }

    private Map<String, Object> base(String clientId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(BOOTSTRAP, String.join(",", worker.bootstrapServers()));
        settings.put("client.id", clientId);
        // The labels of KIP-606, by which a metrics reporter tells whose metrics it sees.
        worker.withPrefix(METRICS_CONTEXT).forEach((label, value) -> settings.put(METRICS_CONTEXT + label, value));
        settings.put(METRICS_CONTEXT + "connect.kafka.cluster.id", clusterId);
        settings.put(METRICS_CONTEXT + "connect.group.id", worker.groupId());
        return settings;
    }

    private Map<String, Object> overrides(
            ClientType client, String name, Map<String, @Nullable String> connectorConfig) {
        String prefix = OverrideRequest.prefix(client);
        Map<String, Object> found = given(client, connectorConfig);
        Map<String, List<String>> refused = refusals(client, name, connectorConfig, found);
        if (!refused.isEmpty()) {
            throw new ConfigException("The connector may not override its clients like this: " + told(prefix, refused));
        }
        return found;
    }

    private Map<String, List<String>> refusals(
            ClientType client,
            String name,
            Map<String, @Nullable String> connectorConfig,
            Map<String, Object> settings) {
        return policy.refusals(
                new OverrideRequest(name, Settings.text(connectorConfig, "connector.class", "null"), client, settings));
    }

    private static String told(String prefix, Map<String, List<String>> refused) {
        return refused.entrySet().stream()
                .map(entry -> prefix + entry.getKey() + ": " + String.join(" ", entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    /** What a connector's config has for a client, without prefix. */
    private static Map<String, Object> given(ClientType client, Map<String, @Nullable String> connectorConfig) {
        return given(OverrideRequest.prefix(client), connectorConfig);
    }

    private static Map<String, Object> given(String prefix, Map<String, @Nullable String> connectorConfig) {
        Map<String, Object> given = new TreeMap<>();
        connectorConfig.forEach((key, value) -> {
            if (key.startsWith(prefix) && key.length() > prefix.length() && value != null) {
                given.put(key.substring(prefix.length()), value);
            }
        });
        return given;
    }
}
