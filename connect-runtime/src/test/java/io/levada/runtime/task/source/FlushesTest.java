/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a source task's offsets are committed, and what becomes of a commit that fails. */
final class FlushesTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final NotedOffsets offsets = new NotedOffsets(told::add);
    private final SteppedThreads threads = new SteppedThreads();
    private final FlushesByHand byHand = new FlushesByHand();
    private final WorkerMeters meters = WorkerMeters.overJmx("flushes-test:0");
    private final TaskId id = new ConnectorName("flushes").task(0);
    private final TaskLog log = new TaskLog(id, Resolved.NOTHING);
    private final InFlight inFlight = new InFlight(10, TaskThreads.REAL);
    private final OffsetCommit commit = commit(threads, TIMEOUT);
    private final Flushes flushes = new Flushes(log, commit, byHand.threads, INTERVAL);

    private OffsetCommit commit(TaskThreads waits, Duration timeout) {
        return new OffsetCommit(
                log,
                new PluginNotes(log, new NotingTask(told::add)),
                inFlight,
                offsets,
                timeout,
                meters.begin(id, ConnectorType.SOURCE),
                waits);
    }

    @AfterEach
    void close() {
        byHand.close();
        meters.close();
    }

    private void arrives(long number) {
        inFlight.add(AtLeastOnceFixture.lines("a", number)).get(0).acknowledge();
    }

    @Test
    void anIntervalPassesBeforeEachCommit() {
        flushes.start();
        arrives(1);
        assertThat(byHand.planned()).containsExactly(INTERVAL);
        assertThat(told).isEmpty();

        byHand.ring();
        assertThat(byHand.planned()).as("not before this one is over").isEmpty();
        byHand.taken().run();

        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "commit");
        assertThat(byHand.planned()).containsExactly(INTERVAL);
    }

    @Test
    void aCommitThatTakesTooLongIsGivenUpAndTheNextHasTheNewerOffsets() throws Exception {
        flushes.start();
        arrives(1);
        offsets.answers.add(new CompletableFuture<>());

        try (LoggedLines lines = LoggedLines.of(OffsetCommit.class)) {
            byHand.flush();
            assertThat(lines.texts())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("go with the next commit", "timeoutMs=\"5000\""));
        }
        assertThat(threads.waited).isEqualTo(TIMEOUT);
        arrives(2);
        byHand.flush();

        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "wrote {{of=a}={n=2}}", "commit");
    }

    @Test
    void whatTheStoreRefusesIsToldAndTriedAgainAfterAnInterval() throws Exception {
        flushes.start();
        arrives(1);
        offsets.answers.add(CompletableFuture.failedFuture(new TimeoutException("no leader")));

        try (LoggedLines lines = LoggedLines.of(OffsetCommit.class)) {
            byHand.flush();
            assertThat(lines.texts())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("no leader", "connector=\"flushes\""));
        }
        assertThat(byHand.planned()).containsExactly(INTERVAL);
        byHand.flush();

        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "wrote {{of=a}={n=1}}", "commit");
    }

    @Test
    void aCommitThatNobodyKnewCouldFailIsToldAndTheNextOneComes() throws Exception {
        flushes.start();
        arrives(1);
        offsets.fails = new IllegalStateException("a fault in the store");

        try (LoggedLines lines = LoggedLines.of(Flushes.class)) {
            byHand.flush();
            assertThat(lines.texts())
                    .anySatisfy(line -> assertThat(line).contains("offset commit failed", "a fault in the store"));
        }
        byHand.flush();

        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "commit");
    }

    @Test
    void aThreadThatIsInterruptedLeavesTheOffsetsToTheNextCommit() {
        flushes.start();
        arrives(1);
        offsets.answers.add(new CompletableFuture<>());
        Flushes real = new Flushes(log, commit(TaskThreads.REAL, Duration.ofDays(1)), byHand.threads, INTERVAL);
        flushes.close();
        real.start();

        Thread.currentThread().interrupt();
        byHand.flush();
        assertThat(Thread.interrupted()).as("it is for the thread").isTrue();
        byHand.flush();

        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "wrote {{of=a}={n=1}}", "commit");
    }

    @Test
    void onceClosedNothingIsCommittedOrPlanned() {
        flushes.start();
        arrives(1);

        flushes.close();
        byHand.flush();
        flushes.start();

        assertThat(byHand.planned()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void aCommitThatAThreadHasTakenWhenItIsClosedDoesNothing() {
        flushes.start();
        arrives(1);
        byHand.ring();

        flushes.close();
        byHand.taken().run();

        assertThat(told).isEmpty();
        assertThat(byHand.planned()).isEmpty();
    }

    @Test
    void aWorkerThatClosesEndsThePlanningWithoutAFailure() {
        flushes.start();
        byHand.ring();

        byHand.close();
        byHand.taken().run();

        assertThat(told).containsExactly("commit");
    }

    /** Whether it is wanted shows when its turn comes, not when it begins to wait. */
    @Test
    void aCommitThatWaitsForTheLastOneDoesNothing() {
        OffsetCommit slow = commit(TaskThreads.REAL, Duration.ofDays(1));
        Flushes open = new Flushes(log, slow, byHand.threads, INTERVAL);
        CompletableFuture<Void> answer = new CompletableFuture<>();
        offsets.answers.add(answer);
        open.start();
        arrives(1);
        byHand.ring();
        CompletableFuture<Boolean> last = running(slow);
        await().atMost(LONG_ENOUGH).until(() -> !told.isEmpty());

        Thread late = started(byHand.taken());
        await().atMost(LONG_ENOUGH).until(() -> late.getState() == Thread.State.BLOCKED);
        open.close();
        answer.complete(null);

        assertThat(last).succeedsWithin(LONG_ENOUGH).isEqualTo(true);
        await().atMost(LONG_ENOUGH).until(() -> !late.isAlive());
        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "commit");
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static CompletableFuture<Boolean> running(OffsetCommit commit) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread unused = started(() -> run(commit, done));
        return done;
    }

    private static void run(OffsetCommit commit, CompletableFuture<Boolean> done) {
        try {
            done.complete(commit.run());
        } catch (InterruptedException e) {
            done.completeExceptionally(e);
        }
    }

    /** What it writes must not come after what the last one writes. */
    @Test
    void theLastCommitWaitsForOneThatIsUnderWay() {
        OffsetCommit slow = commit(TaskThreads.REAL, Duration.ofDays(1));
        Flushes open = new Flushes(log, slow, byHand.threads, INTERVAL);
        CompletableFuture<Void> answer = new CompletableFuture<>();
        offsets.answers.add(answer);
        open.start();
        arrives(1);
        byHand.ring();
        CompletableFuture<Void> flushing = CompletableFuture.runAsync(byHand.taken());
        await().atMost(LONG_ENOUGH).until(() -> !told.isEmpty());
        arrives(2);
        open.close();

        CompletableFuture<Boolean> last = new CompletableFuture<>();
        Thread ending = started(() -> run(slow, last));
        await().atMost(LONG_ENOUGH).until(() -> ending.getState() == Thread.State.BLOCKED);
        answer.complete(null);

        assertThat(last).succeedsWithin(LONG_ENOUGH).isEqualTo(true);
        assertThat(flushing).succeedsWithin(LONG_ENOUGH);
        assertThat(told).containsExactly("wrote {{of=a}={n=1}}", "commit", "wrote {{of=a}={n=2}}", "commit");
        assertThat(byHand.planned()).isEmpty();
    }
}
