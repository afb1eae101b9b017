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
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Fetch: what there is, or what comes within the client's waiting time. No sessions are kept (KIP-227): an answer with session id 0 tells the client to
 * name all its partitions each time.
 */
public final class FetchHandler implements ApiHandler<FetchRequest>, AutoCloseable {
    private final FetchReader reader;
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
    public FetchHandler(Topics topics, int bytesMax, Executor executor, ScheduledExecutorService deadlines) {
        this.reader = new FetchReader(topics, bytesMax);
        this.executor = executor;
        this.deadlines = deadlines;
    }

    @Override
    public CompletableFuture<FetchResponse> handle(FetchRequest request, Caller caller) {
        if (request.isFromFollower()) {
            throw new InvalidRequestException("this cluster is one broker, it has no followers");
        }
        FetchMetadata session = request.metadata();
        if (session.sessionId() != FetchMetadata.INVALID_SESSION_ID && session.epoch() != FetchMetadata.FINAL_EPOCH) {
            throw new FetchSessionIdNotFoundException("no fetch session " + session.sessionId() + ", none are kept");
        }
        FetchWait wait = new FetchWait(request, reader, executor, deadlines);
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
