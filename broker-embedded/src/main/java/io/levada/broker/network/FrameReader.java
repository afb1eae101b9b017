/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames: four bytes of size, big endian, then that many bytes.
 *
 * <p>A frame that arrives in one piece is a slice of what arrived. Otherwise it is gathered in an array that grows with what has come, so that an
 * announced size costs nothing. Owned by its connection's event loop.
 */
final class FrameReader {
    private static final int SIZE_BYTES = 4;
    private static final int FIRST_ALLOCATION_BYTES = 4 * 1024;
    private final ConnectionSettings.Frames limits;
    private final ByteBuffer size = ByteBuffer.allocate(SIZE_BYTES);
    private boolean trusted;
    private @Nullable ByteBuffer gathered;

    FrameReader(ConnectionSettings.Frames limits) {
        this.limits = limits;
    }

    /** From now on frames may be as large as the later limit: the peer has shown that it speaks Kafka's protocol. */
    void trust() {
        trusted = true;
    }

    /** Takes what arrived and hands on every frame that is whole now. {@code data} must not be reused: frames are slices of it. */
    void feed(ByteBuffer data, Consumer<ByteBuffer> frames) throws Invalid {
        while (data.hasRemaining()) {
            if (!knowsSize(data)) {
                return;
            }
            ByteBuffer frame = take(data, size.getInt(0));
            if (frame == null) {
                return;
            }
            size.clear();
            frames.accept(frame);
        }
    }

    private boolean knowsSize(ByteBuffer data) throws Invalid {
        if (!size.hasRemaining()) {
            return true;
        }
        while (size.hasRemaining() && data.hasRemaining()) {
            size.put(data.get());
        }
        if (size.hasRemaining()) {
            return false;
        }
        check(size.getInt(0));
        return true;
    }

    private void check(int announced) throws Invalid {
        int limit = trusted ? limits.later() : limits.first();
        if (announced < 0 || announced > limit) {
            throw new Invalid("a request of " + announced + " bytes is announced, 0 to " + limit + " are taken");
        }
    }

    private @Nullable ByteBuffer take(ByteBuffer data, int frameBytes) {
        if (gathered == null && data.remaining() >= frameBytes) {
            ByteBuffer whole = data.slice(data.position(), frameBytes);
            data.position(data.position() + frameBytes);
            return whole;
        }
        ByteBuffer target = roomFor(Math.min(data.remaining(), frameBytes - gatheredBytes()), frameBytes);
        int missing = Math.min(data.remaining(), frameBytes - target.position());
        target.put(data.slice(data.position(), missing));
        data.position(data.position() + missing);
        if (target.position() < frameBytes) {
            gathered = target;
            return null;
        }
        gathered = null;
        return target.flip();
    }

    /** The announced size of a frame that has come in part; 0 if there is none. */
    int underWayBytes() {
        return gathered == null ? 0 : size.getInt(0);
    }

    /** The memory taken for a frame that has come in part. */
    int heldBytes() {
        return gathered == null ? 0 : gathered.capacity();
    }

    private int gatheredBytes() {
        return gathered == null ? 0 : gathered.position();
    }

    private ByteBuffer roomFor(int more, int frameBytes) {
        ByteBuffer old = gathered;
        int needed = gatheredBytes() + more;
        if (old != null && old.capacity() >= needed) {
            return old;
        }
        long doubled = Math.max(FIRST_ALLOCATION_BYTES, 2L * needed);
        ByteBuffer grown = ByteBuffer.allocate((int) Math.min(frameBytes, doubled));
        return old == null ? grown : grown.put(old.flip());
    }

    /** What a client sent is not a frame we take; the connection must be closed. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        private Invalid(String message) {
            super(message);
        }
    }
}
