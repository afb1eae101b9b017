/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Takes what an encoder writes, up to a bound. What would go past that is dropped and remembered, not refused: an encoder that is closed after a failure
 * would write again, and keep what it holds outside of the heap.
 */
final class BoundedBytes extends ByteBufferOutputStream {
    private final int bytesMax;
    private boolean over;

    BoundedBytes(int initialBytes, int bytesMax) {
        super(Math.min(initialBytes, bytesMax));
        this.bytesMax = bytesMax;
    }

    /** Whether something was dropped. */
    boolean isOver() {
        return over;
    }

    /** What was written so far; shares its bytes with this. */
    ByteBuffer content() {
        return buffer().duplicate().flip();
    }

    private boolean takes(int bytes) {
        over |= bytes > bytesMax - position();
        return !over;
    }

    @Override
    public void write(int b) {
        if (takes(1)) {
            super.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int off, int len) {
        if (takes(len)) {
            super.write(bytes, off, len);
        }
    }

    @Override
    public void write(ByteBuffer source) {
        if (takes(source.remaining())) {
            super.write(source);
        }
    }
}
