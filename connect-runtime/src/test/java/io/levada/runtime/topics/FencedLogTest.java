/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of a topic that one worker writes at a time. */
final class FencedLogTest {
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final FencedLog log = new FencedLog(nowhere(), "configs", Map.of(), settings -> {
        MockProducer<byte[], byte[]> made =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(made);
        return made;
    });

    private static TopicLog nowhere() {
        return new TopicLog() {
            @Override
            public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
                throw new AssertionError("written past the transactions");
            }

            @Override
            public CompletionStage<Void> readToEnd() {
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void write(String key) throws Exception {
        log.send(key.getBytes(UTF_8), new byte[0]).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    private MockProducer<byte[], byte[]> claimed() throws Exception {
        log.claim();
        write("first");
        return producers.get(producers.size() - 1);
    }

    @Test
    void whoeverHasNotClaimedItWritesNothing() {
        assertThatThrownBy(() -> write("a"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers).isEmpty();
    }

    @Test
    void whoeverIsFencedWritesNothingUntilItClaimsAnew() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        before.commitTransactionException = new ProducerFencedException("another leads");

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(NotClaimedException.class);
        assertThatThrownBy(() -> write("b")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(before.closed()).isTrue();
        assertThat(producers).hasSize(1);

        log.claim();
        write("c");
        assertThat(producers.get(1).history()).hasSize(1);
    }

    /** Nobody knows whether it is written; the next producer ends what this one has begun. */
    @Test
    void aCommitThatIsNotAnsweredFailsWhatWasInItAndNothingElse() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        before.commitTransactionException = new TimeoutException("no answer");
        before.abortTransactionException = new IllegalStateException("a commit is under way");

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(TimeoutException.class);
        assertThat(before.closed()).isTrue();

        write("b");
        assertThat(producers).hasSize(2);
    }

    @Test
    void whatIsLeftAtTheEndIsRefused() throws Exception {
        claimed();
        log.close();

        assertThatThrownBy(() -> write("late")).hasCauseInstanceOf(ConnectException.class);
    }
}
