/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.RenameTopic;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.herder.ConnectorOffset;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a worker promises when its sources deliver exactly once, besides all that it promises anyway. */
abstract class ExactlyOnceContract extends WorkerContract {
    @Override
    final String exactlyOnce() {
        return "enabled";
    }

    private static Map<String, String> scripted(String name, String topic) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", ScriptedSource.class.getName());
        config.put("script", name);
        config.put("transforms", "route");
        config.put("transforms.route.type", RenameTopic.class.getName());
        config.put("transforms.route.to", topic);
        config.put("errors.restart.max", "0");
        return config;
    }

    private static Map<String, String> counting(String topic, int tasks, int count) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", CountingSource.class.getName());
        config.put("tasks.max", String.valueOf(tasks));
        config.put("topic", topic);
        config.put("count", String.valueOf(count));
        return config;
    }

    private KafkaProducer<byte[], byte[]> withTransactionalId(String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", worker.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What the producer would find too large is seen before; what brokers refuse is not skipped, as the transaction is lost with it. */
    @Test
    void allOfABatchIsLostWithARecordThatBrokersRefuse() {
        Script script = linesAndALargeOne();
        worker.create(
                source, refused(Map.of("errors.tolerance", "all", "producer.override.max.request.size", "2000000")));

        assertThat(worker.awaitTask(source, 0, "FAILED").trace()).contains("RecordTooLargeException");
        assertThat(get(worker.herder().offsets(new ConnectorName(source)))).isEmpty();
        assertThat(script.calls).containsExactly("start", "stop");
    }

    @Test
    void transactionThatATaskLeavesOpenIsNeverSeenAndItsRecordsComeOnce() {
        String name = "half-" + System.nanoTime();
        Script script = new Script(name);
        script.poll(0, 1);
        Map<String, String> config = scripted(name, name);
        worker.create(name, config);
        assertThat(worker.values(name, 2)).containsExactly("0", "1");
        script.poll(2, 3, 4);
        script.polls.add(new IllegalStateException("broken on purpose"));
        worker.awaitTask(name, 0, "FAILED");
        assertThat(worker.values(name, 5)).containsExactly("0", "1", "2", "3", "4");
        // As another life of the task would leave it that was killed.
        try (KafkaProducer<byte[], byte[]> killed = withTransactionalId(groupId() + "-" + name + "-0")) {
            killed.initTransactions();
            killed.beginTransaction();
            var unused = killed.send(new ProducerRecord<>(name, "never committed".getBytes(UTF_8)));
            killed.flush();

            script.poll(5);
            get(worker.herder().restartTask(new ConnectorName(name).task(0)));

            assertThat(worker.values(name, 6)).containsExactly("0", "1", "2", "3", "4", "5");
            assertThatThrownBy(killed::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> get(worker.herder().offsets(new ConnectorName(name))),
                        List.of(new ConnectorOffset(Map.of("only", "one"), Map.of("n", 5L)))::equals);
    }

    /** A producer that is killed in a transaction with records in all partitions of the offset topic, whose newest offsets come after them. */
    private KafkaProducer<byte[], byte[]> leavesATransactionAmongTheOffsets(String id, Duration timeout) {
        KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        worker.bootstrapServers(),
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        String.valueOf(timeout.toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        for (PartitionInfo partition : killed.partitionsFor(offsetTopic())) {
            var unused = killed.send(new ProducerRecord<>(
                    offsetTopic(), partition.partition(), "[\"of nobody\",{}]".getBytes(UTF_8), "{}".getBytes(UTF_8)));
        }
        killed.flush();
        return killed;
    }

    private void commitsOffset(String connector, int task, int n) {
        try (KafkaProducer<byte[], byte[]> producer = withTransactionalId("alive-" + System.nanoTime())) {
            producer.initTransactions();
            producer.beginTransaction();
            var unused = producer.send(new ProducerRecord<>(
                    offsetTopic(),
                    ("[\"" + connector + "\",{\"task\":" + task + "}]").getBytes(UTF_8),
                    ("{\"n\":" + n + "}").getBytes(UTF_8)));
            producer.commitTransaction();
        }
    }

    @Test
    void anOffsetThatWasCommittedAfterATransactionThatIsStillOpenIsNotMissedByTheNextTask() {
        String name = "behind-" + System.nanoTime();
        worker.create(name, counting(name, 1, 10));
        assertThat(worker.values(name, 10)).hasSize(10);
        get(worker.herder().stop(new ConnectorName(name)));
        worker.awaitStates(name, "STOPPED");
        worker.put(name, counting(name, 1, 20));
        try (KafkaProducer<byte[], byte[]> killed =
                leavesATransactionAmongTheOffsets("killed-" + name, Duration.ofSeconds(1))) {
            assertThat(killed.metrics()).isNotEmpty();
            commitsOffset(name, 0, 14);

            get(worker.herder().resume(new ConnectorName(name)));

            assertThat(worker.values(name, 15)).endsWith("9", "15", "16", "17", "18", "19");
        }
    }

    @Test
    void resetForgetsAlsoWhatATransactionThatAKilledTaskLeftOpenHides() {
        String name = "hidden-" + System.nanoTime();
        worker.create(name, counting(name, 1, 10));
        assertThat(worker.values(name, 10)).hasSize(10);
        get(worker.herder().stop(new ConnectorName(name)));
        worker.awaitStates(name, "STOPPED");
        try (KafkaProducer<byte[], byte[]> killed =
                leavesATransactionAmongTheOffsets(groupId() + "-" + name + "-0", Duration.ofMinutes(15))) {
            commitsOffset(name, 7, 3);

            get(worker.herder().resetOffsets(new ConnectorName(name)));

            assertThatThrownBy(killed::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        assertThat(get(worker.herder().offsets(new ConnectorName(name)))).isEmpty();
    }

    @Test
    void intervalIsOneTransactionOfSeveralPollsThatAPauseEnds() {
        String name = "interval-" + System.nanoTime();
        Script script = new Script(name);
        Map<String, String> config = scripted(name, name);
        config.put("transaction.boundary", "interval");
        config.put("transaction.boundary.interval.ms", "600000");
        script.poll(0, 1);
        script.poll(2);
        worker.create(name, config);
        assertThat(worker.records(name, 3)).hasSize(3);
        assertThat(get(worker.herder().offsets(new ConnectorName(name)))).isEmpty();
        assertThat(script.calls).containsExactly("start");

        get(worker.herder().pause(new ConnectorName(name)));

        worker.awaitStates(name, "PAUSED", "PAUSED");
        assertThat(worker.values(name, 3)).containsExactly("0", "1", "2");
        assertThat(get(worker.herder().offsets(new ConnectorName(name))))
                .containsExactly(new ConnectorOffset(Map.of("only", "one"), Map.of("n", 2L)));
        assertThat(script.calls).containsExactly("start", "record 0", "record 1", "record 2", "commit");
    }

    @Test
    void connectorEndsItsTransactionsAndWhatItAbortsIsNeitherSeenNorReadAgain() {
        String name = "marked-" + System.nanoTime();
        Script script = new Script(name);
        Map<String, String> config = scripted(name, name);
        config.put("transaction.boundary", "connector");
        script.poll(0);
        script.poll(1);
        script.commitTransaction();
        script.poll(2, 3);
        script.abortTransaction();
        worker.create(name, config);
        assertThat(worker.values(name, 2)).containsExactly("0", "1");
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> get(worker.herder().offsets(new ConnectorName(name))),
                        List.of(new ConnectorOffset(Map.of("only", "one"), Map.of("n", 3L)))::equals);

        script.poll(4);
        script.commitTransaction();

        assertThat(worker.values(name, 3)).containsExactly("0", "1", "4");
        assertThat(script.calls).contains("dropped 2", "dropped 3").doesNotContain("record 2", "record 3");
    }

    @Test
    void tasksThatAreNoMoreCanCommitNoMore() {
        String name = "fewer-" + System.nanoTime();
        worker.create(name, counting(name, 3, 5));
        assertThat(worker.values(name, 15)).hasSize(15);
        get(worker.herder().stop(new ConnectorName(name)));
        worker.awaitStates(name, "STOPPED");
        try (KafkaProducer<byte[], byte[]> zombie = withTransactionalId(groupId() + "-" + name + "-2")) {
            zombie.initTransactions();
            zombie.beginTransaction();
            var unused = zombie.send(new ProducerRecord<>(name, "late".getBytes(UTF_8)));
            zombie.flush();

            worker.put(name, counting(name, 1, 9));
            get(worker.herder().resume(new ConnectorName(name)));
            worker.awaitStates(name, "RUNNING", "RUNNING");

            assertThat(worker.values(name, 19)).hasSize(19).doesNotContain("late");
            assertThatThrownBy(zombie::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
    }

    @Test
    void offsetsThatWereAlteredAreNotUndoneByATaskThatWasGivenUp() {
        String name = "altered-" + System.nanoTime();
        worker.create(name, counting(name, 1, 10));
        assertThat(worker.values(name, 10)).hasSize(10);
        get(worker.herder().stop(new ConnectorName(name)));
        worker.awaitStates(name, "STOPPED");
        try (KafkaProducer<byte[], byte[]> zombie = withTransactionalId(groupId() + "-" + name + "-0")) {
            zombie.initTransactions();
            zombie.beginTransaction();
            var unused = zombie.send(new ProducerRecord<>(name, "late".getBytes(UTF_8)));
            zombie.flush();

            get(worker.herder()
                    .alterOffsets(
                            new ConnectorName(name), List.of(new ConnectorOffset(Map.of("task", 0), Map.of("n", 7)))));

            assertThatThrownBy(zombie::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        get(worker.herder().resume(new ConnectorName(name)));
        assertThat(worker.values(name, 12))
                .isEqualTo(IntStream.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 9)
                        .mapToObj(String::valueOf)
                        .toList());
    }
}
