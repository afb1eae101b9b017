/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.directory.LogDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class DurabilityTest {
    @TempDir
    Path dir;

    private final FaultyFiles files = new FaultyFiles();

    @Test
    void nothingIsReadableBeforeItIsForced() throws Exception {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            files.stall();
            Appended appended = fixture.log().append(Batches.of("a"));
            CompletableFuture<Void> durable = fixture.log().durable(appended.nextOffset());
            assertThat(durable).isNotDone();
            assertThat(fixture.log().highWatermark()).isZero();
            assertThat(fixture.log().logEndOffset()).isEqualTo(1);
            assertThat(fixture.log().read(0, 1000, true).isEmpty()).isTrue();
            files.go();
            durable.get(120, TimeUnit.SECONDS);
            assertThat(fixture.values()).containsExactly("a");
        }
    }

    @Test
    void oneForceCoversEveryoneWhoWaits() throws Exception {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            files.stall();
            int before = files.forces.get();
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(fixture.log()
                        .durable(fixture.log().append(Batches.of("v" + i)).nextOffset()));
            }
            files.go();
            CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
            assertThat(files.forces.get() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void theOsPolicyWaitsForNoForce() {
        try (LogFixture fixture = LogFixture.in(dir)) {
            Appended appended = fixture.log().append(Batches.of("a"));
            assertThat(fixture.log().durable(appended.nextOffset())).isCompleted();
            assertThat(fixture.log().highWatermark()).isEqualTo(1);
        }
    }

    @Test
    void listenersHearOfTheHighWatermarkUntilTheyLeave() throws Exception {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            List<Long> heard = new CopyOnWriteArrayList<>();
            Registration broken = fixture.log().onHighWatermark(offset -> {
                throw new IllegalStateException("a listener of its own kind");
            });
            Registration registration = fixture.log().onHighWatermark(heard::add);
            fixture.log().append(Batches.of("a"));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(heard).containsExactly(1L));
            registration.close();
            broken.close();
            fixture.log()
                    .durable(fixture.log().append(Batches.of("b")).nextOffset())
                    .get(120, TimeUnit.SECONDS);
            assertThat(heard).containsExactly(1L);
        }
    }

    @Test
    void afterAFailedForceNothingIsAcknowledgedAndNothingForcedAgain() throws Exception {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            fixture.log()
                    .durable(fixture.log().append(Batches.of("a")).nextOffset())
                    .get(120, TimeUnit.SECONDS);
            files.failForces();
            CompletableFuture<Void> durable =
                    fixture.log().durable(fixture.log().append(Batches.of("b")).nextOffset());
            assertThatThrownBy(() -> durable.get(120, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(KafkaStorageException.class);
            files.healForces();
            int forces = files.forces.get();
            assertThatThrownBy(() -> fixture.log().append(Batches.of("c")))
                    .isInstanceOf(KafkaStorageException.class)
                    .hasMessageContaining("restart");
            assertThat(fixture.log().durable(2)).isCompletedExceptionally();
            assertThat(fixture.log().hasFailed()).isTrue();
            assertThat(fixture.values()).containsExactly("a");
            fixture.stop();
            assertThat(files.forces.get()).isEqualTo(forces);
            assertThat(Files.exists(dir.resolve(".kafka_cleanshutdown"))).isFalse();
        }
    }

    @Test
    void aFullDiskRefusesAppendsAndThenTakesThemAgain() {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            fixture.log().append(Batches.of("a"));
            for (int room : new int[] {0, 1, 17, 61, 68}) {
                files.fillUpAfter(room);
                assertThatThrownBy(() -> fixture.log().append(Batches.of("lost")))
                        .isInstanceOf(KafkaStorageException.class)
                        .hasMessageContaining("No space left");
            }
            files.fillUpAfter(Integer.MAX_VALUE);
            assertThat(fixture.log().append(Batches.of("b")).baseOffset()).isEqualTo(1);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(fixture.values()).containsExactly("a", "b"));
            fixture.kill();
            fixture.start();
            assertThat(fixture.values()).containsExactly("a", "b");
        }
    }

    @Test
    void aRefusedIdempotentBatchMayBeSentAgain() {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            files.fillUpAfter(10);
            assertThatThrownBy(() -> fixture.log().append(Batches.idempotent(7, 0, 0, "a")))
                    .isInstanceOf(KafkaStorageException.class);
            files.fillUpAfter(Integer.MAX_VALUE);
            assertThat(fixture.log().append(Batches.idempotent(7, 0, 0, "a")).duplicate())
                    .isFalse();
        }
    }

    @Test
    void aPartOfABatchThatCannotBeTakenOffEndsTheLogUntilARestart() {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            fixture.log().append(Batches.of("a"));
            files.failTruncates();
            files.fillUpAfter(20);
            assertThatThrownBy(() -> fixture.log().append(Batches.of("lost")))
                    .isInstanceOf(KafkaStorageException.class);
            files.fillUpAfter(Integer.MAX_VALUE);
            assertThatThrownBy(() -> fixture.log().append(Batches.of("b"))).hasMessageContaining("restart");
            fixture.stop();
            files.healTruncates();
            fixture.start();
            assertThat(fixture.values()).containsExactly("a");
            assertThat(fixture.log().append(Batches.of("b")).baseOffset()).isEqualTo(1);
        }
    }

    @Test
    void aPowerCutTakesNothingThatWasAcknowledged() throws Exception {
        try (LogFixture fixture = LogFixture.forced(dir.resolve("on"), files, "segment.bytes", "1024")) {
            for (int i = 0; i < 50; i++) {
                fixture.log()
                        .durable(fixture.log().append(Batches.of("safe " + i)).nextOffset())
                        .get(120, TimeUnit.SECONDS);
            }
            files.stall();
            for (int i = 0; i < 30; i++) {
                fixture.log().append(Batches.of("unsafe " + i));
            }
            Path copy = fixture.killedCopy(dir.resolve("off"));
            files.cutPower(fixture.dir, copy);
            files.go();
            try (LogDirectory after = LogDirectory.open(copy, LogFixture.config(), FlushPolicy.FSYNC, fixture.clock)) {
                List<String> values =
                        LogFixture.values(after.log(LogFixture.ORDERS).orElseThrow());
                assertThat(values).hasSizeGreaterThanOrEqualTo(50);
                assertThat(values.subList(0, 50)).allMatch(value -> value.startsWith("safe"));
            }
        }
    }

    @Test
    void whatWasAcknowledgedOverSeveralSegmentsAtOnceIsSafe() throws Exception {
        try (LogFixture fixture = LogFixture.forced(dir.resolve("on"), files, "segment.bytes", "1024")) {
            files.stall();
            for (int i = 0; i < 50; i++) {
                fixture.log().append(Batches.of("safe " + i));
            }
            CompletableFuture<Void> durable = fixture.log().durable(50);
            files.go();
            durable.get(120, TimeUnit.SECONDS);
            Path copy = fixture.killedCopy(dir.resolve("off"));
            files.cutPower(fixture.dir, copy);
            try (LogDirectory after = LogDirectory.open(copy, LogFixture.config(), FlushPolicy.FSYNC, fixture.clock)) {
                assertThat(LogFixture.values(after.log(LogFixture.ORDERS).orElseThrow()))
                        .hasSize(50);
            }
        }
    }

    @Test
    void whoWaitsForADeletedPartitionIsTold() {
        try (LogFixture fixture = LogFixture.forced(dir, files)) {
            files.stall();
            CompletableFuture<Void> durable =
                    fixture.log().durable(fixture.log().append(Batches.of("a")).nextOffset() + 1);
            files.go();
            fixture.directory().delete(LogFixture.ORDERS);
            assertThatThrownBy(() -> durable.get(120, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(KafkaStorageException.class)
                    .hasMessageContaining("deleted");
        }
    }
}
