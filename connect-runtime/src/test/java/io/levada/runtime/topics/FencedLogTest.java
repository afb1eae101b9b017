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
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean leads = new AtomicBoolean(true);
    /** What the brokers do about the next claims. */
    private Runnable onInit = () -> {};

    private final FencedLog log = new FencedLog(nowhere(), "configs", Map.of(), settings -> {
        MockProducer<byte[], byte[]> made =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public void initTransactions() {
                        onInit.run();
                        super.initTransactions();
                    }
                };
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

    private void claim() throws Exception {
        log.claim(leads::get).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    private MockProducer<byte[], byte[]> claimed() throws Exception {
        claim();
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

        claim();
        write("c");
        assertThat(producers.get(1).history()).hasSize(1);
    }

    /** Nobody knows whether it is written, nor who leads by now: whoever claims the topic next ends what this one has begun. */
    @Test
    void aCommitThatIsNotAnsweredEndsTheClaim() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        before.commitTransactionException = new TimeoutException("no answer");
        before.abortTransactionException = new IllegalStateException("a commit is under way");

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(TimeoutException.class);
        assertThat(before.closed()).isTrue();

        assertThatThrownBy(() -> write("b")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers).hasSize(1);

        claim();
        write("c");
        assertThat(producers).hasSize(2);
    }

    @Test
    void aTransactionThatCannotBeAbortedEndsTheClaim() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        before.sendException = new TimeoutException("no answer");
        before.abortTransactionException = new TimeoutException("nor here");

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> write("b")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers).hasSize(1);
    }

    @Test
    void whoeverFindsWhenItAbortsThatItIsFencedHasNotClaimedIt() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        before.sendException = new TimeoutException("no answer");
        before.abortTransactionException = new ProducerFencedException("another leads");

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(NotClaimedException.class);
    }

    @Test
    void whoeverHasCeasedToLeadWritesNothingAndFencesNobody() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        leads.set(false);

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(before.history()).hasSize(1);

        assertThatThrownBy(this::claim).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers).hasSize(1);
    }

    @Test
    void whoeverCeasesToLeadWhileItClaimsTheTopicLetsGoOfIt() {
        onInit = () -> leads.set(false);

        assertThatThrownBy(this::claim).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers.get(0).closed()).isTrue();
        leads.set(true);
        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers).hasSize(1);
    }

    @Test
    void aClaimThatIsNotAnsweredIsMadeByWhoeverWritesWhileThisOneLeads() throws Exception {
        onInit = () -> {
            throw new TimeoutException("no answer");
        };
        assertThatThrownBy(this::claim).hasCauseInstanceOf(TimeoutException.class);
        leads.set(false);
        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(producers).hasSize(1);

        leads.set(true);
        assertThatThrownBy(this::claim).hasCauseInstanceOf(TimeoutException.class);
        onInit = () -> {};
        write("b");
        assertThat(producers.get(2).history()).hasSize(1);
    }

    @Test
    void whoeverLetsGoOfItWritesNothingUntilItClaimsAnew() throws Exception {
        MockProducer<byte[], byte[]> before = claimed();
        log.release();

        assertThatThrownBy(() -> write("a")).hasCauseInstanceOf(NotClaimedException.class);
        assertThat(before.closed()).isTrue();
        assertThat(producers).hasSize(1);
    }

    @Test
    void whatIsLeftAtTheEndIsRefused() throws Exception {
        claimed();
        log.close();

        assertThatThrownBy(() -> write("late")).hasCauseInstanceOf(ConnectException.class);
    }
}
