/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topics;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Fetch: what there is, or what comes within the client's waiting time.
 */
public final class FetchHandler implements ApiHandler<FetchRequest>, AutoCloseable {
    private final FetchReader reader;
    private final FetchSessions sessions;
    private final int bytesMax;
    private final Executor executor;
    private final ScheduledExecutorService deadlines;
    private final Set<FetchWait> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * The handler.
     *
     * @param bytesMax the most that one answer carries ({@code fetch.max.bytes}), one batch excepted
     * @param executor reads the log, may block on disk
     * @param deadlines ends long polls; only hands over to {@code executor}
     */
    public FetchHandler(
            Topics topics,
            FetchSessions sessions,
            int bytesMax,
            Executor executor,
            ScheduledExecutorService deadlines) {
        this.reader = new FetchReader(topics);
        this.sessions = sessions;
        this.bytesMax = bytesMax;
        this.executor = executor;
        this.deadlines = deadlines;
    }

    @Override
    public CompletableFuture<FetchResponse> handle(FetchRequest request, Caller caller) {
        if (request.isFromFollower()) {
            throw new InvalidRequestException("this cluster is one broker, it has no followers");
        }
        FetchTurn turn = sessions.begin(request);
        Findings findings = new Findings(turn.asked(), request, bytesMax, reader, caller);
        FetchWait wait = new FetchWait(request, turn, findings, reader, executor, deadlines);
        waiting.add(wait);
        wait.start();
        if (closed) {
            wait.end();
        }
        return wait.answer().whenComplete((answer, failure) -> waiting.remove(wait));
    }

    /** Answers all long polls with what there is. */
    @Override
    public void close() {
        closed = true;
        waiting.forEach(FetchWait::end);
    }
}
