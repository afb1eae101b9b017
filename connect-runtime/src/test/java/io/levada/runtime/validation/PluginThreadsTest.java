/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.threads.ApartThreads;
import io.levada.runtime.validation.PluginThreads.Bounds;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time passes only when a test says so. */
final class PluginThreadsTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int MANY = 100;

    private final Queue<Due> due = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    private record Due(Duration delay, Runnable action) {}

    @AfterEach
    void end() {
        end.countDown();
    }

    private PluginThreads threads(Bounds bounds) {
        return threads(bounds, ApartThreads::of);
    }

    private PluginThreads threads(Bounds bounds, PluginThreads.Maker maker) {
        PluginThreads.Timer timer = (delay, action) -> {
            Due later = new Due(delay, action);
            due.add(later);
            return () -> due.remove(later);
        };
        return new PluginThreads("under-test", bounds, LIMIT, timer, maker);
    }

    private void passes(Duration time) {
        for (Due next : List.copyOf(due)) {
            if (next.delay.compareTo(time) <= 0 && due.remove(next)) {
                next.action.run();
            }
        }
    }

    /** Deaf to interrupts, as plugins that hang are. */
    private int hang() {
        int number = begun.incrementAndGet();
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException deaf) {
                interrupted.incrementAndGet();
            }
        }
        return number;
    }

    private List<CompletableFuture<Integer>> hanging(PluginThreads threads, String owner, int calls) {
        return Stream.generate(() -> threads.run(owner, this::hang).toCompletableFuture())
                .limit(calls)
                .toList();
    }

    private void awaitBegun(int calls) {
        await().atMost(Duration.ofMinutes(1)).until(begun::get, number -> number == calls);
    }

    private static void assertAnswers(PluginThreads threads, String owner) throws Exception {
        assertThat(answer(threads, owner).get(1, TimeUnit.MINUTES)).isEqualTo(7);
    }

    private static CompletableFuture<Integer> answer(PluginThreads threads, String owner) {
        return threads.run(owner, () -> 7).toCompletableFuture();
    }

    private static void assertLate(List<CompletableFuture<Integer>> calls) {
        calls.forEach(call -> assertThatThrownBy(call::join).hasCauseInstanceOf(TimeoutException.class));
    }

    @Test
    void callsThatAreNotBackSoonHaveTheirPlacesTaken() throws Exception {
        try (PluginThreads threads = threads(new Bounds(2, 2, MANY, MANY, MANY, MANY))) {
            List<CompletableFuture<Integer>> hanging = hanging(threads, "a", 5);
            CompletableFuture<Integer> other = answer(threads, "b");
            awaitBegun(2);

            passes(PluginThreads.PATIENCE);
            awaitBegun(4);
            passes(PluginThreads.PATIENCE);

            assertThat(other.get(1, TimeUnit.MINUTES)).isEqualTo(7);
            awaitBegun(5);
            assertThat(hanging).noneMatch(CompletableFuture::isDone);
            end.countDown();
            hanging.forEach(CompletableFuture::join);
        }
    }

    @Test
    void callsOfOneOwnerLeavePlacesForOthers() throws Exception {
        try (PluginThreads threads = threads(new Bounds(3, 2, MANY, MANY, MANY, MANY))) {
            hanging(threads, "a", 9);

            assertAnswers(threads, "b");

            assertThat(begun).hasValueLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatHangsIsBoundedByItsOwnerWhichWaitsForItselfAlone() throws Exception {
        try (PluginThreads threads = threads(new Bounds(2, 1, MANY, 3, MANY, MANY))) {
            hanging(threads, "a", 3);
            for (int calls = 1; calls <= 3; calls++) {
                awaitBegun(calls);
                passes(PluginThreads.PATIENCE);
            }

            CompletableFuture<Integer> another = answer(threads, "a");
            assertAnswers(threads, "b");
            assertThat(another).isNotDone();

            end.countDown();
            assertThat(another.get(1, TimeUnit.MINUTES)).isEqualTo(7);
        }
    }

    @Test
    void whereAllThreadsHangTheNextWaitsForOneToComeBack() throws Exception {
        try (PluginThreads threads = threads(new Bounds(2, 2, 2, 2, MANY, MANY))) {
            hanging(threads, "a", 1);
            hanging(threads, "b", 1);
            awaitBegun(2);
            passes(PluginThreads.PATIENCE);

            CompletableFuture<Integer> next = answer(threads, "c");
            passes(PluginThreads.PATIENCE);
            assertThat(next).isNotDone();

            end.countDown();
            assertThat(next.get(1, TimeUnit.MINUTES)).isEqualTo(7);
        }
    }

    @Test
    void whatIsNotBackAtTheLimitHasFailedAndIsInterruptedAndWhatHasNotBegunNeverDoes() throws Exception {
        try (PluginThreads threads = threads(new Bounds(1, 1, MANY, 1, MANY, MANY))) {
            List<CompletableFuture<Integer>> hanging = hanging(threads, "a", 3);
            awaitBegun(1);

            passes(LIMIT);

            assertLate(hanging);
            await().atMost(Duration.ofMinutes(1)).until(() -> interrupted.get() == 1);
            end.countDown();
            assertAnswers(threads, "a");
            assertThat(begun).hasValue(1);
        }
    }

    @Test
    void whereTooManyWaitTheNextIsRefusedByItsOwnException() throws Exception {
        try (PluginThreads threads = threads(new Bounds(1, 1, MANY, 1, 5, 3))) {
            List<CompletableFuture<Integer>> ofOne = hanging(threads, "a", 1 + 3);
            assertThatThrownBy(answer(threads, "a")::join)
                    .hasCauseInstanceOf(TooManyValidationsException.class)
                    .hasMessageContaining("Too many validations are under way (3 waiting)");
            List<CompletableFuture<Integer>> ofAnother = hanging(threads, "b", 2);
            assertThatThrownBy(answer(threads, "c")::join)
                    .hasCauseInstanceOf(TooManyValidationsException.class)
                    .hasMessageContaining("(5 waiting)");

            end.countDown();
            ofOne.forEach(CompletableFuture::join);
            ofAnother.forEach(CompletableFuture::join);
            assertAnswers(threads, "c");
        }
    }

    @Test
    void whatACallHasAnsweredIsNotKept() throws Exception {
        try (PluginThreads threads = new PluginThreads("under-test", new Bounds(1, 1, 1, 1, 1, 1), LIMIT)) {
            WeakReference<Object> answer = new WeakReference<>(
                    threads.run("a", Object::new).toCompletableFuture().get(1, TimeUnit.MINUTES));

            awaitForgotten(answer);
        }
    }

    @Test
    void anOwnerIsForgottenWhereThereAreNoMoreThreads() {
        try (PluginThreads threads = threads(new Bounds(1, 1, MANY, 1, MANY, MANY), (kind, name, work) -> null)) {
            WeakReference<String> owner = new WeakReference<>(ownerThatIsRefused(threads));

            awaitForgotten(owner);
        }
    }

    private String ownerThatIsRefused(PluginThreads threads) {
        String owner = String.join("-", "an", "owner"); // No constant, which is never forgotten.
        CompletableFuture<Integer> refused = answer(threads, owner);
        passes(Duration.ZERO);
        assertThatThrownBy(refused::join).hasCauseInstanceOf(RejectedExecutionException.class);
        return owner;
    }

    private static void awaitForgotten(WeakReference<?> value) {
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return value.refersTo(null);
        });
    }

    @Test
    void whoWaitsWhenTheWorkerStopsIsToldSo() {
        PluginThreads threads = threads(new Bounds(1, 1, MANY, 1, MANY, MANY));
        hanging(threads, "a", 1);
        CompletableFuture<Integer> waiting = answer(threads, "a");

        threads.close();

        assertThatThrownBy(waiting::join).hasMessageContaining("The worker is stopping");
        assertThatThrownBy(answer(threads, "b")::join).hasMessageContaining("The worker is stopping");
    }
}
