/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.herder.ConnectorOffset;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An exactly-once source whose producer writes to another cluster than the worker's: so do its transactions, with the offsets in them (KIP-618). */
@Timeout(900)
class OffsetsElsewhereTest {
    private static final ConnectorName NAME = new ConnectorName("counter");
    private static final String OFFSETS = "connect-offsets";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path dir;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private EmbeddedBroker other;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private RunningWorker worker;

    @BeforeEach
    void start() {
        other = EmbeddedBroker.start(BrokerConfig.from(broker("other")));
        worker = new RunningWorker(
                broker("worker"), Map.of("connector.client.config.override.policy", "All", "group.id", "g"));
    }

    private Map<String, String> broker(String name) {
        return Map.of(
                "broker.listeners",
                "PLAINTEXT://localhost:0",
                "data.dir",
                dir.resolve(name).toString());
    }

    @AfterEach
    void stop() {
        worker.close();
        other.close();
    }

    private Map<String, String> counting(int count, String bootstrapServers) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", CountingSource.class.getName());
        config.put("tasks.max", "1");
        config.put("topic", "counted");
        config.put("count", String.valueOf(count));
        config.put("producer.override.bootstrap.servers", bootstrapServers);
        return config;
    }

    private void stopConnector() {
        get(worker.herder().stop(NAME));
        worker.awaitStates(NAME.value(), "STOPPED");
    }

    @Test
    void itGoesOnWhereItWasAndItsOffsetsAreThere() throws Exception {
        worker.create(NAME.value(), counting(10, other.bootstrapServers()));
        assertThat(RunningWorker.values(other.bootstrapServers(), "counted", 10))
                .hasSize(10);
        worker.restart();
        worker.put(NAME.value(), counting(20, other.bootstrapServers()));

        assertThat(RunningWorker.values(other.bootstrapServers(), "counted", 20))
                .isEqualTo(IntStream.range(0, 20).mapToObj(String::valueOf).toList());

        stopConnector();
        assertThat(get(worker.herder().offsets(NAME)))
                .containsExactly(new ConnectorOffset(Map.of("task", 0L), Map.of("n", 19L)));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", other.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).contains(OFFSETS);
        }
    }

    @Test
    void itsOffsetsAreResetThereAfterItsTasksWereFencedThere() {
        worker.create(NAME.value(), counting(10, other.bootstrapServers()));
        assertThat(RunningWorker.values(other.bootstrapServers(), "counted", 10))
                .hasSize(10);
        stopConnector();
        try (KafkaProducer<byte[], byte[]> zombie = new KafkaProducer<>(
                Map.of("bootstrap.servers", other.bootstrapServers(), "transactional.id", "g-counter-0"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            zombie.initTransactions();
            zombie.beginTransaction();
            var unused = zombie.send(new ProducerRecord<>("counted", "late".getBytes(UTF_8)));
            zombie.flush();

            get(worker.herder().resetOffsets(NAME));

            assertThatThrownBy(zombie::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        assertThat(get(worker.herder().offsets(NAME))).isEmpty();
    }

    /** A copy of the offsets in the worker's topic would come after newer ones. */
    @Test
    void anotherAddressOfTheWorkersClusterIsNoOtherCluster() {
        String alias = worker.bootstrapServers().replace("localhost", "127.0.0.1");
        assertThat(alias).isNotEqualTo(worker.bootstrapServers());

        worker.create(NAME.value(), counting(10, alias));

        assertThat(worker.values("counted", 10)).hasSize(10);
        stopConnector();
        assertThat(IntStream.range(0, 25)
                        .mapToObj(partition -> worker.records(OFFSETS, partition, 0))
                        .flatMap(List::stream)
                        .map(record -> record.key() + "=" + new String(record.value(), UTF_8)))
                .containsExactly("[\"counter\",{\"task\":0}]={\"n\":9}");
    }
}
