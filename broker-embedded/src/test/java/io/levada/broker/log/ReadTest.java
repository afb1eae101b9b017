/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.segment.TimestampedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadTest {
    @TempDir
    Path dir;

    @Test
    void aReadBeginsWithTheBatchThatHoldsTheOffset() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a", "b"));
            fixture.log().append(Batches.of("c", "d"));
            assertThat(fixture.log()
                            .read(3, 1000, true)
                            .records()
                            .batches()
                            .iterator()
                            .next()
                            .baseOffset())
                    .isEqualTo(2);
        }
    }

    @Test
    void theFirstBatchComesWholeOnlyWhenAskedFor() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            int size = Batches.of("a").sizeInBytes();
            fixture.log().append(Batches.of("a"));
            assertThat(fixture.log().read(0, 1, true).sizeInBytes()).isEqualTo(size);
            assertThat(fixture.log().read(0, size - 1, false).isEmpty()).isTrue();
            assertThat(fixture.log().read(0, size, false).sizeInBytes()).isEqualTo(size);
        }
    }

    @Test
    void theSliceTellsWhereItIsInTheFile() throws IOException {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a"));
            fixture.log().append(Batches.of("b"));
            Fetched fetched = fixture.log().read(1, 1000, true);
            ByteBuffer bytes = ByteBuffer.allocate(fetched.sizeInBytes());
            try (FileChannel file = FileChannel.open(fixture.file(0, ".log"))) {
                file.read(bytes, fetched.filePosition());
            }
            assertThat(MemoryRecords.readableRecords(bytes.flip()).firstBatch().baseOffset())
                    .isEqualTo(1);
        }
    }

    @Test
    void theEndIsEmptyAndBeyondItIsOutOfRange() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a"));
            assertThat(fixture.log().read(1, 1000, true).isEmpty()).isTrue();
            assertThat(fixture.log().read(1, 1000, true).highWatermark()).isEqualTo(1);
            assertThatThrownBy(() -> fixture.log().read(2, 1000, true))
                    .isInstanceOf(OffsetOutOfRangeException.class)
                    .hasMessageContaining("[0, 1]");
        }
    }

    @Test
    void deletedRecordsAreOutOfRangeAlsoAfterARestart() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a", "b", "c"));
            fixture.log().advanceLogStartOffset(2);
            fixture.log().advanceLogStartOffset(1);
            assertThatThrownBy(() -> fixture.log().read(1, 1000, true)).isInstanceOf(OffsetOutOfRangeException.class);
            fixture.kill();
            fixture.start();
            assertThat(fixture.log().logStartOffset()).isEqualTo(2);
            assertThat(fixture.values()).containsExactly("c");
        }
    }

    @Test
    void recordsBeyondTheHighWatermarkCannotBeDeleted() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.of("a"));
            assertThatThrownBy(() -> fixture.log().advanceLogStartOffset(2))
                    .isInstanceOf(OffsetOutOfRangeException.class);
        }
    }

    @Test
    void timesFindTheFirstRecordThatIsAsYoung() {
        try (LogFixture fixture = LogFixture.in(dir, "segment.bytes", "1024", "index.interval.bytes", "0")) {
            for (int i = 0; i < 100; i++) {
                fixture.log().append(Batches.at(1000 + 10 * i, "value " + i));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(fixture.log().firstOffsetAtOrAfter(1000 + 10 * i, IsolationLevel.READ_UNCOMMITTED))
                        .get()
                        .extracting(TimestampedOffset::offset)
                        .isEqualTo((long) i);
                assertThat(fixture.log().firstOffsetAtOrAfter(991 + 10 * i, IsolationLevel.READ_UNCOMMITTED))
                        .get()
                        .extracting(TimestampedOffset::offset)
                        .isEqualTo((long) i);
            }
            assertThat(fixture.log().firstOffsetAtOrAfter(1991, IsolationLevel.READ_UNCOMMITTED))
                    .isEmpty();
            assertThat(fixture.log().maxTimestamp(IsolationLevel.READ_UNCOMMITTED))
                    .contains(new TimestampedOffset(99, 1990, 0));
        }
    }

    @Test
    void theYoungestRecordNeedNotBeTheLast() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            fixture.log().append(Batches.at(5, "a"));
            fixture.log().append(Batches.at(9, "b"));
            fixture.log().append(Batches.at(7, "c"));
            assertThat(fixture.log().maxTimestamp(IsolationLevel.READ_UNCOMMITTED))
                    .contains(new TimestampedOffset(1, 9, 0));
            fixture.reopen();
            assertThat(fixture.log().maxTimestamp(IsolationLevel.READ_UNCOMMITTED))
                    .contains(new TimestampedOffset(1, 9, 0));
            assertThat(fixture.log().firstOffsetAtOrAfter(6, IsolationLevel.READ_UNCOMMITTED))
                    .contains(new TimestampedOffset(1, 9, 0));
        }
    }

    @Test
    void anEmptyLogHasNoTimes() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            assertThat(fixture.log().maxTimestamp(IsolationLevel.READ_UNCOMMITTED))
                    .isEmpty();
            assertThat(fixture.log().firstOffsetAtOrAfter(0, IsolationLevel.READ_UNCOMMITTED))
                    .isEmpty();
        }
    }
}
