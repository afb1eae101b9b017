/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka Streams with exactly_once_v2, a store and a repartition topic: killed in mid-work, and the broker too, every word's counts are 1, 2, 3 ... all the same. */
@Timeout(900)
class StreamsOnceTest {
    private static final String MAIN = "io.levada.peers.WordCounts";
    private static final int WORDS = 7;
    private static final int OF_EACH = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path dir;

    @Test
    void aKilledApplicationCountsEveryWordOnce() throws Exception {
        PeerProcess.compile(MAIN, dir.resolve("classes"));
        try (BrokerProcess broker = new BrokerProcess(dir.resolve("data"), TestBroker.freePort())) {
            create(broker.address());
            say(broker.address());
            try (PeerProcess application = application(broker)) {
                counts(broker, application, 1);
                broker.killAndStartAgain();
                counts(broker, application, WORDS * OF_EACH / 3);
                application.kill();
                broker.killAndStartAgain();
            }
            say(broker.address());
            try (PeerProcess application = application(broker)) {
                Map<String, List<Long>> counts = counts(broker, application, 2 * WORDS * OF_EACH);
                assertThat(counts).hasSize(WORDS);
                assertThat(counts.values())
                        .allSatisfy(of -> assertThat(of)
                                .isEqualTo(LongStream.rangeClosed(1, 2L * OF_EACH)
                                        .boxed()
                                        .toList()));
            }
        }
    }

    private static void create(String address) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            TestBroker.get(admin.createTopics(
                            List.of(new NewTopic("words", 2, (short) 1), new NewTopic("counts", 2, (short) 1)))
                    .all());
        }
    }

    /** Every word, {@link #OF_EACH} times. */
    private static void say(String address) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            IntStream.range(0, WORDS * OF_EACH)
                    .mapToObj(i -> producer.send(new ProducerRecord<>("words", "line " + i, "word " + i % WORDS)))
                    .toList()
                    .forEach(TestBroker::get);
        }
    }

    /** What was told of each word, in order, once at least {@code total} counts were told and committed. */
    private static Map<String, List<Long>> counts(BrokerProcess broker, PeerProcess application, int total) {
        Map<String, List<Long>> counts = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.address(),
                        "isolation.level",
                        "read_committed",
                        "group.id",
                        "reader",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("counts"));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(told -> counts.computeIfAbsent(told.key(), word -> new ArrayList<>())
                                .add(Long.valueOf(told.value())));
                assertThat(application.isAlive()).as(application::lastWords).isTrue();
                return counts.values().stream().mapToInt(List::size).sum() >= total;
            });
        }
        return counts;
    }

    private PeerProcess application(BrokerProcess broker) throws IOException {
        return PeerProcess.start(
                dir.resolve("application.log"),
                dir.resolve("classes"),
                MAIN,
                broker.address(),
                dir.resolve("state").toString());
    }
}
