/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.topics.InMemoryLog;
import io.levada.runtime.topics.TopicLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OwnOffsetsTest {
    private static final ConnectorName NAME = new ConnectorName("c");
    private static final Map<String, String> A = Map.of("table", "a");
    private static final Map<String, String> B = Map.of("table", "b");

    private final List<String> order = new ArrayList<>();
    private boolean workersRefuse;
    /** Completes when the log of that name may answer; at once if there is none. */
    private final Map<String, CompletableFuture<Void>> held = new HashMap<>();

    private int closed;
    private final OffsetStore own = new OffsetStore();
    private final OffsetStore workers = new OffsetStore();
    private final InMemoryLog ownLog = new InMemoryLog(own);
    private final InMemoryLog workersLog = new InMemoryLog(workers);
    private final OwnOffsets offsets = new OwnOffsets(
            NAME, new TopicOffsets(NAME, own, "own"), new TopicOffsets(NAME, workers, "workers"), () -> closed++);

    OwnOffsetsTest() {
        own.writeTo(told("own", ownLog));
        workers.writeTo(told("workers", workersLog));
    }

    private TopicLog told(String name, InMemoryLog log) {
        return new TopicLog() {
            @Override
            public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
                order.add(name + (value == null ? " forgets" : " keeps"));
                return workersRefuse && name.equals("workers")
                        ? CompletableFuture.failedFuture(new IllegalStateException("refused on purpose"))
                        : held.getOrDefault(name, CompletableFuture.completedFuture(null))
                                .thenCompose(may -> log.send(key, value));
            }

            @Override
            public CompletionStage<Void> readToEnd() {
                return log.readToEnd();
            }
        };
    }

    private boolean write(Map<Map<String, String>, @Nullable Map<String, Object>> written) {
        return !offsets.write(written).toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void theOwnTopicComesFirstAndTheWorkersFillsItsGaps() {
        workersLog.written("[\"c\",{\"table\":\"a\"}]", "{\"n\":1}");
        workersLog.written("[\"c\",{\"table\":\"b\"}]", "{\"n\":2}");
        ownLog.written("[\"c\",{\"table\":\"b\"}]", "{\"n\":3}");

        assertThat(offsets.offset(A)).isEqualTo(Map.of("n", 1L));
        assertThat(offsets.offset(B)).isEqualTo(Map.of("n", 3L));
        assertThat(offsets.offsets()).hasSize(2).containsEntry(Map.of("table", "b"), Map.of("n", 3L));
    }

    @Test
    void theWorkersTopicGetsACopyAfterwards() {
        assertThat(write(Map.of(A, Map.of("n", 1)))).isTrue();

        assertThat(order).containsExactly("own keeps", "workers keeps");
        assertThat(workersLog.lines()).isEqualTo(ownLog.lines());
    }

    @Test
    void aCopyThatFailsDoesNotCount() {
        workersRefuse = true;

        assertThat(write(Map.of(A, Map.of("n", 1)))).isTrue();

        assertThat(offsets.offset(A)).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void whatIsToBeForgottenIsForgottenInTheWorkersTopicFirst() {
        assertThat(write(Map.of(A, Map.of("n", 1)))).isTrue();
        order.clear();

        assertThat(write(Collections.singletonMap(A, null))).isTrue();

        assertThat(order).containsExactly("workers forgets", "own forgets");
        assertThat(offsets.offsets()).isEmpty();
        workersRefuse = true;
        assertThat(write(Collections.singletonMap(A, null))).isFalse();
        assertThat(order).endsWith("workers forgets").hasSize(3);
    }

    /** The brokers answer late, and a task that was given up meanwhile has a successor, which has written by then. */
    @Test
    void whatIsForgottenForATaskThatWasGivenUpMeanwhileIsNotWrittenToTheOwnTopic() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        held.put("workers", answer);
        Map<Map<String, String>, @Nullable Map<String, Object>> both = new LinkedHashMap<>();
        both.put(A, null);
        both.put(B, Map.of("n", 1));
        CompletableFuture<Void> written = offsets.write(both).toCompletableFuture();

        offsets.endWrites();
        answer.complete(null);

        assertThat(written).isCompletedExceptionally();
        assertThat(order).containsExactly("workers forgets");
        assertThat(offsets.offset(B)).isNull();
    }

    /** Or it would come after the copies of its successor, or bring back what was reset. */
    @Test
    void theWorkersTopicGetsNoCopyOfATaskThatWasGivenUpMeanwhile() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        held.put("own", answer);
        CompletableFuture<Void> written =
                offsets.write(Map.of(A, Map.of("n", 1))).toCompletableFuture();

        offsets.endWrites();
        answer.complete(null);

        assertThat(written).isCompleted();
        assertThat(order).containsExactly("own keeps");
    }

    @Test
    void nothingIsWrittenForATaskThatWasGivenUpAndItsOffsetsCanStillBeRead() {
        assertThat(write(Map.of(A, Map.of("n", 1)))).isTrue();
        order.clear();

        offsets.endWrites();

        assertThat(write(Map.of(A, Map.of("n", 2)))).isFalse();
        assertThat(write(Collections.singletonMap(A, null))).isFalse();
        offsets.committed(Map.of(A, Map.of("n", 2)));
        assertThatThrownBy(() -> offsets.records(Collections.singletonMap(A, null)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("a task that was given up");
        assertThat(order).isEmpty();
        assertThat(offsets.offset(A)).isEqualTo(Map.of("n", 1L));
    }

    @Test
    void inATransactionTheRecordsAreTheSameAndTheCopyFollowsTheCommit() {
        Map<Map<String, String>, Map<String, Object>> written = Map.of(A, Map.of("n", 1));

        List<ProducerRecord<byte[], byte[]>> records = offsets.records(written);

        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("own");
            assertThat(record.key()).asString(UTF_8).isEqualTo("[\"c\",{\"table\":\"a\"}]");
            assertThat(record.value()).asString(UTF_8).isEqualTo("{\"n\":1}");
        });
        assertThat(order).isEmpty();
        offsets.committed(written);
        assertThat(order).containsExactly("workers keeps");
        assertThat(offsets.records(Collections.singletonMap(A, null)).get(0).value())
                .isNull();
        assertThat(order).endsWith("workers forgets");
    }

    @Test
    void itsClientsAreClosedOnce() {
        offsets.close();
        offsets.close();

        assertThat(closed).isEqualTo(1);
    }
}
