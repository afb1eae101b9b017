/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskLog;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed when partitions are handed over, and what is not; and what becomes of commits without an answer. */
final class SinkCommitTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<String> calls = new ArrayList<>();
    private final InterruptedConsumer consumer = new InterruptedConsumer();
    private final ConsumerLease lease = new ConsumerLease(consumer);
    private final Progress progress = new Progress();
    private final Task task = new Task();
    private final WorkerMeters meters = WorkerMeters.overJmx("sink-commit-test:0");
    private final TaskLog log = new TaskLog(
            new ConnectorName("c").task(0),
            Resolved.between(Map.of("password", "${file:s:pw}"), Map.of("password", "hunter2")));
    private Duration now = Duration.ZERO;
    private final CommitWatch watch = new CommitWatch(
            log,
            meters.begin(new ConnectorName("c").task(0), ConnectorType.SINK),
            Duration.ofSeconds(60),
            () -> now.toNanos());
    private final SinkCommit commit = new SinkCommit(
            log,
            task,
            lease,
            progress,
            new PendingReports(),
            Duration.ofSeconds(60),
            watch,
            () -> calls.add("committed"));

    @AfterEach
    void close() {
        meters.close();
    }

    @BeforeEach
    void threeRecordsArePut() {
        consumer.assign(List.of(PARTITION));
        progress.assigned(PARTITION, 0);
        progress.read(PARTITION, 3);
        progress.allDelivered();
    }

    @Test
    void offsetsAreCommittedAfterTheTaskHasClosed() throws Exception {
        commit.handOver(Set.of(PARTITION));

        assertThat(calls).containsExactly("preCommit", "close", "commit", "committed");
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(3));
    }

    @Test
    void whatATaskFailsToWriteInCloseIsNotCommitted() {
        task.failing = "close";

        assertThatThrownBy(() -> commit.handOver(Set.of(PARTITION))).hasMessage("close failed");

        assertThat(committed()).isNull();
    }

    @Test
    void aTaskThatDoesNotAgreeIsClosedAndNothingIsCommitted() throws Exception {
        task.failing = "preCommit";

        commit.handOver(Set.of(PARTITION));

        assertThat(calls).containsExactly("preCommit", "close");
        assertThat(committed()).isNull();
    }

    @Test
    void anErrorInPreCommitIsNoReasonToEndTheTaskEither() throws Exception {
        task.during = () -> {
            throw new Error("not implemented");
        };

        commit.later();
        commit.handOver(Set.of(PARTITION));

        assertThat(calls).containsExactly("preCommit", "preCommit", "close");
        assertThat(committed()).isNull();
    }

    /** Plugins quote what they log in with. */
    @Test
    void aTaskThatDoesNotAgreeLogsNoSecret() throws Exception {
        task.during = () -> {
            throw new ConnectException("no log-in with hunter2");
        };

        try (LoggedLines lines = LoggedLines.of(SinkCommit.class)) {
            commit.later();
            commit.handOver(Set.of(PARTITION));

            assertThat(lines.texts())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("preCommit failed")
                            .contains("no log-in with ${file:s:pw}")
                            .doesNotContain("hunter2"));
        }
    }

    @Test
    void whoIsToldToStopWhileItCommitsCommitsAllTheSame() throws Exception {
        consumer.wakeups = 3;

        commit.handOver(Set.of(PARTITION));

        assertThat(committed()).isEqualTo(new OffsetAndMetadata(3));
    }

    @Test
    void withoutTheLeaseTheTaskIsClosedAndThatIsAll() throws Exception {
        lease.take();

        commit.handOver(Set.of(PARTITION));
        commit.later();

        assertThat(calls).containsExactly("close");
    }

    @Test
    void aLeaseThatIsTakenDuringPreCommitEndsTheCommit() throws Exception {
        task.during = lease::take;

        commit.later();
        commit.handOver(Set.of(PARTITION));

        assertThat(calls).containsExactly("preCommit", "close");
    }

    /** A commit that is woken up may have been sent already. */
    @Test
    void aLeaseThatEndsBeforeTheLastCommitEndsThatToo() throws Exception {
        task.during = lease::end;

        commit.handOver(Set.of(PARTITION));

        assertThat(calls).containsExactly("preCommit", "close");
        assertThat(committed()).isNull();
    }

    @Test
    void aLeaseThatIsTakenDuringTheCommitIsNotCommittedAgain() throws Exception {
        consumer.wakeups = 1;
        consumer.onWakeup = lease::take;

        commit.handOver(Set.of(PARTITION));

        assertThat(calls).containsExactly("preCommit", "close");
    }

    @Test
    void theConsumerIsClosedOnceWhoeverComesFirst() {
        lease.take();
        lease.close();

        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aCommitThatIsNotAnsweredInTimeIsToldOnceAndCountsAsFailed() throws Exception {
        consumer.holding = true;
        commit.later();

        try (LoggedLines lines = LoggedLines.of(CommitWatch.class)) {
            checkAt(59);
            assertThat(lines.texts()).isEmpty();
            assertThat(watch.patience()).isEqualTo(Duration.ofSeconds(1));
            checkAt(60);
            checkAt(300);

            assertThat(lines.texts()).singleElement().asString().contains("offset.flush.timeout.ms");
        }
        assertThat(watch.patience()).isGreaterThan(Duration.ofDays(1));
        assertThat(metric("connector-task-metrics", "offset-commit-failure-percentage"))
                .isEqualTo(1.0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLateAnswerOfSuchACommitIsNotCountedAgain(boolean success) throws Exception {
        consumer.holding = true;
        commit.later();
        checkAt(60);
        consumer.answerOldest(success ? null : new RetriableCommitFailedException("late"));
        consumer.holding = false;
        commit.later();

        assertThat(calls.stream().filter("committed"::equals))
                .as("offsets that the group has are known")
                .hasSize(1);
        assertThat(progress.committed()).containsEntry(PARTITION, 3L);
        assertThat(metric("connector-task-metrics", "offset-commit-failure-percentage"))
                .isEqualTo(0.5);
        assertThat(metric("sink-task-metrics", "offset-commit-completion-total"))
                .isEqualTo(success ? 2.0 : 1.0);
    }

    @Test
    void anAnswerThatComesAfterTheNextCommitWasSentIsSkippedAsEver() throws Exception {
        consumer.holding = true;
        commit.later();
        checkAt(60);
        commit.later();
        consumer.answerOldest(null);

        assertThat(calls).doesNotContain("committed");
        assertThat(metric("sink-task-metrics", "offset-commit-skip-total")).isEqualTo(1.0);

        consumer.answerOldest(null);

        assertThat(calls).contains("committed");
        assertThat(metric("connector-task-metrics", "offset-commit-failure-percentage"))
                .isEqualTo(0.5);
    }

    @Test
    void whoCommitsMoreOftenThanThatIsToldToo() throws Exception {
        consumer.holding = true;
        try (LoggedLines lines = LoggedLines.of(CommitWatch.class)) {
            for (int second = 0; second < 60; second += 20) {
                checkAt(second);
                commit.later();
            }
            assertThat(lines.texts()).isEmpty();
            checkAt(60);
            assertThat(lines.texts()).hasSize(1);
        }
    }

    @Test
    void brokersThatAnswerLateButAnswerAreNotTold() throws Exception {
        consumer.holding = true;
        try (LoggedLines lines = LoggedLines.of(CommitWatch.class)) {
            commit.later();
            checkAt(40);
            commit.later();
            checkAt(50);
            consumer.answerOldest(null);
            checkAt(99);
            assertThat(lines.texts()).isEmpty();
            checkAt(100);
            assertThat(lines.texts()).hasSize(1);
        }
    }

    @Test
    void aCommitThatPartitionsAreHandedOverWithTakesThePlaceOfOneThatIsNotAnswered() throws Exception {
        consumer.holding = true;
        commit.later();
        commit.handOver(Set.of(PARTITION));

        try (LoggedLines lines = LoggedLines.of(CommitWatch.class)) {
            checkAt(60);
            assertThat(lines.texts()).isEmpty();
        }
        assertThat(metric("connector-task-metrics", "offset-commit-success-percentage"))
                .isEqualTo(1.0);
    }

    private void checkAt(int seconds) {
        now = Duration.ofSeconds(seconds);
        watch.check();
    }

    private static Object metric(String type, String name) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("kafka.connect:type=" + type + ",connector=c,task=0"), name);
    }

    private @Nullable OffsetAndMetadata committed() {
        return consumer.committed(Set.of(PARTITION)).get(PARTITION);
    }

    /** Is woken up while it commits, as often as told. */
    private final class InterruptedConsumer extends MockConsumer<byte[], byte[]> {
        private int wakeups;
        private Runnable onWakeup = () -> {};
        private boolean holding;
        private final Deque<Consumer<@Nullable Exception>> held = new ArrayDeque<>();

        private InterruptedConsumer() {
            super("earliest");
        }

        @Override
        public void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
            if (holding && callback != null) {
                held.add(failure -> callback.onComplete(offsets, failure));
            } else {
                super.commitAsync(offsets, callback);
            }
        }

        private void answerOldest(@Nullable Exception failure) {
            held.remove().accept(failure);
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (wakeups-- > 0) {
                onWakeup.run();
                throw new WakeupException();
            }
            calls.add("commit");
            super.commitSync(offsets, timeout);
        }
    }

    private final class Task extends SinkTask {
        private String failing = "";
        private Runnable during = () -> {};

        @Override
        public void start(Map<String, String> config) {}

        @Override
        public void put(Collection<SinkRecord> records) {}

        @Override
        public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            called("preCommit");
            during.run();
            return offsets;
        }

        @Override
        public void close(Collection<TopicPartition> partitions) {
            called("close");
        }

        private void called(String method) {
            calls.add(method);
            if (failing.equals(method)) {
                throw new ConnectException(method + " failed");
            }
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
    }
}
