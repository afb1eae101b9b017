/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class SourceHarnessTest {
    private static final Map<String, String> CONFIG = Map.of("topic", "numbers");

    private final MemoryOffsets offsets = new MemoryOffsets();

    @Test
    void restartGoesOnAfterTheLastCommit() throws Exception {
        try (var source = SourceHarness.start(new CountingSource(), CONFIG, offsets)) {
            source.poll(2, Duration.ofSeconds(5));
            source.commit();
            source.poll();
            source.restart();
            assertThat(source.poll()).extracting(SourceRecord::value).isEqualTo(List.of(2L));
        }
    }

    @Test
    void offsetsOutliveTheHarness() throws Exception {
        try (var first = SourceHarness.start(new CountingSource(), CONFIG, offsets)) {
            first.poll();
            first.commit();
        }
        try (var second = SourceHarness.start(new CountingSource(), CONFIG, offsets)) {
            assertThat(second.poll()).extracting(SourceRecord::value).isEqualTo(List.of(1L));
        }
    }

    @Test
    void offsetsComeBackAsAWorkersJsonGivesThemBack() {
        offsets.put(Map.of("counter", 1), Map.of("last", 7));
        assertThat(offsets.offset(Map.of("counter", 1))).isEqualTo(Map.of("last", 7L));
    }

    @Test
    void nullOffsetForgetsThePartition() {
        offsets.put(Map.of("counter", "a"), Map.of("last", 7));
        offsets.put(Map.of("counter", "a"), null);
        assertThat(offsets.all()).isEmpty();
    }

    @Test
    void badConfigurationDoesNotStart() {
        assertThatThrownBy(() -> SourceHarness.start(new CountingSource(), Map.of(), offsets))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("topic");
    }
}
