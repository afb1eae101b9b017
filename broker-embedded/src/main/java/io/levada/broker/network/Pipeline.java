/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.api.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection, in order: frames that wait, requests that run, replies that are given.
 *
 * <p>Replies leave in the order of the requests. Produce requests may run beside each other, so that one fsync covers several of them; every other
 * request starts when all before it are answered, and holds back what follows, which is what Kafka does for every request. Owned by its
 * connection's event loop.
 */
final class Pipeline {
    private static final int RUNNING_MAX = 8;
    private static final int WAITING_MAX = 8;
    /** What the frames of a connection may take before it is read no further: so a large frame is alone, as in Kafka, and small ones are not. */
    static final int HELD_BYTES_MAX = 8 * 1024 * 1024;

    private final Function<ByteBuffer, CompletableFuture<Reply>> start;
    private final Consumer<Runnable> eventLoop;
    private final Consumer<Reply> replies;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private final Deque<Running> running = new ArrayDeque<>();
    private long heldBytes;
    private boolean stopped;

    Pipeline(
            Function<ByteBuffer, CompletableFuture<Reply>> start,
            Consumer<Runnable> eventLoop,
            Consumer<Reply> replies) {
        this.start = start;
        this.eventLoop = eventLoop;
        this.replies = replies;
    }

    void add(ByteBuffer frame) {
        waiting.add(frame);
        heldBytes += frame.capacity();
    }

    /** Starts what may start. */
    void advance() {
        while (!stopped && mayStart(waiting.peek())) {
            ByteBuffer frame = waiting.remove();
            Running next = new Running(isProduce(frame), frame.capacity());
            if (!next.produce) {
                release(next); // parsed it has no use for its bytes, and it may wait for long
            }
            running.add(next);
            CompletableFuture<Void> ignored =
                    start.apply(frame).thenAccept(reply -> eventLoop.accept(() -> finished(next, reply)));
        }
    }

    /** Whether reading should pause until more is worked off. */
    boolean isFull() {
        return waiting.size() >= WAITING_MAX || heldBytes >= HELD_BYTES_MAX;
    }

    /** The memory that frames take, those that wait and the produce requests that run. */
    long heldBytes() {
        return heldBytes;
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** Forgets what waits and starts nothing any more; what runs is still answered. */
    void stop() {
        stopped = true;
        waiting.forEach(frame -> heldBytes -= frame.capacity());
        waiting.clear();
    }

    private boolean mayStart(@Nullable ByteBuffer frame) {
        Running last = running.peekLast();
        if (frame == null || last == null) {
            return frame != null;
        }
        return running.size() < RUNNING_MAX && last.produce && isProduce(frame);
    }

    private static boolean isProduce(ByteBuffer frame) {
        return frame.remaining() >= Short.BYTES && frame.getShort(frame.position()) == ApiKeys.PRODUCE.id;
    }

    private void finished(Running request, Reply reply) {
        request.reply = reply;
        for (Running first = running.peek(); first != null && first.reply != null; first = running.peek()) {
            running.remove();
            release(first);
            replies.accept(first.reply);
        }
    }

    private void release(Running request) {
        heldBytes -= request.bytes;
        request.bytes = 0;
    }

    private static final class Running {
        private final boolean produce;
        private int bytes;
        private @Nullable Reply reply;

        private Running(boolean produce, int bytes) {
            this.produce = produce;
            this.bytes = bytes;
        }
    }
}
