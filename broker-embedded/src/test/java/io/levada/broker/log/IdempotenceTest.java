/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.directory.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotenceTest {
    private static final long ME = 7;

    @TempDir
    Path dir;

    @Test
    void aBatchSentAgainGetsTheOffsetsOfItsFirstAppend() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("other"));
            Appended first = fixture.log().append(Batches.idempotent(ME, 0, 0, "a", "b"));
            Appended again = fixture.log().append(Batches.idempotent(ME, 0, 0, "a", "b"));
            assertThat(first.duplicate()).isFalse();
            assertThat(again.duplicate()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(1);
            assertThat(again.lastOffset()).isEqualTo(2);
            assertThat(fixture.values()).containsExactly("other", "a", "b");
        }
    }

    @Test
    void theLastFiveBatchesAreRecognised() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            for (int i = 0; i < 6; i++) {
                fixture.log().append(Batches.idempotent(ME, 0, i, "v" + i));
            }
            for (int i = 1; i < 6; i++) {
                assertThat(fixture.log()
                                .append(Batches.idempotent(ME, 0, i, "v" + i))
                                .baseOffset())
                        .isEqualTo(i);
            }
            refusedAsOutOfOrder(fixture, Batches.idempotent(ME, 0, 0, "v0"));
        }
    }

    @Test
    void aGapIsRefused() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.idempotent(ME, 0, 0, "a"));
            refusedAsOutOfOrder(fixture, Batches.idempotent(ME, 0, 2, "c"));
            assertThat(fixture.log().append(Batches.idempotent(ME, 0, 1, "b")).baseOffset())
                    .isEqualTo(1);
        }
    }

    @Test
    void anUnknownProducerMayBeginAnywhere() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            assertThat(fixture.log().append(Batches.idempotent(ME, 3, 42, "a")).baseOffset())
                    .isZero();
        }
    }

    @Test
    void aNewEpochBeginsAtZeroAndTheOldOneIsFenced() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.idempotent(ME, 0, 0, "a"));
            refusedAsOutOfOrder(fixture, Batches.idempotent(ME, 1, 1, "b"));
            fixture.log().append(Batches.idempotent(ME, 1, 0, "b"));
            assertThatThrownBy(() -> fixture.log().append(Batches.idempotent(ME, 0, 1, "zombie")))
                    .isInstanceOf(InvalidProducerEpochException.class);
        }
    }

    @Test
    void sequencesWrapAround() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.idempotent(ME, 0, Integer.MAX_VALUE - 1, "a", "b"));
            assertThat(fixture.log().append(Batches.idempotent(ME, 0, 0, "c")).baseOffset())
                    .isEqualTo(2);
            fixture.log().append(Batches.idempotent(8, 0, Integer.MAX_VALUE, "d", "e"));
            assertThat(fixture.log()
                            .append(Batches.idempotent(8, 0, Integer.MAX_VALUE, "d", "e"))
                            .duplicate())
                    .isTrue();
            assertThat(fixture.log().append(Batches.idempotent(8, 0, 1, "f")).baseOffset())
                    .isEqualTo(5);
        }
    }

    @Test
    void aProducerIdWithoutASequenceIsRefused() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            MemoryRecords batch = Batches.idempotent(ME, 0, 0, "a");
            assertThat(batch.firstBatch().baseSequence()).isZero();
            batch.buffer().putInt(53, -1);
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(batch.buffer().duplicate().position(21));
            batch.buffer().putInt(17, (int) crc.getValue());
            assertThatThrownBy(() -> fixture.log().append(batch)).isInstanceOf(InvalidRecordException.class);
        }
    }

    @Test
    void duplicatesAreRecognisedAfterACleanRestart() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.idempotent(ME, 0, 0, "a"));
            fixture.log().append(Batches.idempotent(ME, 0, 1, "b"));
            fixture.reopen();
            assertThat(fixture.log().append(Batches.idempotent(ME, 0, 1, "b")).duplicate())
                    .isTrue();
            assertThat(fixture.log().append(Batches.idempotent(ME, 0, 2, "c")).baseOffset())
                    .isEqualTo(2);
        }
    }

    @Test
    void duplicatesAreRecognisedAfterAKillWithAllSnapshotsLostOrCorrupt() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024")) {
            for (int i = 0; i < 30; i++) {
                fixture.log().append(Batches.idempotent(ME, 0, i, "value " + i));
            }
            fixture.kill();
            try (var files = Files.list(fixture.folder())) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".snapshot")).toList()) {
                    Files.writeString(file, "rubbish");
                }
            }
            fixture.start();
            for (int i = 25; i < 30; i++) {
                assertThat(fixture.log()
                                .append(Batches.idempotent(ME, 0, i, "value " + i))
                                .baseOffset())
                        .isEqualTo(i);
            }
            assertThat(fixture.log().logEndOffset()).isEqualTo(30);
        }
    }

    @Test
    void aSilentProducerIsForgottenByTheBrokersClock() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            // The record's own time is long ago, which says nothing about when it was sent.
            fixture.log().append(Batches.idempotent(ME, 0, 0, "a"));
            new Retention(fixture.directory()).run();
            refusedAsOutOfOrder(fixture, Batches.idempotent(ME, 0, 5, "f"));
            fixture.clock.advance(Duration.ofDays(1));
            new Retention(fixture.directory()).run();
            assertThat(fixture.log().append(Batches.idempotent(ME, 0, 5, "f")).duplicate())
                    .isFalse();
        }
    }

    @Test
    void anOpenTransactionHoldsTheLastStableOffset() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a"));
            fixture.begin(ME, 0, 0, "b");
            fixture.log().append(Batches.of("c"));
            assertThat(fixture.log().highWatermark()).isEqualTo(3);
            assertThat(fixture.log().lastStableOffset()).isEqualTo(1);
            fixture.reopen();
            assertThat(fixture.log().lastStableOffset()).isEqualTo(1);
            fixture.log().endTransaction(ME, (short) 0, 0, TransactionResult.COMMIT);
            assertThat(fixture.log().lastStableOffset()).isEqualTo(4);
        }
    }

    private static void refusedAsOutOfOrder(LogFixture fixture, MemoryRecords batch) {
        assertThatThrownBy(() -> fixture.log().append(batch)).isInstanceOf(OutOfOrderSequenceException.class);
    }
}
