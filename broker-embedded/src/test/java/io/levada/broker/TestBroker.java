/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Throttle;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A broker on a free port over a given folder, and stock clients for it. */
public final class TestBroker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final EmbeddedBroker broker;

    private TestBroker(EmbeddedBroker broker) {
        this.broker = broker;
    }

    /** Starts on {@code dir}, with properties given as key, value, key, value. */
    public static TestBroker in(Path dir, String... properties) {
        Map<String, String> all = new HashMap<>();
        all.put("broker.listeners", "PLAINTEXT://127.0.0.1:0");
        all.put("data.dir", dir.toString());
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return new TestBroker(EmbeddedBroker.start(BrokerConfig.from(all)));
    }

    /** Starts on {@code dir}, with rules of who may do what. */
    static TestBroker in(Path dir, Authorizer authorizer) {
        return in(dir, authorizer, Throttle.NONE);
    }

    /** The same, with rules of how fast. */
    static TestBroker in(Path dir, Authorizer authorizer, Throttle throttle) {
        BrokerConfig config =
                BrokerConfig.from(Map.of("broker.listeners", "PLAINTEXT://127.0.0.1:0", "data.dir", dir.toString()));
        return new TestBroker(EmbeddedBroker.start(config, authorizer, throttle));
    }

    public String address() {
        return broker.bootstrapServers();
    }

    public int port() {
        return Integer.parseInt(address().substring(address().lastIndexOf(':') + 1));
    }

    /** A port that nobody listens on, for a server that must be told one. */
    public static int freePort() throws IOException {
        while (true) {
            // Below the ephemeral range: in that, a client of another process may take the port before the server does.
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException ignored) {
                // Somebody else has it: try another.
            }
        }
    }

    public EmbeddedBroker broker() {
        return broker;
    }

    public Admin admin() {
        return Admin.create(clientConfig(Map.of()));
    }

    public KafkaProducer<String, String> producer(String... properties) {
        return new KafkaProducer<>(clientConfig(pairs(properties)), new StringSerializer(), new StringSerializer());
    }

    public KafkaConsumer<String, String> consumer(String... properties) {
        Map<String, Object> config = clientConfig(pairs(properties));
        config.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    public void createTopic(String name, int partitions) {
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all());
        }
    }

    /** Sends {@code values} to one partition and waits for their acknowledgement. */
    public void produce(String topic, int partition, List<String> values) {
        try (KafkaProducer<String, String> producer = producer()) {
            List<Future<?>> sent = new ArrayList<>();
            for (String value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, partition, null, value)));
            }
            sent.forEach(TestBroker::get);
        }
    }

    /** The first {@code count} values of a partition. */
    public List<String> read(String topic, int partition, int count) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, partition));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    /** The value of a future that a client gave. */
    public static <T> T get(@Nullable Future<T> future) {
        try {
            return Objects.requireNonNull(future).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** How a future that a client gave failed. */
    public static Throwable failure(@Nullable Future<?> future) {
        try {
            Object value = Objects.requireNonNull(future).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("did not fail but gave " + value);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        broker.close();
    }

    private Map<String, Object> clientConfig(Map<String, String> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", address());
        return config;
    }

    private static Map<String, String> pairs(String... properties) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return all;
    }
}
