/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Reply;
import io.levada.broker.api.Session;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client connection: socket, {@link FrameReader} and {@link Pipeline} put together. Owned by its event loop. */
final class Connection {
    private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);
    // Above this, nothing new is started for a client until it has read: file slices count, though they take no memory.
    private static final long UNSENT_MAX_BYTES = 1024 * 1024;
    private final NetSocketInternal socket;
    private final Context eventLoop;
    private final Session session;
    private final FrameReader frames;
    private final Pipeline pipeline;
    private long unsentBytes;
    private int pauses;
    private boolean trusted;
    private boolean paused;
    private boolean closing;
    private boolean closed;

    Connection(
            NetSocketInternal socket, Context eventLoop, Session session, Dispatcher dispatcher, FrameLimits limits) {
        this.socket = socket;
        this.eventLoop = eventLoop;
        this.session = session;
        this.frames = new FrameReader(limits);
        this.pipeline = new Pipeline(
                frame -> dispatcher.dispatch(frame, session),
                task -> eventLoop.runOnContext(ignored -> task.run()),
                this::reply);
        socket.handler(this::received);
    }

    /** Whether a first valid request has come: from then on the client may take its time. */
    boolean isTrusted() {
        return trusted;
    }

    void close() {
        closing = true;
        pipeline.stop();
        socket.close();
    }

    /** Reads nothing more, answers what is in flight, then closes. */
    void finish() {
        closing = true;
        socket.pause();
        pipeline.stop();
        closeWhenDone();
    }

    /** To be called once the socket is gone. */
    void disconnected() {
        closed = true;
        pipeline.stop();
    }

    private void received(Buffer data) {
        if (closing) {
            return;
        }
        try {
            frames.feed(((BufferInternal) data).getByteBuf().nioBuffer(), pipeline::add);
        } catch (InvalidFrameException e) {
            hangUp(String.valueOf(e.getMessage()));
            return;
        }
        proceed();
    }

    private void proceed() {
        if (unsentBytes <= UNSENT_MAX_BYTES && pauses == 0) {
            pipeline.advance();
        }
        if (closing) {
            closeWhenDone();
        } else if (pipeline.isFull() != paused) {
            pauseOrResume();
        }
    }

    private void pauseOrResume() {
        paused = !paused;
        if (paused) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    private void reply(Reply reply) {
        if (closed) {
            return;
        }
        if (reply instanceof Reply.Answer answer) {
            trusted = true;
            frames.trust();
            if (answer.pauseMs() > 0) {
                pause(answer.pauseMs());
            }
            sendOrHangUp(answer);
            return;
        }
        if (reply instanceof Reply.HangUp hangUp) {
            hangUp(hangUp.reason());
            return;
        }
        proceed();
    }

    /** Starts nothing more until the time is over that the client was told to pause, whether or not it does (KIP-219). */
    private void pause(int ms) {
        pauses++;
        eventLoop.owner().setTimer(ms, ignored -> {
            pauses--;
            if (!closed) {
                proceed();
            }
        });
    }

    private void sendOrHangUp(Reply.Answer answer) {
        ResponseParts response;
        try {
            response = ResponseParts.of(answer.bytes());
        } catch (RuntimeException e) {
            // An answer that cannot be written would leave the client waiting for ever.
            LOGGER.atError()
                    .addKeyValue("api", answer.context().header.apiKey())
                    .addKeyValue("version", answer.context().apiVersion())
                    .setCause(e)
                    .log("answer could not be written");
            close();
            return;
        }
        send(response);
        proceed();
    }

    private void send(ResponseParts response) {
        unsentBytes += response.bytes();
        List<Object> parts = response.parts();
        Future<Void> last = Future.succeededFuture();
        for (Object part : parts) {
            last = socket.writeMessage(part);
        }
        last.onComplete(done -> {
            unsentBytes -= response.bytes();
            if (done.succeeded()) {
                proceed();
            } else {
                close();
            }
        });
    }

    private void closeWhenDone() {
        if (pipeline.isIdle() && unsentBytes == 0) {
            socket.close();
        }
    }

    private void hangUp(String reason) {
        LOGGER.atDebug()
                .addKeyValue("client", session.address())
                .addKeyValue("error", reason)
                .log("connection closed: what it sent is no request");
        close();
    }
}
