/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.Failure;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.FailureReporter;
import io.levada.runtime.threads.TaskThreads;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a record once the producer has answered. */
final class AnswersTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** One that no other test has: what is measured goes by the name. */
    private final TaskId id = new ConnectorName("answers-" + NUMBER.incrementAndGet()).task(0);

    private final WorkerMeters meters = WorkerMeters.overJmx("answers-test:" + NUMBER.get());
    private final TaskMeter meter = meters.begin(id, ConnectorType.SOURCE);
    private final InFlight inFlight = new InFlight(10, TaskThreads.REAL);
    private final List<String> told = new ArrayList<>();
    private final List<String> topics = new ArrayList<>();
    private final List<Failure> reported = new ArrayList<>();
    private @Nullable RuntimeException reportFails;

    @AfterEach
    void close() {
        meters.close();
    }

    private final class Reports implements FailureReporter {
        @Override
        public CompletableFuture<Void> report(Failure failure) {
            if (reportFails != null) {
                throw reportFails;
            }
            reported.add(failure);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }

    private Answers answers(String tolerance) {
        FailurePolicy policy = new FailurePolicy(
                id,
                ErrorSettings.from(Map.of("errors.tolerance", tolerance), true),
                new Reports(),
                new TaskControl(false),
                pending -> {},
                meter.errors());
        PluginNotes notes = new PluginNotes(new TaskLog(id, Resolved.NOTHING), new NotingTask(told::add));
        return new Answers(id, notes, policy, topics::add, meter.source());
    }

    /** Records on their way, which a poll has brought. */
    private List<Answers.Sent> sent(Answers answers, long... numbers) {
        List<SourceRecord> polled = AtLeastOnceFixture.lines("a", numbers);
        meter.source().polled(polled.size(), 1, null);
        List<InFlight.Entry> entries = inFlight.add(polled);
        List<Answers.Sent> sent = new ArrayList<>();
        for (int i = 0; i < polled.size(); i++) {
            sent.add(new Answers.Sent(answers, polled.get(i), entries.get(i), "lines", 1, null));
        }
        return sent;
    }

    private static RecordMetadata at(long offset) {
        return new RecordMetadata(new TopicPartition("lines", 0), offset, 0, 0, 0, 0);
    }

    private Object metric(String name) throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .getAttribute(
                        new ObjectName(
                                "kafka.connect:type=source-task-metrics,connector=" + id.connector() + ",task=0"),
                        name);
    }

    @Test
    void whatArrivesIsToldAndMayBeCommittedAndIsCounted() throws JMException {
        Answers.Sent record = sent(answers("none"), 1).get(0);
        assertThat(metric("source-record-active-count")).isEqualTo(1.0);

        record.onCompletion(at(7), null);

        assertThat(told).containsExactly("1 at lines-0@7");
        assertThat(topics).containsExactly("lines");
        assertThat(inFlight.takeCommittable()).containsEntry(Map.of("of", "a"), Map.of("n", 1L));
        assertThat(metric("source-record-write-total")).isEqualTo(1.0);
        assertThat(metric("source-record-active-count")).isEqualTo(0.0);
    }

    @Test
    void whatArrivesAfterTheTaskIsOverIsNotToldAndNotCommitted() throws JMException {
        Answers answers = answers("none");
        Answers.Sent record = sent(answers, 1).get(0);

        answers.end();
        record.onCompletion(at(7), null);

        assertThat(told).isEmpty();
        assertThat(topics).isEmpty();
        assertThat(inFlight.takeCommittable()).isEmpty();
        assertThat(metric("source-record-write-total")).isEqualTo(0.0);
    }

    /** A producer that is being closed refuses all it has, and that is no failure of the records. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "all"})
    void whatIsRefusedAfterTheTaskIsOverIsNoFailureAndNotSkipped(String tolerance) {
        Answers answers = answers(tolerance);
        Answers.Sent record = sent(answers, 1).get(0);

        answers.end();
        record.onCompletion(null, new org.apache.kafka.common.KafkaException("Producer is closed forcefully."));

        assertThatCode(answers::throwFailure).doesNotThrowAnyException();
        assertThat(told).isEmpty();
        assertThat(reported).isEmpty();
        assertThat(inFlight.takeCommittable()).isEmpty();
    }

    /** Whether a restart may heal it is seen by its cause. */
    @Test
    void aFailureThatMayPassIsThrownWithItsRecordAndCause() {
        assertThrown(new TimeoutException("no answer in time"));
    }

    @Test
    void aFailureForGoodIsThrownWithItsRecordAndCause() {
        assertThrown(new RecordTooLargeException("too large"));
    }

    private void assertThrown(Exception refused) {
        Answers answers = answers("none");
        assertThatCode(answers::throwFailure).doesNotThrowAnyException();

        sent(answers, 1).get(0).onCompletion(at(-1), refused);

        assertThatThrownBy(answers::throwFailure)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("topic lines at source partition {of=a}, offset {n=1}")
                .hasMessageContaining(refused.getMessage())
                .hasCause(refused);
        assertThat(told).isEmpty();
        assertThat(reported).isEmpty();
    }

    /** The others may fail of it. */
    @Test
    void ofSeveralFailuresTheFirstIsThrown() {
        Answers answers = answers("none");
        List<Answers.Sent> records = sent(answers, 1, 2);

        records.get(1).onCompletion(at(-1), new RecordTooLargeException("the first"));
        records.get(0).onCompletion(at(-1), new TimeoutException("the second"));

        assertThatThrownBy(answers::throwFailure).hasMessageContaining("the first");
    }

    @Test
    void aFailureThatIsToleratedIsReportedAndCountedAndTheRecordIsDropped() throws JMException {
        Answers answers = answers("all");
        Answers.Sent record = sent(answers, 1).get(0);

        record.onCompletion(at(-1), new RecordTooLargeException("too large"));

        assertThatCode(answers::throwFailure).doesNotThrowAnyException();
        assertThat(reported)
                .singleElement()
                .satisfies(failure -> assertThat(failure.describe()).contains("offset {n=1}", "too large"));
        assertThat(told).as("no metadata, although the producer gave some").containsExactly("1 dropped");
        assertThat(inFlight.takeCommittable()).containsEntry(Map.of("of", "a"), Map.of("n", 1L));
        assertThat(metric("source-record-write-total")).isEqualTo(0.0);
        assertThat(metric("source-record-active-count")).isEqualTo(0.0);
    }

    /** The record would be gone without a word. */
    @Test
    void aToleratedFailureThatCannotBeReportedEndsTheTask() {
        Answers answers = answers("all");
        reportFails = new IllegalStateException("no log");

        sent(answers, 1).get(0).onCompletion(at(-1), new RecordTooLargeException("too large"));

        assertThatThrownBy(answers::throwFailure)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("no log")
                .hasCause(reportFails);
        assertThat(told).isEmpty();
        assertThat(inFlight.takeCommittable()).isEmpty();
    }

    @Test
    void whatIsNotSentIsNotWaitedForAndNothingBehindItIsCommitted() throws Exception {
        Answers answers = answers("none");
        List<InFlight.Entry> entries = inFlight.add(AtLeastOnceFixture.lines("a", 1, 2));
        meter.source().polled(2, 1, null);

        answers.unsent(entries.subList(0, 1));
        entries.get(1).acknowledge();

        assertThat(inFlight.awaitEmpty(java.time.Duration.ZERO)).isTrue();
        assertThat(inFlight.takeCommittable()).isEmpty();
        assertThat(metric("source-record-active-count")).isEqualTo(1.0);
    }
}
