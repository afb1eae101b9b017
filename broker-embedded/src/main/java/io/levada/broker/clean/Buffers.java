/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** What one cleaning reads into and writes from. They go with the cleaning: an idle cleaner holds no memory. */
final class Buffers implements AutoCloseable {
    static final int BYTES = 256 * 1024;

    private final BufferSupplier decompression = BufferSupplier.create();
    private ByteBuffer input = ByteBuffer.allocate(BYTES);
    private ByteBuffer output = ByteBuffer.allocate(BYTES);

    ByteBuffer input() {
        return input;
    }

    /** For a batch that is larger than the buffer. */
    void growInput(int bytes) {
        input = ByteBuffer.allocate(bytes);
    }

    ByteBuffer output() {
        return output.clear();
    }

    /** Kafka's filter gives another buffer back when the one it got was too small. */
    void keepOutput(ByteBuffer larger) {
        output = larger;
    }

    BufferSupplier decompression() {
        return decompression;
    }

    @Override
    public void close() {
        decompression.close();
    }
}
