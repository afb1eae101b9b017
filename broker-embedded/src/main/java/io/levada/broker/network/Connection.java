/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Reply;
import io.levada.broker.api.Session;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client connection: socket, {@link FrameReader} and {@link Pipeline} put together. Owned by its event loop. */
final class Connection {
    private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);
    // Above these, nothing new is started for a client until it has read. A slice of a file takes no memory, and is
    // bounded all the same.
    private static final long UNSENT_BYTES_MAX = 1024 * 1024;
    private static final long UNSENT_MEMORY_BYTES_MAX = 64 * 1024;
    private final NetSocketInternal socket;
    private final Context eventLoop;
    private final Session session;
    private final FrameReader frames;
    private final Pipeline pipeline;
    private final AnswerWriter answers;
    private final RequestMemory.Share memory;
    private long receivedBytes;
    private long unsentBytes;
    private long unsentMemoryBytes;
    private int pauses;
    private boolean trusted;
    private boolean paused;
    private boolean closing;
    private boolean closed;

    /** What the connections of a server share. */
    record Server(Context eventLoop, Dispatcher dispatcher, ConnectionSettings.Frames frames, RequestMemory memory) {}

    Connection(NetSocketInternal socket, Session session, Server server, boolean sendfile) {
        Dispatcher dispatcher = server.dispatcher();
        this.eventLoop = server.eventLoop();
        this.socket = socket;
        this.session = session;
        this.frames = new FrameReader(server.frames());
        this.pipeline = new Pipeline(
                frame -> dispatcher.dispatch(frame, session),
                task -> eventLoop.runOnContext(ignored -> task.run()),
                this::reply);
        this.answers = new AnswerWriter(socket, eventLoop, sendfile);
        this.memory = server.memory()
                .share(
                        () -> eventLoop.runOnContext(ignored -> proceed()),
                        () -> eventLoop.runOnContext(ignored -> cutOff()));
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
        memory.closed(pipeline.heldBytes());
    }

    private void cutOff() {
        LOGGER.atWarn()
                .addKeyValue("client", session.address())
                .addKeyValue("clientId", session.clientId())
                .log(
                        "connection closed: it stopped in the middle of a request while others wait for the memory that this takes");
        close();
    }

    private void received(Buffer data) {
        if (closing) {
            return;
        }
        receivedBytes += data.length();
        try {
            frames.feed(((BufferInternal) data).getByteBuf().nioBuffer(), pipeline::add);
        } catch (FrameReader.Invalid e) {
            hangUp(String.valueOf(e.getMessage()));
            return;
        }
        proceed();
    }

    private void proceed() {
        if (closed) {
            return;
        }
        if (unsentBytes <= UNSENT_BYTES_MAX && unsentMemoryBytes <= UNSENT_MEMORY_BYTES_MAX && pauses == 0) {
            pipeline.advance();
        }
        boolean memoryLeft =
                memory.holds(frames.heldBytes() + pipeline.heldBytes(), frames.underWayBytes(), receivedBytes);
        if (closing) {
            closeWhenDone();
        } else if ((pipeline.isFull() || !memoryLeft) != paused) {
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
            memory.closed(pipeline.heldBytes());
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
            proceed();
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
        unsentMemoryBytes += response.memoryBytes();
        answers.write(response).onComplete(done -> {
            unsentBytes -= response.bytes();
            unsentMemoryBytes -= response.memoryBytes();
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
