/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.NotLeadingException;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.peers.GroupBusyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * While the group agrees, what is asked for waits a while, in the order in which it came: nothing was done about it. What was begun when this worker
 * ceased to lead is begun again, here or, as it says then, elsewhere: each record of it says the same twice. Owned by the herder's thread.
 */
final class GroupPatience {
    /** Within the time in which REST answers. */
    static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Executor thread;
    private final BiFunction<Duration, Runnable, Future<?>> after;
    private final Supplier<CompletionStage<Void>> leaderKnown;
    /** Turns of commands that wait, the oldest first. */
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /**
     * @param thread the herder's
     * @param after runs something on it after a while
     * @param leaderKnown completes once it is known who leads; on any thread
     */
    GroupPatience(
            Executor thread,
            BiFunction<Duration, Runnable, Future<?>> after,
            Supplier<CompletionStage<Void>> leaderKnown) {
        this.thread = thread;
        this.after = after;
        this.leaderKnown = leaderKnown;
    }

    /**
     * Carries a command out, now or once the group has agreed.
     *
     * @return what came of it; fails with what it failed with last if the group does not agree in time
     */
    <T> CompletionStage<T> take(Supplier<CompletionStage<T>> command) {
        CompletableFuture<Void> tooLong = new CompletableFuture<>();
        Future<?> timer = after.apply(WAIT_MAX, () -> tooLong.complete(null));
        return attempt(command, tooLong).whenComplete((done, failure) -> timer.cancel(false));
    }

    /**
     * Does not return before the command waits, if it has to: whoever comes next does not overtake it. The same goes for those
     * who try again one after the other. Whose time is over tries once more, whoever waits still.
     */
    private <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> command, CompletableFuture<Void> tooLong) {
        CompletableFuture<T> begun = (tooLong.isDone() || waiting.isEmpty()
                        ? begun(command)
                        : CompletableFuture.<T>failedFuture(new GroupBusyException("Others wait for the group, too")))
                .toCompletableFuture();
        return begun.isCompletedExceptionally()
                ? begun.exceptionallyCompose(failure -> again(command, tooLong, failure))
                : begun.exceptionallyComposeAsync(failure -> again(command, tooLong, failure), thread);
    }

    private <T> CompletionStage<T> again(
            Supplier<CompletionStage<T>> command, CompletableFuture<Void> tooLong, Throwable failure) {
        return isOfGroup(failure) && !tooLong.isDone()
                ? turn(tooLong).thenCompose(over -> attempt(command, tooLong))
                : CompletableFuture.failedFuture(failure);
    }

    private static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> command) {
        try {
            return command.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whoever came first is first to try again, once the group may have agreed. */
    private CompletionStage<Void> turn(CompletableFuture<Void> tooLong) {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waiting.add(turn);
        CompletionStage<Void> unused = tooLong.thenRunAsync(
                () -> {
                    waiting.removeIf(other -> other == turn);
                    turn.complete(null);
                },
                thread);
        if (waiting.size() == 1) {
            CompletionStage<Void> unusedToo = leaderKnown
                    .get()
                    .thenRunAsync(
                            () -> {
                                Future<?> unusedTimer = after.apply(PAUSE, this::callWaiting);
                            },
                            thread);
        }
        return turn;
    }

    private void callWaiting() {
        List<CompletableFuture<Void>> called = List.copyOf(waiting);
        waiting.clear();
        called.forEach(turn -> turn.complete(null));
    }

    private static boolean isOfGroup(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        return cause instanceof GroupBusyException
                || cause instanceof NotLeadingException
                || cause.getCause() instanceof NotLeadingException;
    }
}
