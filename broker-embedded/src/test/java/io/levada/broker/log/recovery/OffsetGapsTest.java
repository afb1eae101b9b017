/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetGapsTest {
    @TempDir
    Path folder;

    @Test
    void anythingGoesButWhatLiesOneOverTheOther() {
        assertThat(OffsetGaps.ANY.allow(100, 150)).isTrue();
        assertThat(OffsetGaps.ANY.allow(100, 100)).isTrue();
        assertThat(OffsetGaps.ANY.allow(150, 100)).isFalse();
    }

    @Test
    void aGapIsAllowedWhereItWasNoted() throws IOException {
        OffsetGaps.add(folder, 100, 150);
        OffsetGaps gaps = OffsetGaps.of(folder, 0);
        assertThat(gaps.allow(100, 150)).isTrue();
        assertThat(gaps.allow(120, 140)).isTrue();
        assertThat(gaps.allow(100, 151)).isFalse();
        assertThat(gaps.allow(99, 150)).isFalse();
        assertThat(gaps.allow(140, 120)).isFalse();
    }

    @Test
    void belowWhatWasCompactedOffsetsMayJump() throws IOException {
        assertThat(OffsetGaps.of(folder, 80).allow(10, 80)).isTrue();
        assertThat(OffsetGaps.of(folder, 80).allow(10, 81)).isFalse();
        OffsetGaps.addCompacted(folder, 90);
        assertThat(OffsetGaps.of(folder, 0).allow(10, 90)).isTrue();
        assertThat(OffsetGaps.of(folder, 0).allow(10, 91)).isFalse();
    }

    @Test
    void whatIsNotedTwiceOrWithinAnotherIsNotedOnce() throws IOException {
        OffsetGaps.add(folder, 10, 20);
        OffsetGaps.add(folder, 10, 20);
        OffsetGaps.addCompacted(folder, 90);
        OffsetGaps.addCompacted(folder, 50);
        assertThat(Files.readAllLines(folder.resolve(OffsetGaps.FILE))).containsExactly("0", "1", "0 90");
    }

    @Test
    void aNoteThatCannotBeUnderstoodAllowsAllAndStays() throws IOException {
        Files.writeString(folder.resolve(OffsetGaps.FILE), "rubbish");
        OffsetGaps.add(folder, 10, 20);
        assertThat(OffsetGaps.of(folder, 0).allow(500, 600)).isTrue();
        assertThat(folder.resolve(OffsetGaps.FILE)).hasContent("rubbish");
    }
}
