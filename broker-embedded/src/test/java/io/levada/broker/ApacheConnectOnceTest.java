/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache's own worker, distributed and with exactly-once sources, on our broker: killed in mid-count, it neither skips nor repeats. */
@Timeout(900)
class ApacheConnectOnceTest {
    private static final String TOPIC = "numbers";
    private static final int TASKS = 2;
    private static final int BEFORE_THE_KILL = 200;
    private static final int AFTER_IT = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path dir;

    @Test
    void aKilledWorkerGoesOnWhereItsLastTransactionEnded() throws Exception {
        Path plugin = plugin();
        String url = "http://127.0.0.1:" + TestBroker.freePort();
        try (TestBroker broker = TestBroker.in(dir.resolve("data"))) {
            broker.createTopic(TOPIC, TASKS);
            Path config = Files.writeString(
                    dir.resolve("worker.properties"), """
                    bootstrap.servers=%s
                    listeners=%s
                    plugin.path=%s
                    plugin.discovery=service_load
                    exactly.once.source.support=enabled
                    group.id=connect-cluster
                    session.timeout.ms=6000
                    heartbeat.interval.ms=1500
                    scheduled.rebalance.max.delay.ms=1000
                    key.converter=org.apache.kafka.connect.storage.StringConverter
                    value.converter=org.apache.kafka.connect.storage.StringConverter
                    config.storage.topic=connect-configs
                    offset.storage.topic=connect-offsets
                    status.storage.topic=connect-status
                    config.storage.replication.factor=1
                    offset.storage.replication.factor=1
                    status.storage.replication.factor=1
                    """.formatted(broker.address(), url, plugin.getParent()));
            try (PeerProcess worker = worker(config)) {
                create(url, worker);
                everyTaskCounts(broker, worker, BEFORE_THE_KILL);
                worker.kill();
            }
            try (PeerProcess worker = worker(config)) {
                everyTaskCounts(broker, worker, ends(broker) + AFTER_IT);
            }
        }
    }

    /** Reads every partition, read_committed, until it holds {@code count} numbers: 0, 1, 2 ... with none missing, doubled or out of order. */
    private static void everyTaskCounts(TestBroker broker, PeerProcess worker, long count) {
        for (int task = 0; task < TASKS; task++) {
            try (KafkaConsumer<String, String> consumer = broker.consumer("isolation.level", "read_committed")) {
                List<TopicPartition> partition = List.of(new TopicPartition(TOPIC, task));
                consumer.assign(partition);
                List<Long> read = new ArrayList<>();
                await().atMost(PATIENCE).until(() -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(record -> read.add(Long.valueOf(record.value())));
                    assertThat(worker.isAlive()).as(worker::lastWords).isTrue();
                    return read.size() >= count;
                });
                assertThat(read)
                        .isEqualTo(LongStream.range(0, read.size()).boxed().toList());
            }
        }
    }

    /** More records than any task had committed when its worker died. */
    private static long ends(TestBroker broker) {
        try (KafkaConsumer<String, String> consumer = broker.consumer()) {
            List<TopicPartition> all = List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1));
            return consumer.endOffsets(all).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElseThrow();
        }
    }

    private PeerProcess worker(Path config) throws IOException {
        return PeerProcess.start(
                dir.resolve("worker.log"),
                dir.resolve("nothing"),
                "org.apache.kafka.connect.cli.ConnectDistributed",
                config.toString());
    }

    /** The plugin as a folder of classes with its manifest. */
    private Path plugin() throws IOException {
        Path plugin = dir.resolve("plugins").resolve("counting");
        PeerProcess.compile("io.levada.peers.CountingSource", plugin);
        Path services = Files.createDirectories(plugin.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("org.apache.kafka.connect.source.SourceConnector"),
                "io.levada.peers.CountingSource\n");
        return plugin;
    }

    /** Asks until the worker, which first has to start and to join its group, takes the connector. */
    private static void create(String url, PeerProcess worker) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/connectors/counting/config"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .PUT(BodyPublishers.ofString("""
                        {"connector.class": "io.levada.peers.CountingSource", "tasks.max": "%d", "topic": "%s",
                         "exactly.once.support": "required", "transaction.boundary": "poll"}
                        """.formatted(TASKS, TOPIC)))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        await().atMost(PATIENCE).until(() -> {
            assertThat(worker.isAlive()).as(worker::lastWords).isTrue();
            try {
                return client.send(request, BodyHandlers.ofString()).statusCode() / 100 == 2;
            } catch (IOException notYet) {
                return false;
            }
        });
    }
}
