/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ApartThreadsTest {
    private static void runToItsEnd(Thread thread) throws InterruptedException {
        thread.start();
        thread.join();
    }

    @Test
    void aPoolThatAPluginHasMadeOutlivesTheThread() throws Exception {
        CompletableFuture<ExecutorService> made = new CompletableFuture<>();
        runToItsEnd(ApartThreads.of("makes-a-pool", () -> made.complete(Executors.newCachedThreadPool())));
        ExecutorService pool = made.get();
        try {
            assertThat(pool.submit(() -> 7).get(60, TimeUnit.SECONDS)).isEqualTo(7);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void threadsThatRunAtTheSameTimeAreInGroupsOfTheirOwn() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        Set<ThreadGroup> groups = new HashSet<>();
        for (int number = 0; number < 3; number++) {
            Thread thread = ApartThreads.of("at-once", "at-once-" + number, () -> awaited(end));
            thread.start();
            threads.add(thread);
            groups.add(Objects.requireNonNull(thread.getThreadGroup()));
        }
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(groups).hasSize(3);
    }

    /** Also the last act of a thread that fails. */
    @Test
    void oneAfterTheOtherTheyShareAGroup() throws Exception {
        Set<ThreadGroup> groups = new HashSet<>();
        for (int number = 0; number < 3; number++) {
            Thread thread = ApartThreads.of("in-turn", "in-turn-" + number, () -> {
                throw new IllegalStateException("on purpose");
            });
            thread.setUncaughtExceptionHandler((failed, expected) -> {});
            groups.add(Objects.requireNonNull(thread.getThreadGroup()));
            runToItsEnd(thread);
        }

        assertThat(groups).hasSize(1);
    }

    private static void awaited(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
