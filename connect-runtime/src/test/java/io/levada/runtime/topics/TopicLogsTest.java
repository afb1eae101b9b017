/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.runtime.clients.InternalClients;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.topics.TopicLogs.LogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs over the clients, as a store uses them. */
final class TopicLogsTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final LogOwner OWNER = LogOwner.connector(new ConnectorName("c"), "own");

    private static @Nullable EmbeddedBroker broker;
    private static int number;

    private final Queue<String> read = new ConcurrentLinkedQueue<>();
    private final Map<String, Object> producer = new HashMap<>();
    private String topic = "";

    @BeforeAll
    static void startBroker(@TempDir Path dir) {
        broker = EmbeddedBroker.start(
                BrokerConfig.from(Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", dir.toString())));
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void createTopics() throws ExecutionException, InterruptedException {
        topic = "own-" + ++number;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(topic, Optional.of(1), Optional.empty()),
                            new NewTopic(topic + "-other", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    @AfterEach
    void mendProducers() {
        Refusing.refuse.set(false);
    }

    private static String bootstrapServers() {
        if (broker == null) {
            throw new IllegalStateException("the broker did not start");
        }
        return broker.bootstrapServers();
    }

    private TopicLogs logs() {
        InternalClients clients =
                new InternalClients(WorkerConfig.from(Map.of("bootstrap.servers", bootstrapServers())));
        Map<String, Object> settings = new HashMap<>(clients.producer());
        settings.put("client.id", topic);
        settings.putAll(producer);
        return new TopicLogs(OWNER, new LogSettings(clients.consumer(), settings, clients.endsAdmin()));
    }

    private TopicLog opened(TopicLogs logs) {
        TopicLog log = logs.add(topic, record -> read.add(new String(record.value(), UTF_8)));
        assertThat(logs.start().toCompletableFuture()).succeedsWithin(LONG_ENOUGH);
        return log;
    }

    private KafkaProducer<byte[], byte[]> inTransaction(String id, String value) {
        KafkaProducer<byte[], byte[]> begun = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "transactional.id", topic + id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        begun.initTransactions();
        begun.beginTransaction();
        var unused = begun.send(new ProducerRecord<>(topic, value.getBytes(UTF_8)));
        begun.flush();
        return begun;
    }

    @Test
    void whatIsCommittedAfterAnOpenTransactionIsReadBeforeTheEndIsSaidToBeReached() {
        try (KafkaProducer<byte[], byte[]> open = inTransaction("open", "aborted");
                KafkaProducer<byte[], byte[]> later = inTransaction("later", "committed");
                TopicLogs logs = logs()) {
            later.commitTransaction();
            TopicLog other = logs.add(topic + "-other", record -> {});
            TopicLog log = opened(logs); // which waits for no transaction

            CompletableFuture<Void> whole = log.readToEnd().toCompletableFuture();
            assertThat(other.readToEnd().toCompletableFuture()).succeedsWithin(LONG_ENOUGH);
            assertThat(whole).isNotDone();
            assertThat(read).isEmpty();
            open.abortTransaction();

            assertThat(whole).succeedsWithin(LONG_ENOUGH);
            assertThat(read).containsExactly("committed");
        }
    }

    @Test
    void aProducerIsMadeWithTheFirstRecordAndClosedInTheEnd() {
        TopicLog log;
        try (TopicLogs logs = logs()) {
            log = opened(logs);
            assertThat(log.readToEnd().toCompletableFuture()).succeedsWithin(LONG_ENOUGH);
            assertThat(producerThreads()).isZero();

            assertThat(log.send(new byte[1], "v".getBytes(UTF_8)).toCompletableFuture())
                    .succeedsWithin(LONG_ENOUGH);

            assertThat(producerThreads()).isOne();
        }
        assertThat(log.send(new byte[1], null).toCompletableFuture())
                .failsWithin(LONG_ENOUGH)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("has ended");
        await().atMost(LONG_ENOUGH).until(() -> producerThreads() == 0);
    }

    @Test
    void aProducerThatCannotBeMadeIsToldAndTriedAgainWithTheNextRecord() {
        producer.put("interceptor.classes", Refusing.class.getName());
        Refusing.refuse.set(true);
        try (TopicLogs logs = logs()) {
            TopicLog log = opened(logs);
            assertThat(log.send(new byte[1], "lost".getBytes(UTF_8)).toCompletableFuture())
                    .failsWithin(LONG_ENOUGH)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("Cannot make the producer of topic " + topic);

            Refusing.refuse.set(false);

            assertThat(log.send(new byte[1], "kept".getBytes(UTF_8)).toCompletableFuture())
                    .succeedsWithin(LONG_ENOUGH);
            assertThat(log.readToEnd().toCompletableFuture()).succeedsWithin(LONG_ENOUGH);
            assertThat(read).containsExactly("kept");
        }
    }

    /** As if the brokers were never found: the record waits for them, and must not keep the producer open. */
    @Test
    void aRecordThatWaitsForTheBrokersEndsWithTheLogs() {
        producer.put("bootstrap.servers", "localhost:1");
        producer.put("max.block.ms", String.valueOf(Long.MAX_VALUE));
        CompletableFuture<Void> waiting;
        try (TopicLogs logs = logs()) {
            TopicLog log = opened(logs);
            waiting = log.send(new byte[1], "v".getBytes(UTF_8)).toCompletableFuture();
            await().atMost(LONG_ENOUGH).until(() -> producerThreads() == 1);
        }
        assertThat(waiting).failsWithin(LONG_ENOUGH);
        await().atMost(LONG_ENOUGH).until(() -> producerThreads() == 0);
    }

    private long producerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("kafka-producer-network-thread | " + topic))
                .count();
    }

    /** Fails while a producer is made, as a name that cannot be resolved does. */
    public static final class Refusing implements ProducerInterceptor<byte[], byte[]> {
        static final AtomicBoolean refuse = new AtomicBoolean();

        @Override
        public void configure(Map<String, ?> configs) {
            if (refuse.get()) {
                throw new IllegalStateException("refused on purpose");
            }
        }

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            return record;
        }

        @Override
        public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception exception) {}

        @Override
        public void close() {}
    }
}
