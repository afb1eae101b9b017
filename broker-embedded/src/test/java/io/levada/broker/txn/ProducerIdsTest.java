/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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

    @Test
    void damagedFileIsNamed() throws IOException {
        Files.writeString(dir.resolve("producer-ids"), "garbage");
        assertThatThrownBy(() -> new ProducerIds(dir)).hasMessageContaining("producer-ids is damaged");
    }
}
