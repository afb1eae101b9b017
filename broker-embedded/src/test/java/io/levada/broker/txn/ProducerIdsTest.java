/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerIdsTest {
    @TempDir
    Path dir;

    @Test
    void noIdIsGivenOutTwiceWhateverHappensInBetween() {
        Set<Long> taken = new HashSet<>();
        for (int start = 0; start < 3; start++) {
            ProducerIds ids = new ProducerIds(dir);
            for (int i = 0; i < 1500; i++) {
                assertThat(taken.add(ids.take())).isTrue();
            }
        }
    }

    @Test
    void idsThatOthersHaveArePassedOver() {
        ProducerIds ids = new ProducerIds(dir);
        ids.passOver(4321);
        assertThat(ids.take()).isEqualTo(4322);
        ids.passOver(17);
        assertThat(ids.take()).isEqualTo(4323);
    }

    @Test
    void anIdThatNobodyCanHaveBeenGivenUsesUpNone() {
        ProducerIds ids = new ProducerIds(dir);
        ids.passOver(Long.MAX_VALUE);
        ids.passOver(Long.MAX_VALUE - 1);
        assertThat(ids.take()).isZero();
        assertThat(new ProducerIds(dir).take()).isEqualTo(1000);
    }

    /** Whoever makes one up must not make ids come twice. */
    @Test
    void theLargestIdThatMayBeMadeUpIsNoneToBeginAgainFrom() {
        for (long madeUp : new long[] {1L << 61, (1L << 61) + 1, 1L << 62}) {
            Set<Long> taken = new HashSet<>();
            for (int start = 0; start < 4; start++) {
                ProducerIds ids = new ProducerIds(dir);
                ids.passOver(madeUp);
                if (start > 0 && !ids.isNoted()) {
                    ids.leap(start);
                }
                assertThat(taken.add(ids.take()))
                        .as("%d, start %d", madeUp, start)
                        .isTrue();
            }
        }
    }

    @Test
    void aNoteThatIsNoNumberOfIdsIsNone() throws IOException {
        for (byte[] content : List.of(
                new byte[0],
                "garbage".getBytes(StandardCharsets.US_ASCII),
                "-1".getBytes(StandardCharsets.US_ASCII),
                Long.toString(Long.MAX_VALUE).getBytes(StandardCharsets.US_ASCII),
                new byte[] {(byte) 0xff, (byte) 0xfe, 0})) {
            Files.write(dir.resolve("producer-ids"), content);
            assertThat(new ProducerIds(dir).isNoted()).isFalse();
        }
        Files.writeString(dir.resolve("producer-ids"), "3000"); // maybe of 300012
        assertThat(new ProducerIds(dir).isNoted()).isFalse();
        Files.writeString(dir.resolve("producer-ids"), "3000\n");
        assertThat(new ProducerIds(dir).isNoted()).isTrue();
    }

    @Test
    void aLeapIsFarAboveWhatIsKnown() throws IOException {
        Files.writeString(dir.resolve("producer-ids"), "");
        ProducerIds ids = new ProducerIds(dir);
        ids.passOver(4321);
        assertThat(ids.leap(0)).isGreaterThan(1_000_000_000);
        long first = ids.take();
        assertThat(first).isGreaterThan(1_000_000_000);
        assertThat(new ProducerIds(dir).isNoted()).isTrue();
        assertThat(new ProducerIds(dir).take()).isGreaterThan(first);
    }

    @Test
    void aLeapGoesWhereNoEarlierOneCame() {
        long first = new ProducerIds(dir).leap(1_700_000_000_000L);
        long second = new ProducerIds(dir).leap(1_700_000_000_000L + 1000);
        assertThat(second).isGreaterThan(first + 1_000_000);
    }

    @Test
    void aNoteThatCannotBeReadIsNamed() throws IOException {
        Files.createDirectory(dir.resolve("producer-ids"));
        assertThatThrownBy(() -> new ProducerIds(dir))
                .hasMessageContaining(dir.resolve("producer-ids").toString())
                .hasMessageContaining("remove it");
    }
}
