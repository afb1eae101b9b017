/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.status.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One task that fails in every way, at every moment, over days of a manual clock: when it is started again, and whether status tells that it has failed. A seed
 * decides; a failure tells it.
 */
final class RestartSimulationTest {
    private static final int SEEDS = 500;
    private static final int STEPS = 60;

    /** Runs one seed against the rules: delays that double, a limit, healthy spells that forgive. */
    private static final class Run {
        private final SplittableRandom random;
        private final ManualTime clock;
        private final RestartPolicy policy;
        private final Supervisor<String> supervisor;
        private final List<String> history = new ArrayList<>();
        private int lives;
        private HostEvents life;
        private @Nullable State said;
        private int restartsInARow;
        private boolean isRunning;
        private long runningSinceNanos;
        /** When the next life is due; none if null. */
        private @Nullable Long dueNanos;

        Run(long seed, Timer timer, ManualTime clock) {
            this.random = new SplittableRandom(seed);
            this.clock = clock;
            this.policy = new RestartPolicy(
                    random.nextInt(5) - 1, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(10));
            this.supervisor = new Supervisor<>(
                    Runnable::run,
                    new RestartSchedule<>(timer, clock::nanos, clock),
                    policy,
                    (key, state, trace, version) -> said = state);
            this.life = begin();
        }

        private HostEvents begin() {
            int number = ++lives;
            isRunning = false;
            return supervisor.ofLife("t", () -> number == lives, Map::of, () -> {
                history.add("restarted at " + clock.instant());
                assertThat(dueNanos).as("a restart is due: %s", history).isEqualTo(clock.nanos());
                dueNanos = null;
                life = begin();
            });
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                if (dueNanos != null) {
                    await();
                } else {
                    live();
                }
            }
        }

        private void await() {
            switch (random.nextInt(4)) {
                case 0 -> { // stopped by hand, or configured anew, while it waits
                    supervisor.forget("t");
                    history.add("forgotten");
                    dueNanos = null;
                    restartsInARow = 0;
                    life = begin();
                    said = null;
                }
                default -> clock.pass(Duration.ofNanos(Math.max(0, dueNanos == null ? 0 : dueNanos - clock.nanos())));
            }
            clock.pass(Duration.ofMillis(random.nextInt(1_000)));
            assertThat(dueNanos).as("nothing is overdue: %s", history).isNull();
        }

        private void live() {
            switch (random.nextInt(5)) {
                case 0 -> {
                    life.onState(State.RUNNING, "1");
                    life.onReady();
                    runningSinceNanos = isRunning ? runningSinceNanos : clock.nanos();
                    isRunning = true;
                    history.add("runs");
                }
                case 1 -> {
                    if (isRunning) {
                        life.onWorked();
                        history.add("works");
                    }
                }
                case 2 -> clock.pass(Duration.ofSeconds(random.nextInt(900)));
                default -> fail();
            }
        }

        private void fail() {
            if (isRunning
                    && clock.nanos() - runningSinceNanos >= policy.healthy().toNanos()) {
                restartsInARow = 0;
            }
            int kind = random.nextInt(3);
            boolean heals = kind != 0;
            boolean passes = kind == 1;
            history.add((passes ? "fails for now" : heals ? "fails" : "fails for good") + " at " + clock.instant());
            if (heals && policy.allows(restartsInARow)) {
                long first = passes ? 1 : 10;
                long seconds = Math.min(60, first << restartsInARow);
                dueNanos = clock.nanos() + Duration.ofSeconds(seconds).toNanos();
                restartsInARow++;
            }
            life.onFailure(
                    passes
                            ? new RetriableException("not now")
                            : heals ? new ConnectException("broken") : new NoClassDefFoundError("gone"),
                    "1");
            assertThat(said).isEqualTo(State.FAILED);
            if (dueNanos == null) {
                clock.pass(Duration.ofDays(1)); // Given up: nothing happens any more, until somebody does something.
                supervisor.forget("t");
                restartsInARow = 0;
                life = begin();
            }
        }
    }

    private static void run(long seed) {
        try {
            ManualTime time = new ManualTime();
            new Run(seed, time, time).run();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    @Test
    void itIsStartedAgainWhenThePolicySaysSoAndOnlyThen() {
        long first = Long.getLong("levada.simulation.first", 1);
        for (long seed = first; seed < first + SEEDS; seed++) {
            run(seed);
        }
        long unknown = ThreadLocalRandom.current().nextLong(1_000_000);
        System.out.println("simulation of restarts: seed " + unknown);
        run(unknown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"at once", "not cancelled", "never"})
    void aBrokenPromiseIsNoticed(String broken) {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 100; seed++) {
                        ManualTime time = new ManualTime();
                        new Run(seed, breaking(broken, time), time).run();
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    private static Timer breaking(String how, ManualTime time) {
        return (delay, message) -> switch (how) {
            case "at once" -> time.after(Duration.ofMillis(1), message);
            case "never" -> time.after(Duration.ofDays(1_000), message);
            default -> {
                Future<?> unused = time.after(delay, message);
                yield new CompletableFuture<>();
            }
        };
    }
}
