/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.log.Registration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * One fetch request until its answer: read, and if that is too little, wait for an end offset of its isolation to move or for the time to be up, and read again what has
 * moved.
 *
 * <p>Readings run one at a time on the executor; wake-ups come from any thread and are merged. The lock guards the fields and is never held while
 * reading.
 */
final class FetchWait {
    private final FetchRequest request;
    private final FetchTurn turn;
    private final Findings findings;
    private final FetchReader reader;
    private final Executor executor;
    private final ScheduledExecutorService deadlines;
    private final CompletableFuture<FetchResponse> answer = new CompletableFuture<>();
    private final List<Registration> registrations = new ArrayList<>();
    private final BitSet moved = new BitSet();
    private @Nullable Future<?> deadline;
    private boolean reading;
    private boolean readAgain;
    private boolean ended;

    FetchWait(
            FetchRequest request,
            FetchTurn turn,
            Findings findings,
            FetchReader reader,
            Executor executor,
            ScheduledExecutorService deadlines) {
        this.request = request;
        this.turn = turn;
        this.findings = findings;
        this.reader = reader;
        this.executor = executor;
        this.deadlines = deadlines;
    }

    CompletableFuture<FetchResponse> answer() {
        return answer;
    }

    void start() {
        wake();
    }

    /** Answers with what there is. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        wake();
    }

    private void moved(int partition) {
        synchronized (this) {
            moved.set(partition);
        }
        wake();
    }

    private void wake() {
        synchronized (this) {
            if (reading) {
                readAgain = true;
                return;
            }
            reading = true;
        }
        try {
            executor.execute(this::read);
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
    }

    private void read() {
        try {
            boolean again = true;
            while (again && !answer.isDone()) {
                boolean last = lastReading();
                findings.read(takeMoved());
                if (last || findings.failed() || findings.bytes() >= request.minBytes()) {
                    answer(turn.answer(findings.all()));
                    return;
                }
                again = prepareToWait();
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
            stopWaiting();
        }
    }

    private synchronized boolean lastReading() {
        readAgain = false;
        // Nothing can arrive where nothing is asked for: so ends the goodbye of a closing consumer.
        return ended || request.maxWait() <= 0 || turn.asked().isEmpty();
    }

    private synchronized BitSet takeMoved() {
        BitSet taken = (BitSet) moved.clone();
        moved.clear();
        return taken;
    }

    /** Sees to it that something wakes this up; true if something has changed meanwhile, so that it must read again at once. */
    private synchronized boolean prepareToWait() {
        if (deadline == null) {
            for (int i = 0; i < turn.asked().size(); i++) {
                int partition = i;
                reader.log(turn.asked().get(i))
                        .ifPresent(log -> registrations.add(
                                log.onEndOffset(request.isolationLevel(), ignored -> moved(partition))));
            }
            deadline = deadlines.schedule(this::end, request.maxWait(), TimeUnit.MILLISECONDS);
            // What was appended before the listeners were in place woke nobody.
            moved.or(findings.moved());
        }
        reading = readAgain || !moved.isEmpty();
        return reading;
    }

    private void answer(FetchResponse response) {
        stopWaiting();
        answer.complete(response);
    }

    private synchronized void stopWaiting() {
        registrations.forEach(Registration::close);
        registrations.clear();
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
