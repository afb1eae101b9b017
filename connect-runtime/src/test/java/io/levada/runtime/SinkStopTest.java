/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.HoldingSink;
import io.levada.runtime.herder.ConnectorOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink task is stopped once and by its own thread, after its last commit; one that does not come back commits nothing any more. */
final class SinkStopTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static RunningWorker worker;

    private ConnectorName name;
    private String topic;

    @BeforeAll
    static void startWorker() {
        worker = new RunningWorker(
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString()),
                Map.of("task.shutdown.graceful.timeout.ms", "1000", "offset.flush.interval.ms", "3600000"));
    }

    @AfterAll
    static void stopWorker() {
        worker.close();
    }

    @BeforeEach
    void names() {
        int number = NUMBER.incrementAndGet();
        name = new ConnectorName("holding-" + number);
        topic = "held-" + number;
    }

    @Test
    void aStoppedTaskCommitsAndClosesBeforeItIsStopped() throws Exception {
        HoldingSink.Held held = running("");

        stop();

        await().atMost(LONG_ENOUGH).until(() -> held.calls.contains("stop"));
        assertThat(held.calls).containsExactly("start", "put", "preCommit", "close", "stop");
        assertThat(held.written).containsExactly("0", "1", "2");
        await().atMost(LONG_ENOUGH).until(() -> committed().equals(offset(3)));
    }

    @Test
    void aTaskThatHangsInPutIsLeftBehindAndWhatItHoldsComesAgain() throws Exception {
        HoldingSink.Held held = running("put");

        stop();
        awaitAnEmptyGroup();
        held.released.countDown();

        await().atMost(LONG_ENOUGH).until(() -> held.calls.contains("stop"));
        assertThat(held.calls).containsExactly("start", "put", "close", "stop");
        assertThat(committed()).isEmpty();
        get(worker.herder().resume(name));
        await().atMost(LONG_ENOUGH)
                .until(() -> held.calls.stream().filter("put"::equals).count() > 1);
        stop();
        await().atMost(LONG_ENOUGH).until(() -> committed().equals(offset(3)));
        assertThat(held.written).containsExactly("0", "1", "2");
    }

    @Test
    void aTaskThatHangsInPreCommitCommitsNothingOnceItIsLeftBehind() throws Exception {
        HoldingSink.Held held = running("preCommit");

        stop();
        awaitAnEmptyGroup();
        held.released.countDown();

        await().atMost(LONG_ENOUGH).until(() -> held.calls.contains("stop"));
        assertThat(held.calls).containsExactly("start", "put", "preCommit", "close", "stop");
        assertThat(committed()).isEmpty();
    }

    @Test
    void aTaskThatHangsInCloseCommitsNothingOnceItIsLeftBehind() throws Exception {
        HoldingSink.Held held = running("close");

        stop();
        awaitAnEmptyGroup();
        held.released.countDown();

        await().atMost(LONG_ENOUGH).until(() -> held.calls.contains("stop"));
        assertThat(held.calls).containsExactly("start", "put", "preCommit", "close", "stop");
        assertThat(committed()).isEmpty();
    }

    @Test
    void aTaskThatHangsInStopHasCommittedAlready() throws Exception {
        HoldingSink.Held held = running("stop");

        stop();
        assertThat(held.entered.await(90, TimeUnit.SECONDS)).isTrue();

        await().atMost(LONG_ENOUGH).until(() -> committed().equals(offset(3)));
        awaitAnEmptyGroup();
        held.released.countDown();
        assertThat(held.calls).containsExactly("start", "put", "preCommit", "close", "stop");
    }

    @Test
    void offsetsAreNotAlteredUnderATaskThatStillRuns() throws Exception {
        HoldingSink.Held held = running("put");
        stop();
        ConnectorOffset one =
                new ConnectorOffset(Map.of("kafka_topic", topic, "kafka_partition", 0), Map.of("kafka_offset", 1));

        assertThatThrownBy(() -> get(worker.herder().alterOffsets(name, List.of(one))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("its tasks haven't stopped completely yet")
                .hasMessageContaining(name + "-0");
        assertThatThrownBy(() -> get(worker.herder().resetOffsets(name)))
                .hasMessageContaining("its tasks haven't stopped completely yet");

        held.released.countDown();
        await().atMost(LONG_ENOUGH)
                .ignoreExceptions()
                .until(() ->
                        get(worker.herder().alterOffsets(name, List.of(one))).contains("successfully"));
        assertThat(committed()).isEqualTo(offset(1));
    }

    /** A connector with three records put; held in its method, if it has got there. */
    private HoldingSink.Held running(String method) throws Exception {
        HoldingSink.Held held = HoldingSink.holding(name.value(), method);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", worker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int number = 0; number < 3; number++) {
                producer.send(new ProducerRecord<>(topic, String.valueOf(number).getBytes(UTF_8)))
                        .get();
            }
        }
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", HoldingSink.class.getName());
        config.put("topics", topic);
        worker.create(name.value(), config);
        await().atMost(LONG_ENOUGH).until(() -> held.calls.contains("put"));
        return held;
    }

    private void stop() {
        get(worker.herder().stop(name));
    }

    private List<ConnectorOffset> committed() {
        return get(worker.herder().offsets(name));
    }

    private List<ConnectorOffset> offset(long next) {
        return List.of(
                new ConnectorOffset(Map.of("kafka_topic", topic, "kafka_partition", 0), Map.of("kafka_offset", next)));
    }

    /** The consumer has left, and not only fallen silent. */
    private void awaitAnEmptyGroup() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", worker.bootstrapServers()))) {
            await().atMost(LONG_ENOUGH)
                    .until(() -> admin.describeConsumerGroups(List.of("connect-" + name))
                            .all()
                            .get()
                            .values()
                            .iterator()
                            .next()
                            .members()
                            .isEmpty());
        }
    }
}
