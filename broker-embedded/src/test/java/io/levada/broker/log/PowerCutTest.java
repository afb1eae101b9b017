/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.producers.ProducerEntry;
import io.levada.broker.simulation.SimulatedThreads;
import io.levada.broker.simulation.disk.SimulatedDisk;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Single faults that the simulation found, each by itself. Every kind of power cut is tried on each. */
class PowerCutTest {
    private static final int SEEDS = 40;
    private static final LogConfig SMALL_SEGMENTS = LogFixture.config("segment.bytes", "1024");

    /** Something done with a partition. */
    @FunctionalInterface
    private interface Act {
        void on(PartitionLog log);
    }

    private static void inEveryWorld(Consumer<SimulatedDisk> story) {
        for (int seed = 0; seed < SEEDS; seed++) {
            story.accept(new SimulatedDisk(InstantSource.system(), new SplittableRandom(seed)));
        }
    }

    /** A process that works with the partition until it is killed. */
    private static void killedAfter(SimulatedDisk disk, Act act) {
        LogDirectory directory = open(disk);
        act.on(directory
                .log(LogFixture.ORDERS)
                .orElseGet(() -> directory.create(LogFixture.ORDERS, Uuid.randomUuid(), SMALL_SEGMENTS)));
    }

    private static LogDirectory open(SimulatedDisk disk) {
        return LogDirectory.open(
                disk.path("/var/lib/data"),
                partition -> SMALL_SEGMENTS,
                LogOptions.of(FlushPolicy.FSYNC),
                InstantSource.system(),
                SimulatedThreads.inline());
    }

    @Test
    void aDataDirectoryThatWasJustMadeIsThereAfterAPowerCut() {
        inEveryWorld(disk -> {
            killedAfter(disk, log -> log.append(Batches.of("a")));
            disk.restart(true);
            killedAfter(disk, log -> assertThat(LogFixture.values(log)).containsExactly("a"));
        });
    }

    @Test
    void aSegmentBegunByAKilledProcessIsThereAfterAPowerCut() {
        inEveryWorld(disk -> {
            killedAfter(disk, log -> {
                log.append(Batches.ofSize(800));
                // Dies once the second segment has its name and before that is forced.
                disk.dieAfter(4);
                try {
                    log.append(Batches.ofSize(800));
                } catch (Error died) {
                    assertThat(disk.isDead()).isTrue();
                }
            });
            disk.restart(false);
            killedAfter(disk, log -> {
                log.append(Batches.of("after"));
                assertThat(LogFixture.values(log)).endsWith("after");
            });
            disk.restart(true);
            killedAfter(disk, log -> assertThat(LogFixture.values(log)).endsWith("after"));
        });
    }

    @Test
    void aRetryIsKnownAfterARestart() {
        SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(1));
        try (LogDirectory first = open(disk)) {
            PartitionLog log = first.create(LogFixture.ORDERS, Uuid.randomUuid(), SMALL_SEGMENTS);
            for (int sequence = 0; sequence < ProducerEntry.BATCHES_MAX; sequence++) {
                log.append(Batches.idempotent(7, 0, sequence, "x".repeat(300)));
            }
        }
        try (LogDirectory second = open(disk)) {
            PartitionLog log = second.log(LogFixture.ORDERS).orElseThrow();
            for (int sequence = 0; sequence < ProducerEntry.BATCHES_MAX; sequence++) {
                Appended again = log.append(Batches.idempotent(7, 0, sequence, "x".repeat(300)));
                assertThat(again.duplicate()).isTrue();
                assertThat(again.baseOffset()).isEqualTo(sequence);
            }
        }
    }
}
