/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Runs of the simulation: as many as fit into a quarter of a minute. {@code -Dlevada.simulation.seeds=N} asks for so many however long they take, {@code -Dlevada.simulation.first=S} begins with another seed,
 * {@code -Dlevada.simulation.threads=T} runs several beside each other.
 */
class SimulationTest {
    private static final Logger BROKER = (Logger) LoggerFactory.getLogger("io.levada.broker");
    private static final long SEEDS_MAX = 300;
    private static final long MUTATED_SEEDS_MAX = 100;
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static @Nullable Level usual;

    @BeforeAll
    static void beSilentAboutWhatIsToBeExpected() {
        usual = BROKER.getLevel();
        BROKER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        BROKER.setLevel(usual);
    }

    @Test
    void everyPromiseIsKeptWhateverGoesWrong() throws InterruptedException, ExecutionException {
        boolean isBounded = Long.getLong("levada.simulation.seeds") == null;
        long first = Long.getLong("levada.simulation.first", 1);
        long seeds = Long.getLong("levada.simulation.seeds", SEEDS_MAX);
        int threads = Integer.getInteger("levada.simulation.threads", 1);
        long begin = System.nanoTime();
        AtomicLong next = new AtomicLong(first);
        LongAdder events = new LongAdder();
        ExecutorService runs = Executors.newFixedThreadPool(threads);
        try {
            for (Future<?> thread : Stream.generate(() -> runs.submit(() -> {
                        for (long seed = next.getAndIncrement(); seed < first + seeds; seed = next.getAndIncrement()) {
                            events.add(Simulation.of(seed).events());
                            if (isBounded && System.nanoTime() - begin > BOUND_NANOS) {
                                return;
                            }
                        }
                    }))
                    .limit(threads)
                    .toList()) {
                thread.get();
            }
            System.out.printf(
                    "simulation: %,d seeds, %,d events in %,d s%n",
                    next.get() - first, events.sum(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        } finally {
            runs.shutdownNow();
        }
    }

    @Test
    void aSeedAlwaysDoesTheSame() {
        assertThat(Simulation.of(4711)).isEqualTo(Simulation.of(4711));
    }

    @Test
    void compactionTakesPlace() {
        assertThat(Stream.of(1, 2, 3)
                        .mapToLong(seed -> Simulation.of(seed).gaps())
                        .sum())
                .isPositive();
    }

    /** Which seed finds it changes with the broker; each takes a few. */
    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aBrokenPromiseIsNoticed(Mutation mutation) {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= MUTATED_SEEDS_MAX; seed++) {
                        assertThat(Simulation.of(seed, mutation).events()).isPositive();
                    }
                })
                .hasRootCauseInstanceOf(Violation.class);
    }

    /** Seeds that broke a promise once. What they run into changes with the broker, so that each fault has a test of its own, too. */
    @ParameterizedTest
    @CsvSource({
        "5, a data directory that was just made was gone after a power cut",
        "12, a retry was not known after a restart as its segment had been rolled",
        "36, a segment begun by a process that was killed was gone after a power cut",
        "173, the last batch of a full segment of a compacted topic was gone after a power cut, and the retry of it was taken for done",
        "1624, an answer waited so long that compaction had removed the file that it was to be sent from",
    })
    void whatWasMendedStaysMended(long seed, String story) {
        assertThat(Simulation.of(seed).events()).as(story).isPositive();
    }
}
