/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.recovery.EpochEnd;
import io.levada.broker.log.recovery.LogRecovery;
import io.levada.broker.log.segment.Segment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill or a power cut leaves of the last segment is cut at the last whole batch, and what was whole stays. */
class TornTailTest {
    private static final List<String> ALL = List.of("a", "b", "c", "d", "e");

    @TempDir
    Path dir;

    private LogFixture fixture;
    private byte[] whole;
    private int batchBytes;

    @BeforeEach
    void fiveBatchesThenAKill() throws IOException {
        fixture = LogFixture.in(dir);
        ALL.forEach(value -> fixture.log().append(Batches.of(value)));
        fixture.kill();
        whole = Files.readAllBytes(logFile());
        batchBytes = whole.length / 5;
    }

    @Test
    void tornTailIsCutAtTheLastWholeBatch() throws IOException {
        for (int length = 2 * batchBytes; length <= whole.length; length++) {
            int batches = length / batchBytes;
            assertThat(recovered(Arrays.copyOf(whole, length)))
                    .as("cut at byte %d", length)
                    .isEqualTo(ALL.subList(0, batches));
            assertThat(Files.size(logFile())).isEqualTo((long) batches * batchBytes);
        }
    }

    @Test
    void appendsGoOnAfterACut() throws IOException {
        for (int length : new int[] {whole.length - 1, 3 * batchBytes + 61, 2 * batchBytes + 1, 5, 0}) {
            start(Arrays.copyOf(whole, length));
            appendsGoOn(length / batchBytes);
        }
    }

    @Test
    void aFlippedBitIsNeverServed() throws IOException {
        for (int at = 0; at < whole.length; at++) {
            int inBatch = at % batchBytes;
            if (inBatch >= 12 && inBatch < 16) {
                continue; // The leader epoch, which no checksum covers, and which clients do not keep.
            }
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << ((at * 5) % 8));
            assertThat(recovered(flipped)).as("bit flipped in byte %d", at).isEqualTo(ALL.subList(0, at / batchBytes));
        }
    }

    @Test
    void zerosAfterTheLastBatchAreCut() throws IOException {
        for (int zeros : new int[] {1, 16, 17, 61, 4096}) {
            assertThat(recovered(Arrays.copyOf(whole, whole.length + zeros))).isEqualTo(ALL);
        }
    }

    @Test
    void garbageAfterTheLastBatchIsCut() throws IOException {
        Random random = new Random(20260101);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            byte[] bytes = Arrays.copyOf(whole, whole.length + garbage.length);
            System.arraycopy(garbage, 0, bytes, whole.length, garbage.length);
            assertThat(recovered(bytes)).isEqualTo(ALL);
        }
    }

    @Test
    void theEpochGrowsWithACutSoThatConsumersNotice() throws IOException {
        start(Arrays.copyOf(whole, whole.length - 1));
        assertThat(fixture.log().leaderEpoch()).isEqualTo(1);
        assertThat(fixture.log().endOffsetFor(0)).isEqualTo(new EpochEnd(0, 4));
        fixture.log().append(Batches.of("x"));
        assertThat(fixture.log().endOffsetFor(1)).isEqualTo(new EpochEnd(1, 5));
        assertThat(fixture.log().endOffsetFor(2)).isEqualTo(new EpochEnd(-1, -1));
        fixture.close();
    }

    /** What recovery alone leaves of a file, without the rest of a start, which takes its time to force. */
    private List<String> recovered(byte[] logBytes) throws IOException {
        Files.write(logFile(), logBytes);
        LogRecovery recovery = new LogRecovery(
                fixture.folder(),
                LogFixture.ORDERS,
                LogConfig.defaults(),
                new OpenFiles(2, new Unforced()),
                0,
                new LogRecovery.Start(false, 0, 0));
        List<String> values = new ArrayList<>();
        for (Segment segment : recovery.run().segments().all()) {
            segment.file()
                    .slice(0, segment.sizeInBytes())
                    .records()
                    .forEach(record -> values.add(new String(Utils.toArray(record.value()), StandardCharsets.UTF_8)));
            segment.close();
        }
        return values;
    }

    private static final class Unforced implements LogFiles {
        @Override
        public void force(FileRecords file) {}
    }

    private void start(byte[] logBytes) throws IOException {
        Files.write(logFile(), logBytes, StandardOpenOption.TRUNCATE_EXISTING);
        Files.deleteIfExists(fixture.folder().resolve("leader-epoch-checkpoint"));
        fixture.start();
    }

    /** The next append gets the next offset and survives another kill. */
    private void appendsGoOn(int offset) {
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(offset);
        fixture.kill();
        try (LogDirectory again =
                LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.OS, InstantSource.system())) {
            assertThat(LogFixture.values(again.log(LogFixture.ORDERS).orElseThrow()))
                    .hasSize(offset + 1)
                    .endsWith("next");
        }
        fixture.kill();
    }

    private Path logFile() {
        return fixture.file(0, ".log");
    }
}
