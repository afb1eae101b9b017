/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.threads.TaskThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a record that the producer does not take. */
final class RecordSenderTest {
    private final Refusing producer = new Refusing();
    private final Hasty threads = new Hasty();
    private final TaskControl control = new TaskControl(false, threads);
    private final RecordSender sender = new RecordSender(
            new TaskLog(new ConnectorName("c").task(0), Resolved.NOTHING), producer, TopicCreation.none(), control);

    private boolean send() throws InterruptedException {
        byte[] text = "text".getBytes(UTF_8);
        return sender.send(new ProducerRecord<>("t", text, text), (metadata, failure) -> {});
    }

    @Test
    void whatMayPassIsTriedAgainUntilItHas() throws InterruptedException {
        producer.refuse(new TimeoutException("no metadata yet"));
        producer.refuse(new org.apache.kafka.connect.errors.RetriableException("no topic yet"));

        assertThat(send()).isTrue();

        assertThat(producer.history()).hasSize(1);
        assertThat(threads.waits).as("not at once").isEqualTo(2);
    }

    @Test
    void whoIsToldToStopTriesNoMore() throws InterruptedException {
        producer.refuse(() -> {
            control.stop();
            return new TimeoutException("no metadata yet");
        });

        assertThat(send()).isFalse();

        assertThat(producer.history()).isEmpty();
    }

    /** A record that can be sent is: it was polled, and its offset goes with it. */
    @Test
    void whoIsToldToStopSendsWhatCanBeSent() throws InterruptedException {
        control.stop();

        assertThat(send()).isTrue();

        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void whatNeverPassesEndsTheTaskAndNamesTheTopic() {
        producer.refuse(new KafkaException("no transaction"));
        assertThatThrownBy(this::send)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("topic t")
                .hasMessageContaining("no transaction");

        producer.close();
        assertThatThrownBy(this::send)
                .isInstanceOf(ConnectException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void anInterruptionIsOneAgainAndItsFlagIsTakenBack() {
        producer.refuse(new InterruptException("left behind"));

        assertThatThrownBy(this::send).isInstanceOf(InterruptedException.class).hasMessageContaining("left behind");

        assertThat(Thread.interrupted()).isFalse();
    }

    /** Refuses what it is told to, and takes everything else. */
    private static final class Refusing extends MockProducer<byte[], byte[]> {
        private final Deque<Supplier<RuntimeException>> refusals = new ArrayDeque<>();

        private Refusing() {
            super(TransactionalFixture.CLUSTER, true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        private void refuse(RuntimeException how) {
            refuse(() -> how);
        }

        private void refuse(Supplier<RuntimeException> how) {
            refusals.add(how);
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (!refusals.isEmpty()) {
                throw refusals.remove().get();
            }
            return super.send(record, callback);
        }
    }

    /** Time that passes as soon as somebody waits. */
    private static final class Hasty implements TaskThreads {
        private long nanos;
        private int waits;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void await(Object monitor, long ms) {
            waits++;
            nanos += ms * 1_000_000;
        }
    }
}
