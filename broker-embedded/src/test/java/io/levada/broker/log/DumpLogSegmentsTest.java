/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own tool reads every file of a partition and finds nothing to complain of. */
class DumpLogSegmentsTest {
    @TempDir
    Path dir;

    private LogFixture fixture;

    @BeforeEach
    void severalSegmentsOfEveryKind() {
        fixture = LogFixture.in(dir, "segment.bytes", "4000", "index.interval.bytes", "300");
        for (int i = 0; i < 100; i++) {
            fixture.log().append(Batches.at(1000 + (i * 7) % 500, "a" + i, "b" + i));
            fixture.log().append(Batches.idempotent(7, 2, 2 * i, "c" + i, "d" + i));
            fixture.log().append(Batches.compressed(Compression.gzip().build(), "e" + i, "f" + i));
            fixture.begin(8, 0, i, "g" + i);
            fixture.log()
                    .endTransaction(8, (short) 0, 3, i % 3 == 0 ? TransactionResult.ABORT : TransactionResult.COMMIT);
        }
    }

    @Test
    void afterACleanStop() throws Exception {
        fixture.close();
        kafkaHasNoComplaint();
    }

    @Test
    void afterAKillAndARecovery() throws Exception {
        fixture.kill();
        fixture.start();
        fixture.log().append(Batches.of("last"));
        fixture.close();
        kafkaHasNoComplaint();
    }

    private void kafkaHasNoComplaint() throws Exception {
        String dump = KafkaDump.of(fixture.folder(), "--deep-iteration");
        assertThat(dump).contains("Log starting offset: 0", "baseOffset: 0 lastOffset: 1");
        assertThat(dump).contains("producerId: 7 producerEpoch: 2", "lastSequence: 199");
        assertThat(dump.lines().filter(line -> line.startsWith("offset: ") && line.contains(" position: ")))
                .as("index entries")
                .hasSizeGreaterThan(20);
        assertThat(dump.lines().filter(line -> line.startsWith("timestamp: ")))
                .as("time index entries")
                .hasSizeGreaterThan(5);
        assertThat(dump.lines().filter(line -> line.startsWith("version: 0 producerId: 8 ")))
                .as("aborted transactions")
                .hasSize(34);
        assertThat(dump).contains("endTxnMarker: ABORT coordinatorEpoch: 3", "endTxnMarker: COMMIT");
        KafkaDump.hasNoComplaint(dump);
        assertThat(KafkaDump.gaps(dump)).isEmpty();
        assertThat(KafkaDump.of(fixture.folder(), "--index-sanity-check"))
                .doesNotContain("Exception")
                .contains("passed sanity check");
    }
}
