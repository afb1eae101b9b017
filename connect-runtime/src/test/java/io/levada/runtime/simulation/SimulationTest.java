/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.levada.runtime.simulation.Break.Sort;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Runs of the simulation: the first seeds and one that nobody knows before, as many as fit into a few seconds. {@code -Dlevada.simulation.seeds=N} asks for so many however long they take, {@code
 * -Dlevada.simulation.first=S} begins with another seed.
 */
class SimulationTest {
    private static final Logger WORKER = (Logger) LoggerFactory.getLogger("io.levada.runtime");
    private static final long SEEDS_MAX = 100;
    private static final long BROKEN_SEEDS_MAX = 100;
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long UNKNOWN_SEEDS_FROM = 1_000_000;
    private static @Nullable Level usual;

    @BeforeAll
    static void beSilentAboutWhatIsToBeExpected() {
        usual = WORKER.getLevel();
        WORKER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        WORKER.setLevel(usual);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyPromiseIsKeptWhateverGoesWrong(Sort sort) {
        boolean isBounded = Long.getLong("levada.simulation.seeds") == null;
        long first = Long.getLong("levada.simulation.first", 1);
        long seeds = Long.getLong("levada.simulation.seeds", SEEDS_MAX);
        long begin = System.nanoTime();
        long events = 0;
        if (isBounded) {
            long unknown = UNKNOWN_SEEDS_FROM + ThreadLocalRandom.current().nextLong(UNKNOWN_SEEDS_FROM);
            System.out.println("simulation of " + sort + ": seed " + unknown);
            events += Simulation.of(unknown, sort).events();
        }
        long seed = first;
        while (seed < first + seeds && !(isBounded && System.nanoTime() - begin > BOUND_NANOS)) {
            events += Simulation.of(seed++, sort).events();
        }
        System.out.printf(
                "simulation of %s: %,d seeds, %,d events in %,d ms%n",
                sort, seed - first, events, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aSeedAlwaysDoesTheSame(Sort sort) {
        assertThat(Simulation.of(4711, sort)).isEqualTo(Simulation.of(4711, sort));
    }

    /** Which seed finds it changes with the code; each takes a few. */
    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aBrokenPromiseIsNoticed(Break broken) {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= BROKEN_SEEDS_MAX; seed++) {
                        Simulation unused = Simulation.of(seed, broken.sort(), broken);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("seed ")
                .satisfies(found -> System.out.println("simulation: " + broken + " is noticed by "
                        + String.valueOf(found.getMessage()).lines().findFirst().orElse("")));
    }
}
