/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.log.segment.AbortedTransaction;
import io.levada.broker.log.segment.TimestampedOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class TransactionsTest {
    private static final long ME = 7;
    private static final long YOU = 8;
    private static final short FIRST_EPOCH = 0;

    @TempDir
    Path dir;

    @Test
    void committedReadersStopWhereTheOldestOpenTransactionBegins() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a"));
            fixture.begin(ME, 0, 0, "b", "c");
            fixture.begin(YOU, 0, 0, "d");
            fixture.log().append(Batches.of("e"));
            assertThat(fixture.committed()).containsExactly("a");
            Fetched fetched = fixture.log().read(0, 10_000, true, IsolationLevel.READ_COMMITTED);
            assertThat(fetched.lastStableOffset()).isEqualTo(1);
            assertThat(fetched.highWatermark()).isEqualTo(5);
            assertThat(fixture.log()
                            .read(3, 10_000, true, IsolationLevel.READ_COMMITTED)
                            .isEmpty())
                    .isTrue();
            fixture.commit(ME, 0);
            assertThat(fixture.log().lastStableOffset()).isEqualTo(3);
            assertThat(fixture.committed()).containsExactly("a", "b", "c");
            fixture.abort(YOU, 0);
            assertThat(fixture.committed()).containsExactly("a", "b", "c", "e");
            assertThat(fixture.values()).containsExactly("a", "b", "c", "d", "e");
        }
    }

    @Test
    void abortedTransactionsAreNamedWhereTheyTouchTheSlice() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 0, 0, "a");
            fixture.begin(YOU, 0, 0, "b");
            fixture.abort(YOU, 0);
            fixture.abort(ME, 0);
            fixture.log().append(Batches.of("c"));
            AbortedTransaction mine = new AbortedTransaction(ME, 0, 3, 4);
            AbortedTransaction yours = new AbortedTransaction(YOU, 1, 2, 0);
            assertThat(aborted(fixture, 0)).containsExactly(mine, yours);
            assertThat(aborted(fixture, 3)).containsExactly(mine);
            assertThat(aborted(fixture, 4)).isEmpty();
            assertThat(fixture.log().read(0, 10_000, true).abortedTransactions())
                    .isEmpty();
        }
    }

    @Test
    void theMarkerOfAnAbortedTransactionMayBeManySegmentsOn() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024", "index.interval.bytes", "0")) {
            fixture.log().append(Batches.of("first"));
            fixture.begin(ME, 0, 0, "aborted");
            for (int i = 0; i < 20; i++) {
                fixture.log().append(Batches.of("v" + i));
                fixture.begin(YOU, 0, i, "w" + i);
                fixture.commit(YOU, 0);
            }
            fixture.abort(ME, 0);
            fixture.log().append(Batches.of("last"));
            assertThat(fixture.committed())
                    .hasSize(42)
                    .doesNotContain("aborted")
                    .startsWith("first", "v0", "w0");
            fixture.reopen();
            assertThat(fixture.committed())
                    .hasSize(42)
                    .doesNotContain("aborted")
                    .endsWith("w19", "last");
        }
    }

    @Test
    void theLastStableOffsetWaitsForTheMarkerToBeOnDisk() throws Exception {
        FaultyFiles files = new FaultyFiles();
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            fixture.log().durable(fixture.begin(ME, 0, 0, "a").nextOffset()).get(120, TimeUnit.SECONDS);
            List<Long> heard = new CopyOnWriteArrayList<>();
            try (Registration registration = fixture.log().onEndOffset(IsolationLevel.READ_COMMITTED, heard::add);
                    Registration goesOn = files::go) {
                assertThat(List.of(registration, goesOn)).doesNotContainNull();
                fixture.log()
                        .durable(fixture.log().append(Batches.of("b")).nextOffset())
                        .get(120, TimeUnit.SECONDS);
                assertThat(fixture.log().highWatermark()).isEqualTo(2);
                files.stall();
                CompletableFuture<Void> ended =
                        fixture.log().durable(fixture.abort(ME, 0).nextOffset());
                assertThat(fixture.log().hasOpenTransaction(ME, FIRST_EPOCH)).isFalse();
                assertThat(fixture.log().lastStableOffset()).isZero();
                assertThat(fixture.committed()).isEmpty();
                files.go();
                ended.get(120, TimeUnit.SECONDS);
                assertThat(fixture.log().lastStableOffset()).isEqualTo(3);
                assertThat(fixture.committed()).containsExactly("b");
            }
            fixture.log().durable(3).get(120, TimeUnit.SECONDS);
            assertThat(heard).as("moves of the last stable offset").isSubsetOf(3L);
        }
    }

    @Test
    void listenersOfCommittedRecordsHearOfMarkersAlone() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            List<Long> committed = new ArrayList<>();
            List<Long> all = new ArrayList<>();
            fixture.log().onEndOffset(IsolationLevel.READ_COMMITTED, committed::add);
            fixture.log().onEndOffset(IsolationLevel.READ_UNCOMMITTED, all::add);
            fixture.log().append(Batches.of("a"));
            fixture.begin(ME, 0, 0, "b");
            fixture.log().append(Batches.of("c"));
            fixture.commit(ME, 0);
            assertThat(committed).containsExactly(1L, 4L);
            assertThat(all).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void timesAboveTheLastStableOffsetAreUnknownToCommittedReaders() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.at(10, "a"));
            fixture.begin(ME, 0, 0, "b");
            fixture.log().append(Batches.at(2_000, "c"));
            PartitionLog log = fixture.log();
            assertThat(log.firstOffsetAtOrAfter(5, IsolationLevel.READ_COMMITTED))
                    .contains(new TimestampedOffset(0, 10, 0));
            assertThat(log.firstOffsetAtOrAfter(11, IsolationLevel.READ_COMMITTED))
                    .isEmpty();
            assertThat(log.maxTimestamp(IsolationLevel.READ_COMMITTED)).isEmpty();
            assertThat(log.firstOffsetAtOrAfter(11, IsolationLevel.READ_UNCOMMITTED))
                    .contains(new TimestampedOffset(1, 1_000, 0));
            assertThat(log.endOffset(IsolationLevel.READ_COMMITTED)).isEqualTo(1);
            assertThat(log.endOffset(IsolationLevel.READ_UNCOMMITTED)).isEqualTo(3);
        }
    }

    @Test
    void aClientBeginsATransactionWithAnAdmissionOnly() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            refusedAsNoPart(fixture, Batches.transactional(ME, 0, 0, "a"), null);
            Admission admission = admit(fixture, 0, 0);
            refusedAsNoPart(fixture, Batches.transactional(YOU, 0, 0, "a"), admission);
            refusedAsNoPart(fixture, Batches.transactional(ME, 1, 0, "a"), admission);
            fixture.log().append(Batches.transactional(ME, 0, 0, "a"), AppendOrigin.CLIENT, admission);
            assertThat(fixture.log().hasOpenTransaction(ME, FIRST_EPOCH)).isTrue();
            assertThat(fixture.log().hasOpenTransaction(ME, (short) 1)).isFalse();
            fixture.log().append(Batches.transactional(ME, 0, 1, "b"));
            assertThat(fixture.values()).containsExactly("a", "b");
        }
    }

    @Test
    void anAdmissionIsVoidOnceAMarkerCameInBetween() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            Admission late = admit(fixture, 0, 0);
            fixture.abort(ME, 0);
            refusedAsNoPart(fixture, Batches.transactional(ME, 0, 0, "a"), late);
            fixture.begin(ME, 0, 0, "b");
            Admission whileOpen = admit(fixture, 0, 1);
            fixture.abort(ME, 0);
            refusedAsNoPart(fixture, Batches.transactional(ME, 0, 1, "c"), whileOpen);
            assertThat(fixture.log().lastStableOffset()).isEqualTo(fixture.log().highWatermark());
        }
    }

    @Test
    void batchesThatWaitTogetherAreWrittenInTheirOrder() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            Admission first = admit(fixture, 0, 0);
            Admission second = admit(fixture, 0, 1);
            assertThatThrownBy(() ->
                            fixture.log().append(Batches.transactional(ME, 0, 1, "b"), AppendOrigin.CLIENT, second))
                    .isInstanceOf(OutOfOrderSequenceException.class);
            fixture.log().append(Batches.transactional(ME, 0, 0, "a"), AppendOrigin.CLIENT, first);
            fixture.log().append(Batches.transactional(ME, 0, 1, "b"), AppendOrigin.CLIENT, second);
            assertThat(fixture.values()).containsExactly("a", "b");
        }
    }

    @Test
    void aProducerWhoseEpochsAreBumpedBeginsAPartitionAtSequenceZero() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            Admission admission = fixture.log().admit(ME, FIRST_EPOCH, 5, TransactionVersion.BUMPS_EPOCHS);
            assertThatThrownBy(() ->
                            fixture.log().append(Batches.transactional(ME, 0, 5, "f"), AppendOrigin.CLIENT, admission))
                    .isInstanceOf(OutOfOrderSequenceException.class);
            fixture.log().append(Batches.transactional(ME, 0, 0, "a"), AppendOrigin.CLIENT, admission);
            assertThat(fixture.values()).containsExactly("a");
        }
    }

    @Test
    void anAdmissionThatNobodyUsesIsForgotten() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            Admission admission = admit(fixture, 0, 0);
            fixture.clock.advance(Duration.ofDays(1));
            new Retention(fixture.directory()).run();
            refusedAsNoPart(fixture, Batches.transactional(ME, 0, 0, "a"), admission);
        }
    }

    @Test
    void whatIsOutsideOfAnOpenTransactionIsRefused() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 0, 0, "a");
            assertThatThrownBy(() -> fixture.log().append(Batches.idempotent(ME, 0, 1, "b")))
                    .isInstanceOf(InvalidTxnStateException.class)
                    .hasMessageContaining("offset 0");
            fixture.commit(ME, 0);
            fixture.log().append(Batches.idempotent(ME, 0, 1, "b"));
            assertThat(fixture.committed()).containsExactly("a", "b");
        }
    }

    @Test
    void aMarkerCarriesTheCoordinatorsEpochAndTheBrokersTime() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 0, 0, "a");
            fixture.log().endTransaction(ME, FIRST_EPOCH, 42, TransactionResult.COMMIT);
            RecordBatch marker = fixture.log()
                    .read(1, 1000, true)
                    .records()
                    .batches()
                    .iterator()
                    .next();
            assertThat(marker.isControlBatch()).isTrue();
            assertThat(marker.isTransactional()).isTrue();
            assertThat(marker.maxTimestamp()).isEqualTo(fixture.clock.millis());
            assertThat(EndTransactionMarker.deserialize(marker.iterator().next()))
                    .isEqualTo(new EndTransactionMarker(ControlRecordType.COMMIT, 42));
        }
    }

    @Test
    void markersOfThePastAreRefused() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 3, 0, "a");
            assertThatThrownBy(() -> fixture.commit(ME, 2)).isInstanceOf(InvalidProducerEpochException.class);
            fixture.log().endTransaction(ME, (short) 3, 5, TransactionResult.COMMIT);
            assertThatThrownBy(() -> fixture.log().endTransaction(ME, (short) 3, 4, TransactionResult.ABORT))
                    .isInstanceOf(TransactionCoordinatorFencedException.class);
            fixture.log().endTransaction(ME, (short) 3, 5, TransactionResult.COMMIT);
            assertThat(fixture.committed()).containsExactly("a");
            fixture.reopen();
            assertThatThrownBy(() -> fixture.log().endTransaction(ME, (short) 3, 4, TransactionResult.ABORT))
                    .isInstanceOf(TransactionCoordinatorFencedException.class);
        }
    }

    @Test
    void aMarkerOfTheNextEpochFencesTheOneBefore() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 0, 0, "a");
            end(fixture, 1, TransactionResult.COMMIT);
            assertThatThrownBy(() -> fixture.log().append(Batches.transactional(ME, 0, 1, "zombie")))
                    .isInstanceOf(InvalidProducerEpochException.class);
            assertThatThrownBy(() -> fixture.begin(ME, 1, 1, "gap")).isInstanceOf(OutOfOrderSequenceException.class);
            fixture.begin(ME, 1, 0, "b");
            // The marker of the transaction before comes again, too late: this one is not meant.
            assertThatThrownBy(() -> end(fixture, 1, TransactionResult.ABORT))
                    .isInstanceOf(InvalidProducerEpochException.class);
            end(fixture, 2, TransactionResult.COMMIT);
            end(fixture, 2, TransactionResult.COMMIT);
            assertThat(fixture.committed()).containsExactly("a", "b");
        }
    }

    /** It cannot be raised: without this a transaction of it would never end. */
    @Test
    void theLastEpochEndsWithAMarkerOfItsOwn() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, Short.MAX_VALUE, 0, "a");
            end(fixture, Short.MAX_VALUE, TransactionResult.ABORT);
            assertThat(fixture.log().lastStableOffset()).isEqualTo(2);
        }
    }

    @Test
    void aMarkerWithoutATransactionFencesToo() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            end(fixture, 1, TransactionResult.ABORT);
            assertThat(fixture.log().logEndOffset()).isEqualTo(1);
            assertThatThrownBy(() -> fixture.log().append(Batches.idempotent(ME, 0, 0, "a")))
                    .isInstanceOf(InvalidProducerEpochException.class);
            fixture.begin(ME, 1, 0, "b");
            fixture.abort(ME, 1);
            assertThat(aborted(fixture, 0)).containsExactly(new AbortedTransaction(ME, 1, 2, 3));
        }
    }

    @Test
    void aMarkerFitsWhereRecordsDoNot() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 0, 0, "a");
            fixture.reconfigure("max.message.bytes", "10");
            fixture.commit(ME, 0);
            assertThat(fixture.committed()).containsExactly("a");
        }
    }

    @Test
    void theBrokersOwnTransactionsAreTrackedToo() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(offsets(0), AppendOrigin.BROKER);
            assertThat(fixture.log().hasOpenTransaction(ME, FIRST_EPOCH)).isTrue();
            assertThat(fixture.log().lastStableOffset()).isZero();
            end(fixture, 1, TransactionResult.ABORT);
            assertThat(aborted(fixture, 0)).hasSize(1);
            Admission admission = fixture.log().admit(ME, (short) 1);
            end(fixture, 1, TransactionResult.ABORT);
            assertThatThrownBy(() -> fixture.log().append(offsets(1), AppendOrigin.BROKER, admission))
                    .isInstanceOf(InvalidTxnStateException.class);
            assertThatThrownBy(() -> fixture.log().append(offsets(0), AppendOrigin.BROKER))
                    .isInstanceOf(InvalidProducerEpochException.class);
        }
    }

    @Test
    void producersAreDescribed() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.idempotent(ME, 2, 0, "a", "b"));
            fixture.begin(YOU, 0, 0, "c");
            assertThat(fixture.log().producers())
                    .containsExactlyInAnyOrder(
                            new ProducerDescription(ME, (short) 2, 1, 1_000, -1, -1),
                            new ProducerDescription(YOU, (short) 0, 0, 1_000, -1, 2));
            fixture.log().endTransaction(YOU, (short) 1, 6, TransactionResult.COMMIT);
            assertThat(fixture.log().producers())
                    .contains(new ProducerDescription(YOU, (short) 1, -1, fixture.clock.millis(), 6, -1));
        }
    }

    @Test
    void aProducerWithAnOpenTransactionIsNotForgotten() {
        try (LogFixture fixture = LogFixture.in(dir, "retention.ms", "-1")) {
            fixture.begin(ME, 0, 0, "a");
            fixture.log().append(Batches.idempotent(YOU, 0, 0, "b"));
            fixture.clock.advance(Duration.ofDays(8));
            new Retention(fixture.directory()).run();
            assertThat(fixture.log().producers())
                    .extracting(ProducerDescription::producerId)
                    .containsExactly(ME);
            fixture.abort(ME, 0);
            assertThat(fixture.committed()).containsExactly("b");
        }
    }

    @Test
    void recordsOfAnOpenTransactionMayBeDeleted() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.begin(ME, 0, 0, "a");
            fixture.log().append(Batches.of("b"));
            fixture.log().append(Batches.of("c"));
            fixture.log().advanceLogStartOffset(2);
            assertThat(fixture.log().lastStableOffset()).isEqualTo(2);
            Fetched fetched = fixture.log().read(2, 1000, true, IsolationLevel.READ_COMMITTED);
            assertThat(fetched.isEmpty()).isTrue();
            assertThat(fetched.lastStableOffset()).isEqualTo(2);
            fixture.commit(ME, 0);
            assertThat(fixture.committed()).containsExactly("c");
        }
    }

    private static MemoryRecords offsets(int epoch) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE, ME, (short) epoch, 0, new SimpleRecord(1_000, new byte[] {1}, new byte[] {2}));
    }

    private static void end(LogFixture fixture, int epoch, TransactionResult result) {
        fixture.log().endTransaction(ME, (short) epoch, 0, result, TransactionVersion.BUMPS_EPOCHS);
    }

    private static Admission admit(LogFixture fixture, int epoch, int sequence) {
        return fixture.log().admit(ME, (short) epoch, sequence, TransactionVersion.BEFORE_2);
    }

    private static List<AbortedTransaction> aborted(LogFixture fixture, long offset) {
        return fixture.log()
                .read(offset, 10_000, true, IsolationLevel.READ_COMMITTED)
                .abortedTransactions();
    }

    private static void refusedAsNoPart(
            LogFixture fixture, MemoryRecords batch, @org.jspecify.annotations.Nullable Admission admission) {
        assertThatThrownBy(() -> fixture.log().append(batch, AppendOrigin.CLIENT, admission))
                .isInstanceOf(InvalidTxnStateException.class);
    }
}
