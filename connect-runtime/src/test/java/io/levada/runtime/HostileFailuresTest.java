/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connectors.HostileException;
import io.levada.runtime.connectors.HostileException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that fail with exceptions that cannot be told: where failures are tolerated they are left out like any other, with a dead letter. */
final class HostileFailuresTest {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);
    private static final String PREFIX = "__connect.errors.";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    static RunningWorker worker;

    @BeforeAll
    static void start() {
        worker = new RunningWorker(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                Map.of("errors.restart.max", "0"));
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void aRecordWhoseFailureCannotBeToldHasItsDeadLetterAndTheNextIsTaken() {
        List<String> failing = Stream.of(Kind.values())
                .flatMap(kind -> Stream.of("apply " + kind, "report " + kind))
                .toList();
        write("hostile", failing);
        write("hostile", List.of("the last"));

        worker.create(
                "hostile-sink",
                Map.of(
                        "connector.class", Sink.class.getName(),
                        "topics", "hostile",
                        "transforms", "t",
                        "transforms.t.type", Failing.class.getName(),
                        "errors.tolerance", "all",
                        "errors.log.enable", "true",
                        "errors.deadletterqueue.topic.name", "hostile-dead",
                        "errors.deadletterqueue.topic.replication.factor", "1",
                        "errors.deadletterqueue.context.headers.enable", "true"));

        await().atMost(LONG_ENOUGH).until(() -> Sink.GIVEN.contains("the last"));
        List<ConsumerRecord<String, byte[]>> letters = worker.records("hostile-dead", failing.size());
        assertThat(letters)
                .extracting(letter -> new String(letter.value(), UTF_8))
                .containsExactlyInAnyOrderElementsOf(failing);
        assertThat(letters)
                .allSatisfy(letter ->
                        assertThat(header(letter, "exception.class.name")).isEqualTo(HostileException.class.getName()))
                .allSatisfy(letter ->
                        assertThat(header(letter, "exception.stacktrace")).contains(HostileException.class.getName()));
        worker.awaitStates("hostile-sink", "RUNNING", "RUNNING");
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        return new String(
                Objects.requireNonNull(letter.headers().lastHeader(PREFIX + name), name)
                        .value(),
                UTF_8);
    }

    private static void write(String topic, List<String> values) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", worker.bootstrapServers()));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            values.forEach(value -> {
                var unused = producer.send(new ProducerRecord<>(topic, 0, "key", value));
            });
        }
    }

    private static HostileException failure(String value) {
        return new HostileException(Kind.valueOf(value.substring(value.indexOf(' ') + 1)));
    }

    /** Fails as the record says. */
    public static final class Failing<R extends ConnectRecord<R>> implements Transformation<R> {
        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public R apply(R record) {
            if (record.value() instanceof String value && value.startsWith("apply ")) {
                throw failure(value);
            }
            return record;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public void close() {}
    }

    /** Gives records back if they say so, and keeps the others. */
    public static final class Sink extends SinkConnector {
        static final Queue<String> GIVEN = new ConcurrentLinkedQueue<>();

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public Class<? extends Task> taskClass() {
            return SinkTaskOfIt.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(Map.of());
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Of {@link Sink}. */
    public static final class SinkTaskOfIt extends SinkTask {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public void put(Collection<SinkRecord> records) {
            records.forEach(record -> {
                String value = String.valueOf(record.value());
                if (value.startsWith("report ")) {
                    var unused = Objects.requireNonNull(context.errantRecordReporter())
                            .report(record, failure(value));
                } else {
                    Sink.GIVEN.add(value);
                }
            });
        }

        @Override
        public void stop() {}
    }
}
