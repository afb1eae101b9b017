/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.connectors.HostileException;
import io.levada.runtime.lifecycle.FailureReport.Phase;
import io.levada.runtime.status.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What status says of one task over its lives, by a manual clock: failures wait 10, 20, 40 s; ten minutes forgive. */
final class SupervisorTest {
    private static final RestartPolicy POLICY =
            new RestartPolicy(-1, Duration.ofSeconds(10), Duration.ofSeconds(300), Duration.ofMinutes(10));

    private final ManualTime time = new ManualTime();
    private final Map<String, @Nullable String> config = new HashMap<>();
    private final List<State> said = new ArrayList<>();
    private String trace = "";
    private int lives;
    private HostEvents life;
    private final Supervisor<String> supervisor = new Supervisor<>(
            Runnable::run, new RestartSchedule<>(time, time::nanos, time), POLICY, (key, state, told, version) -> {
                said.add(state);
                trace = told == null ? "" : told;
            });

    SupervisorTest() {
        life = begin();
    }

    private HostEvents begin() {
        int number = ++lives;
        return supervisor.ofLife("t", () -> number == lives, () -> config, () -> life = begin());
    }

    private void run() {
        life.onState(State.RUNNING, "1");
        life.onReady();
    }

    private void fail(String message) {
        life.onFailure(new ConnectException(message), "1");
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private FailureReport failure() {
        return supervisor.failure("t").orElseThrow();
    }

    @Test
    void whatFailsAgainAndAgainIsNeverSaidToRun() {
        run();
        fail("no bucket");
        said.clear();

        for (int round = 0; round < 20; round++) {
            time.pass(seconds(300));
            run();
            time.pass(seconds(5));
            fail("no bucket");
        }

        assertThat(lives).isEqualTo(21);
        assertThat(said).containsOnly(State.FAILED);
    }

    /** A plugin's class may never come back from what it is asked. */
    @Test
    void aFailureIsAskedOnTheThreadOfWhoFailedAlone() throws Exception {
        ExecutorService herder = Executors.newSingleThreadExecutor();
        List<String> traces = new CopyOnWriteArrayList<>();
        Supervisor<String> apart = new Supervisor<>(
                herder,
                new RestartSchedule<>(time, time::nanos, time),
                POLICY,
                (key, state, told, version) -> traces.add(String.valueOf(told)));

        apart.ofLife("t", () -> true, () -> config, () -> {})
                .onFailure(new HostileException(HostileException.Kind.ANSWERS_ITS_MAKER_ALONE), "1");
        herder.shutdown();

        assertThat(herder.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(traces).singleElement().satisfies(trace -> assertThat(trace).contains("hostile on purpose"));
        assertThat(apart.failure("t").orElseThrow().nextTryAt())
                .as("of what may pass by itself")
                .isEqualTo(Instant.parse("2026-01-01T00:00:01Z"));
    }

    @Test
    void attemptNextTryAndFirstCauseStandInOnePlace() {
        run();
        fail("no bucket");
        time.pass(seconds(10));
        run();
        fail("wrong key");

        assertThat(failure())
                .isEqualTo(
                        new FailureReport(
                                Phase.WAITING,
                                2,
                                -1,
                                Instant.parse("2026-01-01T00:00:00Z"),
                                Instant.parse("2026-01-01T00:00:10Z"),
                                Instant.parse("2026-01-01T00:00:30Z"),
                                "no bucket",
                                "wrong key",
                                "Restart 2 (no limit) follows at 2026-01-01T00:00:30Z; errors.restart.max=0 turns restarts off."));
        assertThat(trace)
                .startsWith(ConnectException.class.getName() + ": wrong key")
                .contains("First failed at 2026-01-01T00:00:00Z: no bucket", "Restart 2 (no limit) follows at");
    }

    @Test
    void anAttemptUnderWayIsSaidToBeOne() {
        run();
        fail("no bucket");
        time.pass(seconds(10));
        run();

        assertThat(failure().phase()).isEqualTo(Phase.TRYING);
        assertThat(failure().nextTryAt()).isNull();
        assertThat(trace).contains("Restart 1 (no limit) is under way since 2026-01-01T00:00:10Z");
    }

    @Test
    void workProvesAnAttemptHealthy() {
        run();
        fail("no bucket");
        time.pass(seconds(10));
        run();

        life.onWorked();

        assertThat(said).containsExactly(State.RUNNING, State.FAILED, State.FAILED, State.RUNNING);
        assertThat(supervisor.failure("t")).isEmpty();
    }

    @Test
    void anIdleAttemptIsHealthyOnceItOutlivesThoseThatFailed() {
        run();
        time.pass(seconds(60));
        fail("flush refused");
        time.pass(seconds(10));
        run();

        time.pass(seconds(119));
        assertThat(failure().phase()).isEqualTo(Phase.TRYING);
        time.pass(seconds(1));

        assertThat(supervisor.failure("t")).isEmpty();
        assertThat(said).endsWith(State.RUNNING);
    }

    /** A sink waits for its partitions; it would show RUNNING between two failures otherwise. */
    @Test
    void timeInWhichItCannotWorkYetProvesNothing() {
        run();
        time.pass(seconds(1));
        fail("no bucket");
        time.pass(seconds(10));
        life.onState(State.RUNNING, "1");

        time.pass(seconds(3_600));
        assertThat(failure().phase()).isEqualTo(Phase.TRYING);
        assertThat(said).endsWith(State.FAILED);
        life.onReady();
        time.pass(seconds(9));
        assertThat(said).endsWith(State.FAILED);
        time.pass(seconds(1));

        assertThat(said).endsWith(State.RUNNING);
        fail("no bucket");
        assertThat(failure().attempt()).isEqualTo(2);
    }

    @Test
    void timeInWhichItKeepsStillDoesNotForgive() {
        run();
        fail("no bucket");
        time.pass(seconds(10));
        run();
        time.pass(seconds(3));
        life.onState(State.PAUSED, "1");
        time.pass(seconds(3_600));
        run();
        time.pass(seconds(4));

        fail("no bucket");

        assertThat(failure().attempt()).isEqualTo(2);
        time.pass(seconds(20));
        run();
        time.pass(seconds(19)); // longer than twice the seven seconds that it could work, but not than the delay
        assertThat(failure().phase()).isEqualTo(Phase.TRYING);
        time.pass(seconds(1));
        assertThat(supervisor.failure("t")).isEmpty();
    }

    /** The failure is told when all is closed, and a plugin's stop() may take longer than the probation. */
    @Test
    void timeInWhichItIsClosedProvesNothing() {
        run();
        fail("no bucket");
        time.pass(seconds(10));
        run();
        life.onClosing();

        time.pass(seconds(3_600));

        assertThat(failure().phase()).isEqualTo(Phase.TRYING);
        assertThat(said).endsWith(State.FAILED);
        fail("no bucket");
        assertThat(failure().attempt()).isEqualTo(2);
    }

    @Test
    void workFollowedByAFailureProvesNothingInItsRow() {
        run();
        fail("bad batch");
        time.pass(seconds(10));
        run();
        life.onWorked();
        time.pass(seconds(30));
        fail("bad batch");
        time.pass(seconds(20));
        run();

        life.onWorked();

        assertThat(failure().attempt()).isEqualTo(2);
        assertThat(failure().firstFailedAt()).isEqualTo("2026-01-01T00:00:00Z");
        time.pass(seconds(60));
        assertThat(supervisor.failure("t")).isEmpty();
    }

    @Test
    void aHealthySpellBeginsTheCountAnew() {
        run();
        fail("a");
        time.pass(seconds(10));
        run();
        time.pass(Duration.ofMinutes(11));
        fail("b");

        assertThat(failure().attempt()).isEqualTo(1);
        assertThat(failure().firstCause()).isEqualTo("b");
    }

    @Test
    void restartsEndAtTheirLimit() {
        config.put("errors.restart.max", "1");
        run();
        fail("a");
        time.pass(seconds(10));
        run();
        fail("a");

        time.pass(Duration.ofHours(1));

        assertThat(lives).isEqualTo(2);
        assertThat(failure().phase()).isEqualTo(Phase.GIVEN_UP);
        assertThat(trace).contains("No restart follows: errors.restart.max=1.");
    }

    @Test
    void whatCannotHealByItselfIsNotRetried() {
        run();
        life.onFailure(new ConfigException("flush.size", "-3", "must be positive"), "1");

        time.pass(Duration.ofHours(1));

        assertThat(lives).isEqualTo(1);
        assertThat(failure().phase()).isEqualTo(Phase.GIVEN_UP);
        assertThat(failure().advice()).startsWith("Not retried: the same config fails in the same way again.");
    }

    @Test
    void whatMayPassIsTriedSooner() {
        run();
        life.onFailure(new RetriableException("busy"), "1");

        time.pass(seconds(1));

        assertThat(lives).isEqualTo(2);
    }

    @Test
    void aRestartByHandForgetsWhatWas() {
        run();
        fail("a");
        supervisor.forget("t");
        life = begin();
        run();

        assertThat(said).endsWith(State.RUNNING);
        assertThat(supervisor.failure("t")).isEmpty();
        time.pass(Duration.ofHours(1));
        assertThat(lives).isEqualTo(2);
    }

    @Test
    void pausingAnAttemptShowsPausedAndProvesNothing() {
        run();
        fail("a");
        time.pass(seconds(10));
        run();
        life.onState(State.PAUSED, "1");
        time.pass(Duration.ofHours(1));
        assertThat(said).endsWith(State.PAUSED);

        run();

        assertThat(said).endsWith(State.FAILED);
        assertThat(trace).contains(": a");
    }

    @Test
    void anAttemptThatIsPausedWaitsForNoTime() {
        fail("a");
        time.pass(seconds(10));

        life.onState(State.PAUSED, "1");

        assertThat(failure().phase()).isEqualTo(Phase.TRYING);
        assertThat(failure().nextTryAt()).isNull();
        assertThat(failure().advice()).startsWith("Restart 1 (no limit) keeps still, as asked;");
    }

    @Test
    void reportsOfALifeThatIsOverAreNotHeard() {
        run();
        HostEvents over = life;
        fail("a");
        time.pass(seconds(10));
        said.clear();

        over.onState(State.RUNNING, "1");
        over.onWorked();

        assertThat(said).isEmpty();
    }
}
