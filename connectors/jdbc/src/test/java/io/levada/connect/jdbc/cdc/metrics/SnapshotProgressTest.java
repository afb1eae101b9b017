/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SnapshotProgressTest {

    private final SnapshotProgress progress = new SnapshotProgress();

    @Test
    void countsTablesAndChunks() {
        assertThat(progress.state()).isEqualTo(SnapshotProgress.State.NONE);
        progress.begin(2);
        assertThat(progress.remainingTables()).isEqualTo(2);
        assertThat(progress.secondsLeft()).as("unknown").isEqualTo(-1);

        progress.planned(List.of("a", "b", "b", "b"));
        progress.chunkDone("a");
        progress.chunkDone("b");
        assertThat(progress.remainingTables()).isEqualTo(1);
        assertThat(progress.part()).isEqualTo(0.5);
        assertThat(progress.secondsLeft()).isNotNegative();
        assertThat(progress.chunksDone()).containsEntry("a", 1L).containsEntry("b", 1L);

        progress.end(true);
        assertThat(progress.remainingTables()).isZero();
        assertThat(progress.secondsLeft()).isZero();
        assertThat(progress.state()).isEqualTo(SnapshotProgress.State.COMPLETED);
    }
}
