/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.it.kills.hook.Step.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which steps belong to which point, by the names of files and by what is written. */
final class HookPointTest {
    private static final String LOG = "/data/orders-0/00000000000000000500.log";

    @Test
    void aSegmentAfterTheFirstOneAndTheIndexesOfItsPredecessorAreARoll() {
        assertThat(pointsOf(Step.of(Kind.MAKE, LOG))).containsExactly(HookPoint.ROLL);
        assertThat(pointsOf(Step.of(Kind.FORCE, "/data/orders-0/00000000000000000000.timeindex")))
                .containsExactly(HookPoint.ROLL);
        assertThat(pointsOf(Step.of(Kind.MAKE, "/data/orders-0/00000000000000000000.log")))
                .isEmpty();
    }

    @Test
    void renamesOfCompactionAreASwap() {
        assertThat(pointsOf(Step.move(LOG + ".cleaned", LOG + ".swap"))).containsExactly(HookPoint.SWAP);
        assertThat(pointsOf(Step.move(LOG, LOG + ".deleted"))).containsExactly(HookPoint.SWAP);
    }

    @Test
    void everythingAboutACheckpointIsOne() {
        assertThat(pointsOf(Step.write("/data/log-start-offset-checkpoint.tmp", ByteBuffer.allocate(9))))
                .containsExactly(HookPoint.CHECKPOINT);
    }

    @Test
    void theStateInATopicsFileSaysWhetherItComesOrGoes(@TempDir Path folder) throws IOException {
        Path coming = Files.writeString(folder.resolve("coming"), "state=creating");
        Path going = Files.writeString(folder.resolve("going"), "state=deleting");

        assertThat(pointsOf(Step.move(coming.toString(), "/data/orders.topic")))
                .containsExactly(HookPoint.TOPIC_CREATE);
        assertThat(pointsOf(Step.move(going.toString(), "/data/orders.topic"))).containsExactly(HookPoint.TOPIC_DELETE);
        assertThat(pointsOf(Step.of(Kind.MAKE, "/data/orders-0.new/00000000000000000000.log")))
                .containsExactly(HookPoint.TOPIC_CREATE);
        assertThat(pointsOf(Step.of(Kind.DELETE, "/data/orders-0.0a1b-delete/00000000000000000000.log")))
                .containsExactly(HookPoint.TOPIC_DELETE);
    }

    @Test
    void decisionsAndMarkersEndATransactionAndItsBeginDoesNot() {
        String state = "/data/__transaction_state-0/00000000000000000000.log";

        assertThat(pointsOf(Step.write(state, state(1)))).as("ongoing").isEmpty();
        for (int status = 2; status <= 5; status++) {
            assertThat(pointsOf(Step.write(state, state(status)))).containsExactly(HookPoint.TRANSACTION_END);
        }
        assertThat(pointsOf(Step.write(LOG, marker()))).containsExactly(HookPoint.TRANSACTION_END);
        assertThat(pointsOf(Step.write(LOG, state(2)))).as("a client's records").isEmpty();
    }

    private static List<HookPoint> pointsOf(Step step) {
        return Arrays.stream(HookPoint.values())
                .filter(point -> point.isAt(step))
                .toList();
    }

    /** As far as the status: version, producer id, epoch, time-out. */
    private static ByteBuffer state(int status) {
        byte[] value = ByteBuffer.allocate(40)
                .putShort((short) 1)
                .putLong(7)
                .putShort((short) 0)
                .putInt(60_000)
                .put((byte) status)
                .array();
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1_700_000_000_000L, new byte[9], value))
                .buffer();
    }

    private static ByteBuffer marker() {
        return MemoryRecords.withEndTransactionMarker(
                        1_700_000_000_000L, 7, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0))
                .buffer();
    }
}
