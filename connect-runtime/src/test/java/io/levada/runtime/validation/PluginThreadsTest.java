/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PluginThreadsTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofMinutes(5);

    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
    }

    /** Deaf to interrupts, as plugins that hang are. */
    private int hang() {
        int number = begun.incrementAndGet();
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException ignored) {
                // As said.
            }
        }
        return number;
    }

    private static void assertLate(List<CompletableFuture<Integer>> calls) {
        calls.forEach(call -> assertThatThrownBy(call::join).hasCauseInstanceOf(TimeoutException.class));
    }

    private List<CompletableFuture<Integer>> hanging(PluginThreads threads, int calls) {
        List<CompletableFuture<Integer>> hanging = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            hanging.add(threads.run(this::hang).toCompletableFuture());
        }
        return hanging;
    }

    @Test
    void thoseThatHangHaveTheirPlacesTakenUntilThereAreTooMany() {
        try (PluginThreads threads = new PluginThreads(SOON, 2)) {
            assertLate(hanging(threads, PluginThreads.THREADS));
            assertLate(hanging(threads, 2));
            assertThat(begun).as("two more threads").hasValue(PluginThreads.THREADS + 2);

            assertLate(hanging(threads, 1));
            assertThat(begun).as("and no third").hasValue(PluginThreads.THREADS + 2);

            end.countDown();
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> threads.run(() -> 7).toCompletableFuture().get(1, TimeUnit.MINUTES) == 7);
        }
    }

    @Test
    void whereTooManyWaitTheNextIsRefusedByItsOwnException() {
        try (PluginThreads threads = new PluginThreads(LATE)) {
            List<CompletableFuture<Integer>> waiting = hanging(threads, PluginThreads.THREADS + PluginThreads.WAITING);

            assertThatThrownBy(() -> threads.run(() -> 7).toCompletableFuture().join())
                    .hasCauseInstanceOf(TooManyValidationsException.class)
                    .hasMessageContaining("Too many validations are under way (100 waiting)");

            end.countDown();
            waiting.forEach(CompletableFuture::join);
            assertThat(threads.run(() -> 7).toCompletableFuture().join()).isEqualTo(7);
        }
    }
}
