/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The place of one connector or task on this worker. It has one life at a time: the next begins when the last has ended
 * or is given up. Owned by the herder's thread.
 *
 * @param <W> what is to be run
 * @param <H> a life of it
 */
final class Slot<W, H extends Host> {
    private final BiFunction<W, Integer, H> begin;
    private final HerderThread thread;
    private final Duration patience;
    private @Nullable W wanted;
    private @Nullable H host;
    private @Nullable CompletableFuture<Void> ending;
    /** Every life that was ended has come to its end, also those that were given up. */
    private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);

    private int life;

    /**
     * @param begin begins a life; given its number, by which what it reports is known to be news
     * @param patience how long a life may take to end; halfway through the plugin is told
     */
    Slot(BiFunction<W, Integer, H> begin, HerderThread thread, Duration patience) {
        this.begin = begin;
        this.thread = thread;
        this.patience = patience;
    }

    /** Ends the life there is, and begins one with {@code work}. */
    void replace(W work) {
        wanted = work;
        if (host == null) {
            beginLife(work);
        } else {
            endLife();
        }
    }

    /**
     * Ends the life there is and begins none.
     *
     * @return completes on the herder's thread
     */
    CompletionStage<Void> empty() {
        wanted = null;
        return host == null ? CompletableFuture.completedFuture(null) : endLife();
    }

    /** Completes, on the herder's thread, when the life that is being ended has ended or is given up; at once if there is none. */
    CompletionStage<Void> ended() {
        return ending == null ? CompletableFuture.completedFuture(null) : ending;
    }

    /** Changes what is wanted without a new life. */
    void adjust(W work) {
        wanted = work;
    }

    @Nullable
    W wanted() {
        return wanted;
    }

    /** The life there is, unless it is ending. */
    @Nullable
    H host() {
        return ending == null ? host : null;
    }

    /** Whether nothing runs here: no life, and none that was given up and goes on all the same. */
    boolean quiet() {
        return host == null && over.isDone();
    }

    /** Completes, on the herder's thread, when all lives that were ended so far have come to their ends. */
    CompletionStage<Void> over() {
        return over;
    }

    /** Whether a report comes from the life there is, and not from one that is ending or over. */
    boolean current(int number) {
        return number == life && ending == null && host != null;
    }

    private void beginLife(W work) {
        host = begin.apply(work, ++life);
    }

    private CompletionStage<Void> endLife() {
        H dying = host;
        CompletableFuture<Void> under = ending;
        if (under != null || dying == null) {
            return under == null ? CompletableFuture.completedFuture(null) : under;
        }
        CompletableFuture<Void> end = new CompletableFuture<>();
        ending = end;
        var signal = thread.after(patience.dividedBy(2), dying::signalStop);
        var giveUp = thread.after(patience, () -> {
            if (!end.isDone()) {
                try {
                    dying.abandon();
                } finally {
                    ended(end);
                }
            }
        });
        CompletableFuture<Void> dead =
                dying.stop().<Void>handle((done, failure) -> null).toCompletableFuture();
        CompletableFuture<Void> noted = new CompletableFuture<>();
        over = CompletableFuture.allOf(over, noted);
        CompletionStage<Void> unused = dead.thenRun(() -> thread.execute(() -> {
            signal.cancel(false);
            giveUp.cancel(false);
            try {
                ended(end);
            } finally {
                noted.complete(null); // last, so that whoever is told finds no life here
            }
        }));
        return end;
    }

    private void ended(CompletableFuture<Void> end) {
        if (end.isDone()) {
            return;
        }
        host = null;
        ending = null;
        W next = wanted;
        try {
            if (next != null) {
                beginLife(next);
            }
        } finally { // The group may wait for it.
            end.complete(null);
        }
    }
}
