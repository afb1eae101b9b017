/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.threads.ApartThreads;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Questions that run code of plugins for those who must not be held up by it: each is asked on a thread of its own, once at a time, and once somebody has
 * waited in vain for one that hangs, nobody waits for it any more. Answers are not kept. Any thread.
 *
 * @param <Q> equal for the same question
 */
final class ApartQuestions<Q, A> {
    /** How one waits for an answer. */
    @FunctionalInterface
    interface Waiting {
        /** As {@link CompletableFuture#get(long, TimeUnit)}. */
        <A> A get(CompletableFuture<A> answer, Duration timeMax)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    private final String kind;
    private final Function<Q, A> ask;
    private final Waiting waiting;
    private final Map<Q, Asked<A>> unanswered = new ConcurrentHashMap<>();

    private static final class Asked<A> {
        private final CompletableFuture<A> answer = new CompletableFuture<>();
        private volatile boolean waitedForInVain;
    }

    /**
     * Questions of one kind.
     *
     * @param kind what their threads are called
     */
    ApartQuestions(String kind, Function<Q, A> ask, Waiting waiting) {
        this.kind = kind;
        this.ask = ask;
        this.waiting = waiting;
    }

    /** Whether somebody has waited in vain for the answer, and it has not come since. */
    boolean hangs(Q question) {
        Asked<A> asked = unanswered.get(question);
        return asked != null && asked.waitedForInVain;
    }

    /**
     * The answer, if it comes in time.
     *
     * @throws ExecutionException with what the question threw
     * @throws TimeoutException if there is none yet; at once if somebody has waited for it already
     */
    A answer(Q question, Duration timeMax) throws InterruptedException, ExecutionException, TimeoutException {
        Asked<A> asked = asked(question);
        try {
            return waiting.get(asked.answer, asked.waitedForInVain ? Duration.ZERO : timeMax);
        } catch (TimeoutException e) {
            asked.waitedForInVain = true;
            throw e;
        }
    }

    /** The {@link Waiting} of every day. */
    static <A> A inRealTime(CompletableFuture<A> answer, Duration timeMax)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(timeMax.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Asked<A> asked(Q question) {
        Asked<A> first = new Asked<>();
        Asked<A> before = unanswered.putIfAbsent(question, first);
        if (before != null) {
            return before;
        }
        try {
            ApartThreads.of(kind, () -> ask(question, first)).start();
        } catch (Error e) { // The system gives no more threads.
            unanswered.remove(question, first);
            first.answer.completeExceptionally(e);
        }
        return first;
    }

    private void ask(Q question, Asked<A> asked) {
        try {
            asked.answer.complete(ask.apply(question));
        } catch (Throwable e) { // of the plugin, at the top of this thread
            asked.answer.completeExceptionally(e);
        } finally {
            unanswered.remove(question, asked);
        }
    }
}
