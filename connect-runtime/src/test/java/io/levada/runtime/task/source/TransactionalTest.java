/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connectors.ScriptedSource.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where transactions begin and end, over a producer in memory. */
final class TransactionalTest {
    private final TransactionalFixture fixture = new TransactionalFixture();
    private final Script script = fixture.script;

    @Test
    void eachPollIsATransactionWithItsOffset() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of());

        delivery.send(script.records(1, 2));
        delivery.send(script.records(3));

        assertThat(fixture.committed()).containsExactly("1", "2", "{\"n\":2}", "3", "{\"n\":3}");
        assertThat(fixture.producer.commitCount()).isEqualTo(2);
        assertThat(script.calls).containsExactly("record 1", "record 2", "commit", "record 3", "commit");
        assertThat(fixture.worked).isEqualTo(1); // The first time in its life, not each time.
    }

    /** As all else that writes them: an older one in another partition might be read after it. */
    @Test
    void offsetsOfOneKeyAreInThePartitionOfTheKey() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of());

        delivery.send(script.records(1));
        delivery.send(script.records(2));
        delivery.send(script.records(3));

        byte[] key = "[\"c\",{\"only\":\"one\"}]".getBytes(UTF_8);
        int partition = BuiltInPartitioner.partitionForKey(key, 5);
        assertThat(fixture.producer.history().stream()
                        .filter(record -> record.topic().equals("connect-offsets"))
                        .map(ProducerRecord::partition))
                .containsExactly(partition, partition, partition);
    }

    @Test
    void anIntervalIsOneTransactionThatEndsWithThePauseOrTheTask() throws InterruptedException {
        Transactional delivery = fixture.delivery(
                Map.of("transaction.boundary", "interval", "transaction.boundary.interval.ms", "600000"));
        delivery.send(script.records(1));
        delivery.send(script.records(2));
        delivery.idle();
        assertThat(fixture.committed()).isEmpty();

        assertThat(delivery.pausing()).isTrue();
        assertThat(fixture.committed()).containsExactly("1", "2", "{\"n\":2}");
        delivery.send(script.records(3));
        delivery.finish();

        assertThat(fixture.committed()).endsWith("3", "{\"n\":3}");
        assertThat(fixture.producer.commitCount()).isEqualTo(2);
    }

    @Test
    void anIntervalThatIsOverEndsAlsoWhenNothingComes() throws InterruptedException {
        Transactional delivery = fixture.delivery(
                Map.of("transaction.boundary", "interval", "transaction.boundary.interval.ms", "1000"));
        delivery.send(script.records(1));
        delivery.idle();
        assertThat(fixture.committed()).isEmpty();

        fixture.nanos += Duration.ofSeconds(1).toNanos();
        delivery.idle();

        assertThat(fixture.committed()).containsExactly("1", "{\"n\":1}");
        assertThat(fixture.producer.commitCount()).isEqualTo(1);
    }

    @Test
    void aPollIsTheBoundaryUnlessToldOtherwiseAndTheFlushIntervalThatOfIntervals() {
        Map<String, @Nullable String> interval = Map.of("transaction.boundary", "interval");

        assertThat(Boundary.of(Map.of(), Duration.ofHours(1), () -> 0)).isInstanceOf(Boundary.Poll.class);
        assertThat(Boundary.of(interval, Duration.ofHours(1), () -> 0).interval())
                .isEqualTo(Duration.ofHours(1));
        assertThat(Boundary.of(interval, Duration.ofHours(1), () -> 0).afterBatch())
                .isEqualTo(Boundary.Verdict.GO_ON);
        assertThat(Boundary.of(interval, Duration.ZERO, () -> 0).afterBatch()).isEqualTo(Boundary.Verdict.COMMIT);
        assertThat(Boundary.of(
                                Map.of("transaction.boundary", " Interval ", "transaction.boundary.interval.ms", " 7 "),
                                Duration.ZERO,
                                () -> 0)
                        .interval())
                .as("with blanks, as ConfigDef takes it")
                .isEqualTo(Duration.ofMillis(7));
    }

    /** The producer would refuse it, and with it all of the transaction. */
    @Test
    void aRecordThatIsTooLargeIsLeftOutIfThatIsTolerated() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("errors.tolerance", "all"));
        List<SourceRecord> records = new ArrayList<>(script.records(1));
        records.add(fixture.large(2));
        records.addAll(script.records(3));

        delivery.send(records);

        assertThat(fixture.committed()).containsExactly("1", "3", "{\"n\":3}");
        assertThat(script.calls).containsExactly("record 1", "dropped " + "x".repeat(1_000), "record 3", "commit");
    }

    @Test
    void aRecordThatIsTooLargeEndsTheTaskOtherwise() {
        Transactional delivery = fixture.delivery(Map.of());
        List<SourceRecord> records = new ArrayList<>(script.records(1));
        records.add(fixture.large(2));

        assertThatThrownBy(() -> delivery.send(records))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("max.request.size of 1000")
                .hasCauseInstanceOf(RecordTooLargeException.class);

        assertThat(fixture.committed()).isEmpty();
    }

    @Test
    void theTaskEndsItsTransactionsWhereItWants() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "connector"));
        TransactionContext context = Objects.requireNonNull(delivery.context());
        List<SourceRecord> records = script.records(1, 2, 3, 4, 5);
        context.commitTransaction(records.get(1));
        context.abortTransaction(records.get(3));

        delivery.send(records);

        // The aborted records are gone, and their offsets count.
        assertThat(fixture.committed()).containsExactly("1", "2", "{\"n\":2}", "{\"n\":4}");
        assertThat(script.calls).containsExactly("record 1", "record 2", "commit", "dropped 3", "dropped 4", "commit");
        context.commitTransaction();
        delivery.send(script.records(6));
        assertThat(fixture.committed()).endsWith("5", "6", "{\"n\":6}");
        delivery.send(script.records(7));
        delivery.finish();
        assertThat(fixture.committed()).endsWith("6", "{\"n\":6}");
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    @Test
    void aTransactionThatIsAbortedDoesNotShowThatTheTaskWorks() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "connector"));
        TransactionContext context = Objects.requireNonNull(delivery.context());
        context.abortTransaction();
        delivery.send(script.records(1));
        assertThat(fixture.worked).isZero();

        context.commitTransaction();
        delivery.send(script.records(2));

        assertThat(fixture.worked).isEqualTo(1);
    }

    @Test
    void aTransactionThatOnlyTheTaskEndsHoldsUpAPauseAndLosesNothing() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "connector"));
        delivery.send(script.records(1));

        assertThat(delivery.pausing()).isFalse();
        assertThat(fixture.producer.transactionInFlight()).isTrue();

        Objects.requireNonNull(delivery.context()).commitTransaction();
        assertThat(delivery.pausing()).isTrue();
        assertThat(fixture.committed()).containsExactly("1", "{\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"poll", "interval"})
    void whatPrecedesARecordThatFailsIsCommittedWithItsOffset(String boundary) throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", boundary));

        assertThatThrownBy(() -> delivery.send(script.records(1, 2, 99, 3))).isInstanceOf(ConnectException.class);
        delivery.finish();

        assertThat(fixture.committed()).containsExactly("1", "2", "{\"n\":2}");
        assertThat(script.calls).containsExactly("record 1", "record 2", "commit");
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    @Test
    void whatPrecedesARecordThatIsTooLargeIsCommitted() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of());
        List<SourceRecord> records = new ArrayList<>(script.records(1));
        records.add(fixture.large(2));

        assertThatThrownBy(() -> delivery.send(records)).isInstanceOf(ConnectException.class);
        delivery.finish();

        assertThat(fixture.committed()).containsExactly("1", "{\"n\":1}");
    }

    /** A restart goes on behind that offset: the record that failed would not come again. */
    @Test
    void nothingIsCommittedIfTheRecordThatFailsHasTheOffsetOfOneBefore() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of());
        SourceRecord failing = script.records(99).get(0);
        SourceRecord before = script.records(1).get(0);
        SourceRecord alike = new SourceRecord(
                before.sourcePartition(),
                before.sourceOffset(),
                failing.topic(),
                failing.valueSchema(),
                failing.value());

        assertThatThrownBy(() -> delivery.send(List.of(before, alike))).isInstanceOf(ConnectException.class);
        delivery.finish();

        assertThat(fixture.committed()).isEmpty();
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    @Test
    void aTransactionThatTheTaskEndsIsAbortedIfARecordInItFails() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "connector"));
        Objects.requireNonNull(delivery.context()).commitTransaction();

        assertThatThrownBy(() -> delivery.send(script.records(1, 99))).isInstanceOf(ConnectException.class);
        delivery.finish();

        assertThat(fixture.committed()).isEmpty();
        assertThat(script.calls).isEmpty();
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    @Test
    void nothingBehindRecordsThatWereTakenBackAtTheEndIsCommitted() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "connector"));
        TransactionContext context = Objects.requireNonNull(delivery.context());
        delivery.send(script.records(1, 2));
        delivery.finish(); // by another thread, while the task's own does not come back from its poll

        context.commitTransaction();
        delivery.send(script.records(3));
        context.commitTransaction();
        delivery.idle();
        delivery.finish();

        assertThat(fixture.committed()).isEmpty();
        assertThat(script.calls).isEmpty();
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    /** It could not be committed either, and would hold up readers of committed records until it timed out. */
    @Test
    void aTransactionInWhichTheProducerFailsIsAborted() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "interval"));
        delivery.send(script.records(1));

        fixture.producer.sendException = new KafkaException("in an error state");
        assertThatThrownBy(() -> delivery.send(script.records(2))).isInstanceOf(ConnectException.class);
        delivery.finish();

        assertThat(fixture.committed()).isEmpty();
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    @Test
    void aTransactionThatCannotBeCommittedAtTheEndIsAborted() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "interval"));
        delivery.send(script.records(1));

        fixture.producer.commitTransactionException = new KafkaException("refused");
        assertThatThrownBy(delivery::finish).isInstanceOf(ConnectException.class);

        assertThat(fixture.committed()).isEmpty();
        assertThat(fixture.producer.transactionInFlight()).isFalse();
    }

    /** Kafka's producer takes no abort then: the brokers, or the next life of the task, end the transaction one way or the other. */
    @Test
    void aCommitOfWhichNobodyKnowsWhatBecameIsTold() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "interval"));
        delivery.send(script.records(1));

        fixture.producer.commitTransactionException = new TimeoutException("no answer");
        fixture.producer.abortTransactionException = new IllegalStateException("the commit must be tried again");

        assertThatThrownBy(delivery::finish)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot commit its transaction")
                .hasMessageContaining("no answer");
    }

    @Test
    void aTopicThatGotNoRecordIsNotToldOf() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "interval"));
        delivery.send(script.records(1));
        String used = script.records(1).get(0).topic();

        fixture.producer.sendException = new TimeoutException("no leader");
        fixture.control.stop();
        delivery.send(fixture.into("without-leader"));
        fixture.producer.sendException = null;
        delivery.finish();

        assertThat(fixture.committed()).containsExactly("1", "{\"n\":1}");
        assertThat(fixture.topics).containsExactly(used);
    }

    @Test
    void aTaskThatWasGivenUpCommitsNothing() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "interval"));
        delivery.send(script.records(1));

        delivery.cancel();
        delivery.send(script.records(2));
        delivery.finish();

        assertThat(fixture.committed()).isEmpty();
        assertThat(script.calls).isEmpty();
    }

    @Test
    void whoIsFencedSaysWhatHappened() throws InterruptedException {
        Transactional delivery = fixture.delivery(Map.of("transaction.boundary", "interval"));
        delivery.send(script.records(1));

        fixture.producer.fenceProducer();

        assertThatThrownBy(delivery::pausing)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("another life of the task has begun")
                .hasMessageContaining("transaction.timeout.ms");
    }

    @Test
    void whoAsksForLongerTransactionsThanTheBrokersAllowIsToldTheKey() {
        fixture.producer.initTransactionException = new InvalidTxnTimeoutException("longer than the brokers allow");

        assertThatThrownBy(() -> fixture.delivery(Map.of()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Task c-0 cannot begin transactions")
                .hasMessageContaining("Set producer.override.transaction.timeout.ms")
                .hasMessageContaining("transaction.max.timeout.ms")
                .hasCauseInstanceOf(InvalidTxnTimeoutException.class);
    }

    @Test
    void whatWasSentBeforeARecordThatWaitsToBeTriedAgainIsCommittedAtTheEnd() throws InterruptedException {
        Transactional delivery = fixture.delivery(
                Map.of("transaction.boundary", "interval", "errors.retry.timeout", "-1", "transforms.t.retry", "2"));
        fixture.control.stop();

        assertThatThrownBy(() -> delivery.send(script.records(1, 2, 3))).isInstanceOf(InterruptedException.class);
        delivery.finish();

        assertThat(fixture.committed()).containsExactly("1", "{\"n\":1}");
        assertThat(script.calls).containsExactly("record 1", "commit");
    }

    @Test
    void recordsForTheTopicOfTheOffsetsAreRefused() {
        Transactional delivery = fixture.delivery(Map.of());

        assertThatThrownBy(() -> delivery.send(fixture.into("connect-offsets")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("connect-offsets");
    }

    /** No commit may come for long, as where the connector says when. */
    @Test
    void aRecordThatIsRefusedFailsTheTaskBeforeAnyCommit() throws Exception {
        TransactionalFixture unanswered = new TransactionalFixture(false);
        Transactional delivery = unanswered.delivery(Map.of("transaction.boundary", "connector"));
        delivery.send(unanswered.into("t"));
        delivery.throwFailure();

        unanswered.producer.errorNext(new InvalidProducerEpochException("the broker has aborted it"));

        assertThatThrownBy(delivery::throwFailure)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot commit its transaction")
                .hasMessageContaining("producer.override.transaction.timeout.ms");
        assertThatThrownBy(() -> delivery.send(unanswered.into("t"))).isInstanceOf(ConnectException.class);
    }

    @Test
    void whatIsAbortedAtItsWishDoesNotFailTheTask() throws Exception {
        TransactionalFixture unanswered = new TransactionalFixture(false);
        Transactional delivery = unanswered.delivery(Map.of("transaction.boundary", "connector"));
        delivery.send(unanswered.into("t"));

        unanswered.producer.errorNext(new TransactionAbortedException());

        assertThatCode(delivery::throwFailure).doesNotThrowAnyException();
    }
}
