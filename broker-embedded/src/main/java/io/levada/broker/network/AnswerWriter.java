/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes answers to a socket, in the order they are given.
 *
 * <p>On a plain connection slices of log files go to the kernel as they are (sendfile). Where the bytes have to pass through the process, as TLS wants it,
 * they are read in chunks on a worker thread, the next when the one before is written: one chunk per connection is in memory, and no event loop waits for a
 * disk. Owned by the connection's event loop.
 */
final class AnswerWriter {
    private static final int CHUNK_BYTES = 128 * 1024;
    private final NetSocketInternal socket;
    private final Context eventLoop;
    private final boolean sendfile;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean writing;

    /**
     * The writer of a connection.
     *
     * @param sendfile whether the kernel may copy from files to the socket by itself
     */
    AnswerWriter(NetSocketInternal socket, Context eventLoop, boolean sendfile) {
        this.socket = socket;
        this.eventLoop = eventLoop;
        this.sendfile = sendfile;
    }

    /** Writes {@code answer}; the future completes, on the event loop, when it has left. */
    Future<Void> write(ResponseParts answer) {
        if (sendfile) {
            Future<Void> last = Future.succeededFuture();
            for (Object part : answer.parts()) {
                last = socket.writeMessage(part);
            }
            return last;
        }
        Promise<Void> done = Promise.promise();
        waiting.add(new Waiting(new ArrayDeque<>(answer.parts()), done));
        if (!writing) {
            writing = true;
            next();
        }
        return done.future();
    }

    private void next() {
        Waiting answer = waiting.peek();
        if (answer == null) {
            writing = false;
            return;
        }
        Object part = answer.parts.poll();
        if (part == null) {
            waiting.remove();
            answer.done.complete();
            next();
        } else if (part instanceof FileSlice slice) {
            chunk(slice, answer);
        } else {
            goOn(socket.writeMessage(part), answer);
        }
    }

    private void chunk(FileSlice slice, Waiting answer) {
        Future<ByteBuf> read = eventLoop.owner().executeBlocking(() -> slice.read(CHUNK_BYTES), false);
        goOn(
                read.compose(bytes -> {
                    if (slice.transferred() < slice.count()) {
                        answer.parts.addFirst(slice);
                    }
                    return socket.writeMessage(bytes);
                }),
                answer);
    }

    private void goOn(Future<Void> written, Waiting answer) {
        written.onComplete(result -> {
            if (result.succeeded()) {
                next();
            } else {
                // What follows cannot be told from the rest of this answer: the connection ends with it.
                waiting.clear();
                answer.done.fail(result.cause());
            }
        });
    }

    private record Waiting(Deque<Object> parts, Promise<Void> done) {}
}
