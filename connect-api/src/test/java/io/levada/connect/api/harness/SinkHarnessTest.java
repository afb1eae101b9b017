/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
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

    @Test
    void withoutSomebodyWhoTakesBadRecordsATaskHasNoReporter() {
        try (var sink = SinkHarness.start(new PairingSink(), Map.of(), SinkHarness.ErrorReporting.OFF, PARTITION)) {
            assertThatThrownBy(() -> sink.put(record(0, null)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("nobody takes bad records");
            assertThat(sink.uncommitted()).isEmpty();
        }
    }

    @Test
    void aTaskThatHangsCanBeAbandonedFromOutsideAndCommitsNothing() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        List<String> calls = new CopyOnWriteArrayList<>();
        SinkHarness sink =
                SinkHarness.start(new PairingSink(), () -> new HangingTask(entered, calls), Map.of(), PARTITION);
        Thread worker = new Thread(() -> sink.put(record(0, "a"), record(1, "b")));
        worker.start();
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();

        sink.abandon();
        sink.close();

        worker.join(60_000);
        assertThat(calls).containsExactly("put", "close", "stop");
        assertThat(sink.committed()).isEmpty();
    }

    @Test
    void whatATaskFailsToCloseIsNotCommitted() {
        List<String> calls = new ArrayList<>();
        SinkHarness sink = SinkHarness.start(
                new PairingSink(),
                () -> new HangingTask(new CountDownLatch(0), calls) {
                    @Override
                    public void put(Collection<SinkRecord> records) {
                        calls.add("put " + records.size());
                    }

                    @Override
                    public void close(Collection<TopicPartition> partitions) {
                        throw new ConnectException("the disk is full");
                    }
                },
                Map.of(),
                PARTITION);
        sink.put(record(0, "a"), record(1, "b"));

        assertThatThrownBy(sink::close).hasMessage("the disk is full");

        assertThat(sink.committed()).isEmpty();
        assertThat(sink.uncommitted()).extracting(SinkRecord::value).isEqualTo(List.of("a", "b"));
        assertThat(calls).containsExactly("put 2", "stop");
    }

    /** Waits in put until it is interrupted, if there are records. */
    private static class HangingTask extends SinkTask {
        private final CountDownLatch entered;
        private final List<String> calls;

        private HangingTask(CountDownLatch entered, List<String> calls) {
            this.entered = entered;
            this.calls = calls;
        }

        @Override
        public void start(Map<String, String> config) {}

        @Override
        public void put(Collection<SinkRecord> records) {
            calls.add("put");
            entered.countDown();
            try {
                if (!records.isEmpty()) {
                    new CountDownLatch(1).await();
                }
            } catch (InterruptedException ignored) {
                // As told: the records count as taken.
            }
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            calls.add("close");
        }

        @Override
        public void stop() {
            calls.add("stop");
        }

        @Override
        public String version() {
            return "1";
        }
    }

    private static SinkRecord record(long offset, @Nullable String value) {
        return new SinkRecord(PARTITION.topic(), PARTITION.partition(), null, null, null, value, offset);
    }
}
