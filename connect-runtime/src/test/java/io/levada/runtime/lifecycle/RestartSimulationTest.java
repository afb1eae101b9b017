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
import java.util.function.UnaryOperator;
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
        private final UnaryOperator<HostEvents> hearing;
        private final List<String> history = new ArrayList<>();
        private int lives;
        private HostEvents life;
        private @Nullable State said;
        private int restartsInARow;
        private boolean isRunning;
        private boolean isClosing;
        /** Since when it can do its work; null while it cannot. */
        private @Nullable Long readySinceNanos;
        /** How long this life could, before that. */
        private long readyNanos;
        /** When the next life is due; none if null. */
        private @Nullable Long dueNanos;

        /** @param hearing what is heard of what a life says */
        Run(long seed, Timer timer, ManualTime clock, UnaryOperator<HostEvents> hearing) {
            this.hearing = hearing;
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
            isClosing = false;
            readySinceNanos = null;
            readyNanos = 0;
            return hearing.apply(supervisor.ofLife("t", () -> number == lives, Map::of, () -> {
                history.add("restarted at " + clock.instant());
                assertThat(dueNanos).as("a restart is due: %s", history).isEqualTo(clock.nanos());
                dueNanos = null;
                life = begin();
            }));
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
            switch (random.nextInt(8)) {
                case 0 -> {
                    if (!isClosing) {
                        life.onState(State.RUNNING, "1");
                        isRunning = true;
                        history.add("runs");
                    }
                }
                case 1 -> {
                    if (isRunning && !isClosing) {
                        life.onReady();
                        readySinceNanos = readySinceNanos == null ? clock.nanos() : readySinceNanos;
                        history.add("is ready at " + clock.instant());
                    }
                }
                case 2 -> {
                    if (isRunning) {
                        life.onWorked();
                        history.add("works");
                    }
                }
                case 3 -> {
                    if (isRunning && !isClosing) {
                        life.onState(State.PAUSED, "1");
                        isRunning = false;
                        notReady();
                        history.add("keeps still");
                    }
                }
                case 4 -> {
                    life.onClosing();
                    isClosing = true;
                    notReady();
                    history.add("closes");
                }
                case 5, 6 -> pass(Duration.ofSeconds(random.nextInt(900)));
                default -> fail();
            }
        }

        private void pass(Duration time) {
            State before = said;
            clock.pass(time);
            history.add("until " + clock.instant());
            if (readySinceNanos == null) {
                assertThat(said)
                        .as("time in which it cannot work proves nothing: %s", history)
                        .isEqualTo(before);
            }
        }

        private void notReady() {
            if (readySinceNanos != null) {
                readyNanos += clock.nanos() - readySinceNanos;
                readySinceNanos = null;
            }
        }

        private void fail() {
            notReady();
            if (readyNanos >= policy.healthy().toNanos()) {
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
            new Run(seed, time, time, heard -> heard).run();
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
                        new Run(seed, breaking(broken, time), time, heard -> heard).run();
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready before it is", "no word of the end", "no word of a pause"})
    void timeThatProvesNothingIsNoticed(String broken) {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 100; seed++) {
                        ManualTime time = new ManualTime();
                        new Run(seed, time, time, heard -> new Mishearing(broken, heard)).run();
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    /** Hears too early that a life can work, or never that it no longer can. */
    private record Mishearing(String how, HostEvents life) implements HostEvents {
        @Override
        public boolean onProbation() {
            return life.onProbation();
        }

        @Override
        public void onState(State state, @Nullable String version) {
            if (state == State.RUNNING || !how.equals("no word of a pause")) {
                life.onState(state, version);
            }
            if (state == State.RUNNING && how.equals("ready before it is")) {
                life.onReady();
            }
        }

        @Override
        public void onReady() {
            life.onReady();
        }

        @Override
        public void onClosing() {
            if (!how.equals("no word of the end")) {
                life.onClosing();
            }
        }

        @Override
        public void onWorked() {
            life.onWorked();
        }

        @Override
        public void onFailure(Throwable cause, @Nullable String version) {
            life.onFailure(cause, version);
        }
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
