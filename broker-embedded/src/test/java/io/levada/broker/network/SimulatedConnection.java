/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.api.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** The broker's end of a connection without a socket: its real {@link Pipeline} decides what runs when, and in which order replies leave. */
public final class SimulatedConnection {
    private final Pipeline pipeline;
    private final Consumer<Reply> replies;

    /**
     * A connection.
     *
     * @param start works a frame off
     * @param loop the event loop
     * @param replies takes the replies, on the event loop
     */
    public SimulatedConnection(
            Function<ByteBuffer, CompletableFuture<Reply>> start, Executor loop, Consumer<Reply> replies) {
        this.pipeline = new Pipeline(start, loop::execute, this::reply);
        this.replies = replies;
    }

    /** A frame has come, without its leading size. */
    public void receive(ByteBuffer frame) {
        pipeline.add(frame);
        pipeline.advance();
    }

    /** The other end is gone. */
    public void disconnected() {
        pipeline.stop();
    }

    private void reply(Reply reply) {
        replies.accept(reply);
        pipeline.advance();
    }
}
