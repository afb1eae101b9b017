/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static io.levada.runtime.task.source.AtLeastOnceFixture.PATIENCE;
import static io.levada.runtime.task.source.AtLeastOnceFixture.lines;
import static io.levada.runtime.task.source.AtLeastOnceFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is committed, and of what the plugin is told, whatever becomes of the records. */
final class AtLeastOnceTest {
    private final AtLeastOnceFixture fixture = new AtLeastOnceFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<String> written() {
        return fixture.told.stream().filter(note -> note.startsWith("wrote")).toList();
    }

    @Test
    void ofEachPartitionTheOffsetIsCommittedUpToWhichAllIsAcknowledged() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        List<SourceRecord> polled = new ArrayList<>(lines("a", 1, 2, 3));
        polled.addAll(lines("b", 7, 8));
        delivery.send(polled);

        fixture.producer.acknowledge(4, 2, 0, 3);
        fixture.flushes.flush();
        fixture.producer.acknowledge(1);
        fixture.flushes.flush();

        assertThat(written()).containsExactly("wrote {{of=a}={n=1}, {of=b}={n=8}}", "wrote {{of=a}={n=3}}");
    }

    @Test
    void whatIsRefusedEndsTheTaskAndNothingBehindItIsCommitted() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1, 2, 3));
        delivery.send(lines("b", 7));
        fixture.producer.acknowledge(0);
        fixture.producer.refuse(1, new TimeoutException("no answer in time"));
        fixture.producer.acknowledge(2, 3);

        assertThatThrownBy(delivery::ready)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("source partition {of=a}, offset {n=2}")
                .hasMessageContaining("no answer in time");
        assertThatThrownBy(delivery::throwFailure).isInstanceOf(ConnectException.class);
        delivery.finish();

        assertThat(written()).as("others go on").containsExactly("wrote {{of=a}={n=1}, {of=b}={n=7}}");
    }

    @Test
    void afterARefusalNothingMoreIsSent() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1));
        fixture.producer.refuse(0, new RecordTooLargeException("too large"));

        assertThatThrownBy(() -> delivery.send(lines("a", 2))).hasMessageContaining("too large");
        delivery.finish();

        assertThat(fixture.producer.sent()).containsExactly("1");
        assertThat(fixture.threads.waited)
                .as("nobody waits for what was not sent")
                .isZero();
        assertThat(written()).isEmpty();
    }

    @Test
    void whatIsRefusedAndToleratedIsSkippedAndItsOffsetCommitted() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery("errors.tolerance", "all");
        delivery.send(lines("a", 1, 2));
        fixture.producer.acknowledge(0);

        fixture.producer.refuse(1, new RecordTooLargeException("too large"));

        assertThat(delivery.ready()).isTrue();
        delivery.finish();
        assertThat(fixture.told).containsExactly("1 at lines-0@0", "2 dropped", "wrote {{of=a}={n=2}}", "commit");
    }

    @Test
    void thePluginIsToldWhereEachRecordIsAndOfOneThatIsDroppedNothing() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();

        delivery.send(lines("a", 1, 13, 2));
        fixture.producer.acknowledge(1, 0);

        assertThat(fixture.told).containsExactly("13 dropped", "2 at lines-0@1", "1 at lines-0@0");
    }

    @Test
    void thePluginHearsOfACommitWhenItsOffsetsAreWrittenAndNotBefore() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1));
        fixture.producer.acknowledge(0);
        fixture.told.clear();
        fixture.offsets.answers.add(CompletableFuture.failedFuture(new TimeoutException("no leader")));

        fixture.flushes.flush();
        assertThat(fixture.told).containsExactly("wrote {{of=a}={n=1}}");
        delivery.finish();

        assertThat(fixture.told).containsExactly("wrote {{of=a}={n=1}}", "wrote {{of=a}={n=1}}", "commit");
    }

    @Test
    void theEndWaitsForWhatIsOnItsWay() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1, 2));
        List<Integer> left = new ArrayList<>(List.of(1, 0));
        fixture.threads.meanwhile = () -> fixture.producer.acknowledge(left.remove(0));

        delivery.finish();

        assertThat(left).isEmpty();
        assertThat(fixture.told).containsExactly("2 at lines-0@1", "1 at lines-0@0", "wrote {{of=a}={n=2}}", "commit");
    }

    @Test
    void theEndWaitsNoLongerThanItMayAndCommitsWhatHasArrived() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1, 2));
        fixture.producer.acknowledge(0);

        delivery.finish();

        assertThat(fixture.threads.waited).isEqualTo(PATIENCE);
        assertThat(written()).containsExactly("wrote {{of=a}={n=1}}");
    }

    @Test
    void afterTheTaskWasGivenUpNothingIsCommittedAndNobodyWaits() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1, 2, 3));
        fixture.producer.acknowledge(0);
        fixture.flushes.ring();

        delivery.cancel();
        fixture.producer.acknowledge(1);
        fixture.flushes.taken().run();
        delivery.finish();

        assertThat(fixture.told).containsExactly("1 at lines-0@0");
        assertThat(fixture.threads.waited).isEqualTo(Duration.ZERO);
        assertThat(fixture.flushes.planned()).isEmpty();
        assertThat(fixture.offsets.ended).isTrue();
    }

    @Test
    void whatComesFromAPollAfterTheTaskWasGivenUpIsNotSent() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.cancel();

        delivery.send(lines("a", 1));

        assertThat(fixture.producer.sent()).isEmpty();
    }

    @Test
    void whatCouldNotBeSentBeforeTheStopIsNotCommittedNorWaitedFor() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1));
        fixture.producer.acknowledge(0);
        fixture.producer.refuses = () -> {
            fixture.control.stop();
            return new TimeoutException("no metadata yet");
        };

        delivery.send(lines("a", 2, 3));
        delivery.finish();

        assertThat(fixture.told).containsExactly("1 at lines-0@0", "wrote {{of=a}={n=1}}", "commit");
        assertThat(fixture.threads.waited).isZero();
    }

    /** On a busy machine a thread may come to the commit it was given when the task has long ended. */
    @Test
    void aCommitThatWasDueBeforeTheEndTellsThePluginNothingAfterIt() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1));
        fixture.producer.acknowledge(0);
        fixture.flushes.ring();

        delivery.finish();
        fixture.flushes.taken().run();

        assertThat(fixture.told).containsExactly("1 at lines-0@0", "wrote {{of=a}={n=1}}", "commit");
    }

    /** The next life of the task may have committed newer ones. */
    @Test
    void offsetsThatTheLastCommitCouldNotWriteAreNotWrittenAfterTheEnd() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(lines("a", 1));
        fixture.producer.acknowledge(0);
        fixture.offsets.answers.add(new CompletableFuture<>());
        fixture.flushes.ring();

        delivery.finish();
        delivery.close();
        fixture.flushes.taken().run();

        assertThat(written()).hasSize(1);
    }

    @Test
    void aTaskHasWorkedOnceAllOfItsFirstBatchIsAcknowledgedOrDropped() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();
        delivery.send(List.of());
        delivery.send(lines("a", 1, 13, 2));
        fixture.producer.acknowledge(1);
        assertThat(fixture.worked).isZero();

        fixture.producer.acknowledge(0);
        assertThat(fixture.worked).isEqualTo(1);

        delivery.send(lines("a", 3));
        fixture.producer.acknowledge(2);
        assertThat(fixture.worked).as("told once").isEqualTo(1);
    }

    @Test
    void theUseOfATopicIsToldOnceForEachPollThatBringsRecordsForIt() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery();

        delivery.send(lines("a", 1, 2, 3));
        delivery.send(List.of(record("a", 4, "lines"), record("a", 5, "others")));
        fixture.producer.acknowledge(0, 1, 2, 3, 4);

        assertThat(fixture.topics).containsExactly("lines", "lines", "others");
    }

    /** It was told with the first record alone, and never if that was refused. */
    @Test
    void theUseOfATopicIsToldAlsoIfItsFirstRecordIsRefused() throws InterruptedException {
        AtLeastOnce delivery = fixture.delivery("errors.tolerance", "all");
        delivery.send(lines("a", 1, 2));

        fixture.producer.refuse(0, new RecordTooLargeException("too large"));
        assertThat(fixture.topics).as("nothing is there yet").isEmpty();
        fixture.producer.acknowledge(1);

        assertThat(fixture.topics).containsExactly("lines");
    }
}
