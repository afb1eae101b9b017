/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a plugin's question waits for. */
final class StoredOffsetsTest {
    private static final Map<String, String> PARTITION = Map.of("table", "orders");

    private final LoggedLines lines = LoggedLines.of(StoredOffsets.class);
    private final Topic topic = new Topic();
    private final SteppedThreads threads = new SteppedThreads();
    private final StoredOffsets offsets = new StoredOffsets(new ConnectorName("shop"), topic, threads);

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void whatIsReadWithinAMinuteIsAnsweredWithoutAWord() {
        threads.readAfter = Duration.ofSeconds(60);

        assertThat(offsets.offset(PARTITION)).isEqualTo(Map.of("n", 1L));
        assertThat(offsets.offsets(List.of(PARTITION))).containsOnlyKeys(PARTITION);
        assertThat(lines.texts()).isEmpty();
    }

    @Test
    void afterAMinuteAWarningSaysWhyAndTheAnswerIsAwaited() {
        threads.readAfter = Duration.ofSeconds(61);

        assertThat(offsets.offset(PARTITION)).isEqualTo(Map.of("n", 1L));
        assertThat(lines.texts())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains(
                                "brokers are out of reach",
                                "a transaction",
                                "connector=\"shop\"",
                                "topic=\"offsets\""));
    }

    /** No transaction is open for longer than the brokers allow, which is 15 minutes. */
    @Test
    void after16MinutesItIsAFailure() {
        threads.readAfter = Duration.ofMinutes(17);

        assertThatThrownBy(() -> offsets.offset(PARTITION))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("offsets of connector shop within 16 min")
                .hasMessageContaining("topic offsets");
        assertThat(threads.waited).isEqualTo(Duration.ofMinutes(16));
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        StoredOffsets really = new StoredOffsets(new ConnectorName("shop"), topic, TaskThreads.REAL);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> really.offset(PARTITION))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Interrupted while reading the offsets of connector shop");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            boolean unused = Thread.interrupted();
        }
    }

    /** Waits in no time; what is awaited comes after a while, counted from the first wait. */
    private static final class SteppedThreads implements TaskThreads {
        private Duration readAfter = Duration.ZERO;
        private Duration waited = Duration.ZERO;

        @Override
        @SuppressWarnings("NullAway") // What is awaited is a Void.
        public <T> T get(CompletionStage<T> answer, Duration timeout)
                throws InterruptedException, ExecutionException, TimeoutException {
            if (waited.plus(timeout).compareTo(readAfter) < 0) {
                waited = waited.plus(timeout);
                throw new TimeoutException();
            }
            return null;
        }
    }

    /** Is never read to its end. */
    private static final class Topic implements ConnectorOffsets {
        @Override
        public @Nullable Map<String, @Nullable Object> offset(@Nullable Map<String, ?> partition) {
            return Map.of("n", 1L);
        }

        @Override
        public Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> offsets() {
            return Map.of();
        }

        @Override
        public CompletionStage<Void> write(
                Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public String topic() {
            return "offsets";
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> records(
                Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public void committed(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public void endWrites() {
            throw new AssertionError("nobody writes");
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
