/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import static io.levada.broker.txn.Coordinating.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TransactionCoordinatorTest {
    private static final String ID = "t";

    @TempDir
    Path dir;

    private Coordinating world;
    private Producer producer = Producer.NONE;

    @BeforeEach
    void start() {
        world = new Coordinating(dir.resolve("first"));
        producer = world.initialize(ID, Optional.empty());
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void anAnsweredCommitWhoseMarkersWereNeverWrittenIsCarriedOutByTheNextStart() {
        open();
        world.holdMarkers();
        producer = get(world.end(ID, producer, TransactionResult.COMMIT));
        Awaitility.await().until(() -> world.markersHeld() == 2);
        assertThat(world.committed(0)).isEmpty();
        world = world.cutPower(dir.resolve("second"));
        world.settle();
        assertThat(world.committed(0)).containsExactly("x");
        assertThat(world.committed(1)).containsExactly("y");
        assertThat(state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
    }

    @Test
    void whileMarkersAreWrittenTheIdIsBusy() {
        open();
        world.holdMarkers();
        Producer next = get(world.end(ID, producer, TransactionResult.COMMIT));
        assertThat(error(world.coordinator.initialize(ID, new Initialization(60_000, Optional.empty()))))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(error(world.coordinator.add(
                        ID, new Addition(next, Set.of(new TopicPartition("orders", 2)), Transaction.VERSION_0))))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(error(world.coordinator.admit(
                        ID, next.id(), next.epoch(), Set.of(new TopicPartition("orders", 2)), true)))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        world.releaseMarkers();
        world.settle();
        assertThat(world.committed(0)).containsExactly("x");
    }

    @Test
    void aPartitionThatCannotBeWrittenIsTriedAgainAndKeepsNobodyElseWaiting() {
        open();
        Producer other = world.initialize("other", Optional.empty());
        world.append("other", other, 2, 0, "z");
        world.files.fillUpAfter(0);
        CompletableFuture<Producer> ended = world.end(ID, producer, TransactionResult.COMMIT);
        assertThat(error(ended)).as("the decision cannot be stored").isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(state()).isEqualTo(TransactionState.ONGOING);
        world.files.fillUpAfter(Integer.MAX_VALUE);
        world.holdMarkers();
        producer = get(world.end(ID, producer, TransactionResult.COMMIT));
        Awaitility.await().until(() -> world.markersHeld() == 2);
        world.files.fillUpAfter(0);
        world.releaseMarkers();
        Awaitility.await().until(() -> world.committed(0).isEmpty());
        world.files.fillUpAfter(Integer.MAX_VALUE);
        get(world.end("other", other, TransactionResult.COMMIT));
        world.settle();
        assertThat(world.committed(0)).containsExactly("x");
        assertThat(world.committed(2)).containsExactly("z");
    }

    @Test
    void aDeletedTopicIsNoLongerPartOfTheTransaction() {
        open();
        get(world.topics.delete(Coordinating.TOPIC));
        producer = get(world.end(ID, producer, TransactionResult.COMMIT));
        world.settle();
        assertThat(state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
    }

    @Test
    void aTopicOfTransactionsThatWasDeletedIsMadeAnewAndServed() {
        open();
        get(world.topics.delete(org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME));
        get(world.coordinator.ready());
        assertThat(get(world.coordinator.all())).isEmpty();
        assertThat(world.initialize(ID, Optional.empty()).id()).isGreaterThan(producer.id());
    }

    @Test
    void aMarkerOfAHigherCoordinatorEpochDoesNotKeepATransactionFromEnding() {
        open();
        world.log(0).endTransaction(producer.id(), producer.epoch(), 7, TransactionResult.COMMIT);
        producer = get(world.end(ID, producer, TransactionResult.COMMIT));
        world.settle();
        assertThat(state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
        assertThat(world.committed(0)).containsExactly("x");
        assertThat(world.committed(1)).containsExactly("y");
        assertThatThrownBy(
                        () -> world.log(0).endTransaction(producer.id(), producer.epoch(), 6, TransactionResult.ABORT))
                .as("the epoch seen stays")
                .isInstanceOf(TransactionCoordinatorFencedException.class);
    }

    @Test
    void aTransactionPastItsTimeIsAbortedAndItsProducerFenced() {
        open();
        world.nowMs.addAndGet(60_001);
        Awaitility.await().until(() -> state() == TransactionState.COMPLETE_ABORT);
        assertThat(world.committed(0)).isEmpty();
        assertThatThrownBy(() -> world.append(ID, producer, 0, 1, "late"))
                .satisfies(
                        e -> assertThat(ErrorCodes.of(e)).isIn(Errors.PRODUCER_FENCED, Errors.INVALID_PRODUCER_EPOCH));
    }

    @Test
    void anIdThatNobodyUsesIsForgotten() {
        world.nowMs.addAndGet(8L * 24 * 3600 * 1000);
        Awaitility.await().until(() -> get(world.coordinator.find(ID)).isEmpty());
        assertThat(error(world.end(ID, producer, TransactionResult.COMMIT)))
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(world.initialize(ID, Optional.empty()).id()).isGreaterThan(producer.id());
    }

    @Test
    void aRestartFindsWhatWasThereAndGivesOutNoProducerIdAgain() {
        open();
        Transaction before = get(world.coordinator.find(ID)).orElseThrow();
        world = world.cutPower(dir.resolve("second"));
        assertThat(get(world.coordinator.find(ID))).contains(before);
        assertThat(world.initialize("new", Optional.empty()).id()).isGreaterThan(producer.id());
        world.append(ID, producer, 0, 1, "x2");
        get(world.end(ID, producer, TransactionResult.COMMIT));
        world.settle();
        assertThat(world.committed(0)).containsExactly("x", "x2");
    }

    @Test
    void aBatchThatWasAdmittedBeforeAMarkerBeginsNothingAfterIt() {
        open();
        PartitionLog log = world.log(2);
        Admission admission = get(world.coordinator.admitOnceEnded(
                ID,
                producer.id(),
                producer.epoch(),
                Set.of(log.partition()),
                true,
                () -> log.admit(producer.id(), producer.epoch(), 0, TransactionVersion.BUMPS_EPOCHS)));
        get(world.end(ID, producer, TransactionResult.ABORT));
        world.settle();
        MemoryRecords late = MemoryRecords.withTransactionalRecords(
                Compression.NONE, producer.id(), producer.epoch(), 0, new SimpleRecord(new byte[] {1}));
        assertThatThrownBy(() -> log.append(late, AppendOrigin.CLIENT, admission))
                .satisfies(e ->
                        assertThat(ErrorCodes.of(e)).isIn(Errors.INVALID_TXN_STATE, Errors.INVALID_PRODUCER_EPOCH));
        assertThat(log.lastStableOffset()).isEqualTo(log.highWatermark());
    }

    @Test
    void aBatchThatWaitsForTheLastMarkersIsAdmittedAfterThem() {
        open();
        world.holdMarkers();
        Producer next = get(world.end(ID, producer, TransactionResult.COMMIT));
        CompletableFuture<Boolean> appended = CompletableFuture.supplyAsync(() -> {
            world.append(ID, next, 0, 0, "next");
            return true;
        });
        Awaitility.await().until(() -> world.markersHeld() == 2);
        world.releaseMarkers();
        assertThat(get(appended)).isTrue();
        get(world.end(ID, next, TransactionResult.COMMIT));
        world.settle();
        assertThat(world.committed(0)).containsExactly("x", "next");
    }

    private void open() {
        world.append(ID, producer, 0, 0, "x");
        world.append(ID, producer, 1, 0, "y");
    }

    private TransactionState state() {
        return get(world.coordinator.find(ID)).orElseThrow().state();
    }

    private static Errors error(CompletableFuture<?> future) {
        return get(future.handle((done, failure) -> failure == null ? Errors.NONE : ErrorCodes.of(failure)));
    }
}
