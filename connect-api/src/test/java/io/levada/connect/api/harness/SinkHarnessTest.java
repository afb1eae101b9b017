/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SinkHarnessTest {
    private static final TopicPartition PARTITION = new TopicPartition("pairs", 0);

    @Test
    void onlyWhatTheTaskCallsSafeIsCommitted() {
        try (var sink = SinkHarness.start(new PairingSink(), Map.of(), PARTITION)) {
            sink.put(record(0, "a"), record(1, "b"), record(2, "c"));
            assertThat(sink.commit()).isEqualTo(Map.of(PARTITION, 2L));
        }
    }

    @Test
    void crashBringsTheUncommittedRecordsAgain() {
        try (var sink = SinkHarness.start(new PairingSink(), Map.of(), PARTITION)) {
            sink.put(record(0, "a"), record(1, "b"), record(2, "c"));
            sink.commit();
            assertThat(sink.crash()).extracting(SinkRecord::value).isEqualTo(List.of("c"));
        }
    }

    @Test
    void requestsOfTheTaskAreKept() {
        try (var sink = SinkHarness.start(new PairingSink(), Map.of(), PARTITION)) {
            sink.put(record(0, null));
            assertThat(sink.requests().commitRequested()).isTrue();
            assertThat(sink.requests().errant()).hasSize(1);
        }
    }

    private static SinkRecord record(long offset, @Nullable String value) {
        return new SinkRecord(PARTITION.topic(), PARTITION.partition(), null, null, null, value, offset);
    }
}
