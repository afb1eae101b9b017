/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One life at a time, however long the one before takes to end. */
final class SlotTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final Duration NO_TIME = Duration.ofMillis(1);

    private final HerderThread herder = new HerderThread();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Life> lives = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        herder.close();
    }

    private final class Life implements Host {
        private final String work;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        private Life(String work) {
            this.work = work;
        }

        @Override
        public CompletionStage<Void> stop() {
            calls.add("stop " + work);
            return ended;
        }

        @Override
        public void signalStop() {
            calls.add("signal " + work);
        }

        @Override
        public void abandon() {
            calls.add("abandon " + work);
        }
    }

    private Slot<String, Life> slot(Duration patience) {
        return new Slot<>(
                (work, number) -> {
                    calls.add("begin " + work + " as " + number);
                    Life life = new Life(work);
                    lives.add(life);
                    return life;
                },
                herder,
                patience);
    }

    /** On the thread that owns the slot. */
    private void herd(Runnable action) {
        herder.call(() -> {
                    action.run();
                    return CompletableFuture.completedFuture(null);
                })
                .toCompletableFuture()
                .orTimeout(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private void awaitCall(String call) {
        await().atMost(LONG_ENOUGH).until(() -> calls.contains(call));
    }

    @Test
    void theNextLifeBeginsWhenTheLastHasEnded() {
        Slot<String, Life> slot = slot(FOREVER);
        herd(() -> slot.replace("a"));
        herd(() -> slot.replace("b"));
        herd(() -> assertThat(slot.host()).as("ending").isNull());
        assertThat(calls).containsExactly("begin a as 1", "stop a");

        lives.get(0).ended.complete(null);

        awaitCall("begin b as 2");
        herd(() -> {
            assertThat(slot.current(1)).isFalse();
            assertThat(slot.current(2)).isTrue();
            assertThat(slot.host()).isSameAs(lives.get(1));
        });
    }

    @Test
    void whatIsWantedLastIsWhatBegins() {
        Slot<String, Life> slot = slot(FOREVER);
        herd(() -> slot.replace("a"));
        herd(() -> slot.replace("b"));
        herd(() -> slot.replace("c"));
        herd(() -> slot.adjust("d"));

        lives.get(0).ended.complete(null);

        awaitCall("begin d as 2");
        assertThat(calls).containsExactly("begin a as 1", "stop a", "begin d as 2");
    }

    @Test
    void aSlotThatIsEmptiedMeanwhileStaysEmpty() {
        Slot<String, Life> slot = slot(FOREVER);
        herd(() -> slot.replace("a"));
        herd(() -> slot.replace("b"));
        CompletableFuture<Void> empty = new CompletableFuture<>();
        herd(() -> slot.empty().thenRun(() -> empty.complete(null)));
        assertThat(empty).isNotDone();

        lives.get(0).ended.completeExceptionally(new IllegalStateException("ended badly"));

        assertThat(empty).succeedsWithin(LONG_ENOUGH);
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> herd(() -> assertThat(slot.quiet()).isTrue()));
        assertThat(calls).containsExactly("begin a as 1", "stop a");
    }

    @Test
    void oneThatDoesNotEndIsToldAndThenGivenUpAndTheNextBegins() {
        Slot<String, Life> slot = slot(NO_TIME);
        herd(() -> slot.replace("a"));
        herd(() -> slot.replace("b"));

        awaitCall("begin b as 2");

        assertThat(calls).containsExactly("begin a as 1", "stop a", "signal a", "abandon a", "begin b as 2");
        herd(() -> {
            assertThat(slot.host()).isSameAs(lives.get(1));
            assertThat(slot.over().toCompletableFuture()).as("a goes on").isNotDone();
        });

        lives.get(0).ended.complete(null);

        await().atMost(LONG_ENOUGH)
                .untilAsserted(() ->
                        herd(() -> assertThat(slot.over().toCompletableFuture()).isDone()));
        herd(() ->
                assertThat(slot.current(2)).as("the end of a changes nothing").isTrue());
    }

    @Test
    void aSlotWhoseLifeWasGivenUpIsNotQuietBeforeThatHasEnded() {
        Slot<String, Life> slot = slot(NO_TIME);
        herd(() -> slot.replace("a"));
        herd(() -> slot.empty());
        awaitCall("abandon a");
        herd(() -> assertThat(slot.quiet()).isFalse());

        lives.get(0).ended.complete(null);

        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> herd(() -> assertThat(slot.quiet()).isTrue()));
    }

    /** As where there is no thread to be had: whoever waits for the end of the last life waits for nothing else. */
    @Test
    void theEndOfALifeIsToldAlsoWhereTheNextCannotBegin() {
        Slot<String, Life> slot = new Slot<>(
                (work, number) -> {
                    if (work.equals("b")) {
                        throw new OutOfMemoryError("no thread");
                    }
                    Life life = new Life(work);
                    lives.add(life);
                    return life;
                },
                herder,
                FOREVER);
        herd(() -> slot.replace("a"));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        herd(() -> {
            slot.replace("b");
            slot.ended().thenRun(() -> ended.complete(null));
        });

        lives.get(0).ended.complete(null);

        assertThat(ended).succeedsWithin(LONG_ENOUGH);
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> herd(() -> assertThat(slot.quiet()).isTrue()));
        herd(() -> slot.replace("c"));
        assertThat(lives).hasSize(2);
    }
}
